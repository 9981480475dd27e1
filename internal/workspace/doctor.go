package workspace

import (
	"context"
	"fmt"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// Doctor looks at everything that is kept: the catalogue, the bytes of every matrix and dataset (hashed), the
// checksums of tables and comparisons, files that nothing refers to, and the indices in the cluster. With fix it mends what can be mended
// without losing anything: what can be made again is dropped, what is in the trash is brought back, a damaged file
// is set aside so that the same content can be added again. It gives the report of that check, once it is there,
// or the job.
func (w *Workspace) Doctor(ctx context.Context, fix bool, key string) (wire.DoctorReply, error) {
	if report, ok := w.checks.get(key); ok && key != "" {
		return wire.DoctorReply{Report: &report}, nil
	}
	key = token()
	job, err := w.jobs.Submit(jobs.Wanted{Kind: "doctor", Title: "check of everything kept", Same: fmt.Sprint(fix)}, func(ctx context.Context, report jobs.Report) (string, error) {
		found, err := w.examine(ctx, fix, report)
		if err == nil {
			w.checks.put(key, found)
		}
		return key, err
	})
	return wire.DoctorReply{Job: &job}, err
}

// examination is one run of the doctor.
type examination struct {
	w      *Workspace
	fix    bool
	report wire.DoctorReport
}

func (w *Workspace) examine(ctx context.Context, fix bool, tell jobs.Report) (wire.DoctorReport, error) {
	e := &examination{w: w, fix: fix, report: wire.DoctorReport{Findings: []wire.Finding{}}}
	faults, err := w.book.Integrity(ctx)
	if err != nil {
		return e.report, err
	}
	for _, fault := range faults {
		e.found("catalogue", "vectory.db", fault, "")
	}
	if err := e.files(ctx, tell); err != nil {
		return e.report, err
	}
	if w.untidy.Load() { // what was deleted meanwhile, and had to wait for us
		if _, err := w.tidy(ctx); err != nil {
			return e.report, err
		}
	}
	orphans, err := w.orphans(ctx)
	if err != nil {
		return e.report, err
	}
	if orphans > 0 {
		mended := ""
		if fix {
			removed, err := w.tidy(ctx)
			if err != nil {
				return e.report, err
			}
			if removed > 0 {
				mended = "moved to the trash"
			}
		}
		e.found("file", count(orphans, "file"), "no entry of the catalogue refers to it", mended)
	}
	if err := e.indices(ctx, tell); err != nil {
		return e.report, err
	}
	e.report.Sound = !slices.ContainsFunc(e.report.Findings, func(f wire.Finding) bool { return f.Mended == nil })
	return e.report, nil
}

// files checks every file that something refers to. Nothing is swept away meanwhile, or what is deleted would be missed.
func (e *examination) files(ctx context.Context, tell jobs.Report) error {
	e.w.adding.RLock()
	defer e.w.adding.RUnlock()
	wanted, err := e.w.wanted(ctx)
	if err != nil {
		return err
	}
	total := 0
	for _, names := range wanted {
		total += len(names)
	}
	for _, kind := range []string{"arrays", "datasets", "neighbours", "comparisons", "layouts"} {
		for _, name := range sortedNames(wanted[kind]) {
			tell("checking "+kind, float64(e.report.Files)/float64(max(total, 1)))
			if err := e.file(ctx, kind, name); err != nil {
				return err
			}
			e.report.Files++
		}
	}
	return nil
}

func sortedNames(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for name := range set {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func (e *examination) found(kind, name, problem, mended string) {
	f := wire.Finding{Kind: kind, Name: name, Problem: problem}
	if mended != "" {
		f.Mended = &mended
	}
	e.report.Findings = append(e.report.Findings, f)
}

// file checks one file and mends it if it may.
func (e *examination) file(ctx context.Context, kind, name string) error {
	fault, err := e.w.files.Check(ctx, kind, name)
	if err != nil || fault == "" {
		return err
	}
	mended := ""
	if e.fix {
		if mended, err = e.mend(ctx, kind, name); err != nil {
			return err
		}
	}
	what, owners := map[string]string{"arrays": "matrix", "datasets": "dataset", "neighbours": "neighbour table", "comparisons": "comparison", "layouts": "layout"}[kind], name[:12]
	if kind == "arrays" || kind == "datasets" {
		if owners, err = e.owners(ctx, kind, name); err != nil {
			return err
		}
		if mended == "" {
			fault += "; add the same file again to bring it back, or delete it"
		}
	}
	e.found(what, owners, fault, mended)
	return nil
}

// owners names the spaces or datasets that need the file.
func (e *examination) owners(ctx context.Context, kind, name string) (owners string, err error) {
	var list []string
	err = e.w.book.View(ctx, func(tx Tx) error {
		spaces, err := tx.Spaces()
		if err != nil {
			return err
		}
		datasets, err := tx.Datasets()
		for _, s := range spaces {
			if kind == "arrays" && s.SHA256 == name {
				list = append(list, s.Name)
			}
		}
		for _, d := range datasets {
			if kind == "datasets" && d.SHA256 == name {
				list = append(list, d.Name)
			}
		}
		return err
	})
	if len(list) == 0 {
		return "a former version (" + name[:12] + ")", err
	}
	return list[0], err
}

// mend does what loses nothing. "" says that it could not.
func (e *examination) mend(ctx context.Context, kind, name string) (string, error) {
	w := e.w
	switch kind {
	case "neighbours":
		if err := w.files.SetAside(kind, name); err != nil {
			return "", err
		}
		return "forgotten: it is made again when it is needed", w.book.Update(ctx, func(tx Tx) error {
			return tx.ForgetTable(name)
		})
	case "layouts":
		if err := w.files.SetAside(kind, name); err != nil {
			return "", err
		}
		return "forgotten: lay it out again", w.book.Update(ctx, func(tx Tx) error { _, err := tx.DeleteLayout(name); return err })
	case "comparisons":
		if err := w.files.SetAside(kind, name); err != nil {
			return "", err
		}
		return "forgotten: compare again", w.book.Update(ctx, func(tx Tx) error { _, err := tx.DeleteComparison(name); return err })
	}
	back, err := w.files.Recover(ctx, kind, name)
	if err != nil {
		return "", err
	}
	if back {
		return "brought back from the trash", nil
	}
	return "", w.files.SetAside(kind, name)
}

// Backup writes everything into a new folder: hard links of the files where the disk is the same, a consistent copy of
// the catalogue, and last a manifest that names every file with its size and hash.
func (w *Workspace) Backup(ctx context.Context, folder string) (wire.Backup, error) {
	if folder == "" {
		return wire.Backup{}, catalog.Errorf(catalog.Invalid, "no folder is named for the backup")
	}
	w.adding.RLock() // nothing is swept away meanwhile
	defer w.adding.RUnlock()
	return w.files.Backup(ctx, folder, w.book)
}
