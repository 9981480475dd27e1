package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/lifecycle"
)

// log is `vectory log [NAME]`.
func (a *app) log() *cobra.Command {
	n := 50
	cmd := &cobra.Command{Use: "log [NAME]", Short: "List what happened: added, replaced, deleted, newest first", Args: func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usage("%s takes one name at most", cmd.CommandPath())
		}
		return nil
	},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			name := ""
			if len(args) == 1 {
				name = args[0]
			}
			h, err := c.History(cmd.Context(), name, n)
			return a.listing(h, err, func() {
				a.table("History", len(h.Events), "at what kind name detail", func(i int) []any {
					e := h.Events[i]
					return []any{e.At.Local().Format(time.DateTime), e.Verb, e.Kind, e.Name, e.Detail}
				})
			})
		}}
	cmd.Flags().IntVarP(&n, "lines", "n", n, "how many at most")
	return cmd
}

func (a *app) gc() *cobra.Command {
	all := false
	cmd := &cobra.Command{Use: "gc", Short: "Remove for good what was deleted more than seven days ago", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			g, err := c.CollectGarbage(cmd.Context(), all)
			return a.listing(g, err, func() {
				a.printf("removed %d files (%s) of the trash; %d files (%s) stay there\n", g.Removed, bytesText(g.RemovedBytes), g.Kept, bytesText(g.KeptBytes))
			})
		}}
	cmd.Flags().BoolVar(&all, "all", false, "empty the trash, however young")
	return cmd
}

// bytesText is a size for a person.
func bytesText(n int64) string {
	switch {
	case n < 1e6:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.2f GB", float64(n)/1e9)
}

func errUnsound(fix bool) error {
	if fix {
		return catalog.Errorf(catalog.Internal, "something is wrong that could not be mended").WithHint("add the files named above again, or delete what needs them")
	}
	return catalog.Errorf(catalog.Internal, "something is wrong").WithHint("vectory doctor --fix mends what can be mended")
}

func (a *app) doctor() *cobra.Command {
	fix := false
	cmd := &cobra.Command{Use: "doctor", Short: "Check every byte that is kept, and mend what can be mended", Args: exactly(0, "no arguments"),
		Long: `Check the catalogue, the hash of every matrix and dataset, the checksums of everything derived, look for files
that nothing refers to, and compare the indices with those in the cluster. With --fix, what can be made again is dropped, what lies in the trash is brought back,
a damaged file is set aside so that the same content can be added again, and indices that are not in the cluster as
they should be are loaded again. Exit code 1 when something stays wrong.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			show, done := a.progress()
			report, err := c.Doctor(cmd.Context(), fix, show)
			done()
			err = a.listing(report, err, func() {
				for _, f := range report.Findings {
					a.printf("%s '%s' %s\n", f.Kind, f.Name, f.Problem)
					if f.Mended != nil {
						a.printf("  mended: %s\n", *f.Mended)
					}
				}
				a.printf("%s checked, %s\n", plural(report.Files, "file"), plural(len(report.Findings), "finding"))
			})
			if err == nil && !report.Sound {
				return errUnsound(fix)
			}
			return err
		}}
	cmd.Flags().BoolVar(&fix, "fix", false, "mend what can be mended without losing anything")
	return cmd
}

func (a *app) backup() *cobra.Command {
	return &cobra.Command{Use: "backup FOLDER", Short: "Write everything that is tracked into a new folder", Args: exactly(1, "a folder that does not exist yet"),
		Long: `Write everything into a new folder: a consistent copy of the catalogue, the files (hard links where the disk is the
same, so that it is quick and takes no room), and a manifest with every hash. The daemon goes on meanwhile.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, err := filepath.Abs(args[0])
			if err != nil {
				return err
			}
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			b, err := c.Backup(cmd.Context(), folder)
			return a.listing(b, err, func() {
				a.printf("backed up %d files (%s) to %s\n", b.Files, bytesText(b.Bytes), b.Folder)
			})
		}}
}

func (a *app) restore() *cobra.Command {
	verify := false
	cmd := &cobra.Command{Use: "restore FOLDER", Short: "Put a backup in place of what is tracked", Args: exactly(1, "the folder of a backup"),
		Long: `Check every byte of a backup, then put it in the home. What the home holds is moved into a folder beside it, never
lost. The daemon is stopped first. --verify checks only, and changes nothing.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			settings, err := lifecycle.Load(os.Getenv)
			if err != nil {
				return err
			}
			if !verify {
				if _, err := lifecycle.Stop(cmd.Context(), settings); err != nil {
					return err
				}
			}
			m, aside, err := restoreHome(cmd.Context(), settings, args[0], verify)
			return a.listing(map[string]any{"files": len(m.Files), "created_at": m.CreatedAt, "version": m.Version, "restored": !verify, "aside": aside}, err, func() {
				a.printf("%d files of %s are sound\n", len(m.Files), m.CreatedAt.Local().Format(time.DateTime))
				if verify {
					return
				}
				a.printf("restored to %s\n", settings.Home)
				if aside != "" {
					a.printf("  what was there is in %s\n", aside)
				}
			})
		}}
	cmd.Flags().BoolVar(&verify, "verify", false, "check the backup, and change nothing")
	return cmd
}

// plural counts things.
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
