// Package client speaks the HTTP API of the daemon. The command line uses nothing else, so that what a
// command can do, a script can do too. Errors come back as catalog.Error, as the daemon made them.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// Client talks to one daemon. It may be used from any goroutine.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// New makes a client of the daemon at base, e.g. "http://127.0.0.1:4711". Proxies are never used.
func New(base, token string) *Client {
	return &Client{base: base, token: token, http: &http.Client{Transport: &http.Transport{Proxy: nil, ExpectContinueTimeout: 5 * time.Second}}}
}

// body is what a request carries.
type body struct {
	kind string
	r    io.Reader
	size int64
}

// do sends a request and decodes the reply into out (nil: it is thrown away).
func (c *Client) do(ctx context.Context, method, path string, query url.Values, b *body, out any) error {
	target := c.base + "/api/v1/" + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	var r io.Reader
	if b != nil {
		r = b.r
	}
	request, err := http.NewRequestWithContext(ctx, method, target, r)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	if b != nil {
		request.Header.Set("Content-Type", b.kind)
		request.ContentLength = b.size
		if b.size > 1<<20 {
			// Let the daemon refuse before the body is sent.
			request.Header.Set("Expect", "100-continue")
		}
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return c.unreachable(ctx, err)
	}
	defer answer.Body.Close()
	if err := checkAPI(answer.Header); err != nil {
		return err
	}
	if answer.StatusCode >= 400 {
		return readError(answer)
	}
	if out == nil {
		return nil
	}
	switch out := out.(type) {
	case *[]byte:
		*out, err = io.ReadAll(answer.Body)
		return err
	case io.Writer:
		_, err = io.Copy(out, answer.Body)
		return err
	}
	return json.NewDecoder(answer.Body).Decode(out)
}

func (c *Client) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &catalog.Error{Code: catalog.Canceled, Message: "interrupted", Err: ctx.Err()}
	}
	var known *catalog.Error
	if errors.As(err, &known) {
		return known
	}
	return &catalog.Error{Code: catalog.Unavailable, Message: "the daemon at " + c.base + " does not answer: " + lastCause(err).Error(),
		Hint: "start it again with vectory up; vectory logs tells what happened", Err: err}
}

func lastCause(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

// checkAPI refuses a daemon that speaks another API.
func checkAPI(h http.Header) error {
	api, err := strconv.Atoi(h.Get(wire.HeaderAPI))
	if err == nil && api == wire.API {
		return nil
	}
	return catalog.Errorf(catalog.Conflict, "the daemon is version %s (API %s), this is %s (API %d)", h.Get(wire.HeaderVersion), h.Get(wire.HeaderAPI), wire.Version, wire.API).
		WithHint("install the same version on both sides, then: vectory stop && vectory up")
}

func readError(answer *http.Response) error {
	var e wire.ErrorReply
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if json.Unmarshal(text, &e) != nil || e.Error.Code == "" {
		return catalog.Errorf(catalog.Internal, "the daemon answered %s", answer.Status)
	}
	return &catalog.Error{Code: e.Error.Code, Message: e.Error.Message, Hint: e.Error.Hint}
}

func jsonBody(v any) (*body, error) {
	text, err := json.Marshal(v)
	return &body{kind: "application/json", r: bytes.NewReader(text), size: int64(len(text))}, err
}

func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	return c.do(ctx, http.MethodGet, path, query, nil, out)
}

// Kind is a collection of tracked things.
type Kind string

// The collections.
const (
	Datasets    Kind = "datasets"
	Experiments Kind = "experiments"
	Spaces      Kind = "spaces"
)

func (k Kind) item(name string) string { return string(k) + "/" + url.PathEscape(name) }

// List gives datasets, experiments, spaces and indices.
func (c *Client) List(ctx context.Context) (all wire.Lists, err error) {
	for _, kind := range []Kind{Datasets, Experiments, Spaces, "indices"} {
		if err := c.get(ctx, string(kind), nil, &all); err != nil {
			return all, err
		}
	}
	return all, nil
}

// Show fills out with one thing in full.
func (c *Client) Show(ctx context.Context, kind Kind, name string, out any) error {
	return c.get(ctx, kind.item(name), nil, out)
}

// ExportSpace writes a space as .npy (format ""), "csv" or "parquet".
func (c *Client) ExportSpace(ctx context.Context, name, format string, to io.Writer) error {
	return c.do(ctx, http.MethodGet, Spaces.item(name)+"/vectors", values("format", format), nil, to)
}

// ExportComparison writes the rows of a comparison as "csv" or "parquet"; columns "": those that are there at once.
func (c *Client) ExportComparison(ctx context.Context, key, format, columns string, to io.Writer) error {
	return c.do(ctx, http.MethodGet, "comparisons/"+url.PathEscape(key)+"/rows", values("format", format, "column", columns), nil, to)
}

// Experiments gives those that fit all conditions of where.
func (c *Client) Experiments(ctx context.Context, where string) (list wire.Experiments, err error) {
	err = c.get(ctx, string(Experiments), url.Values{"where": {where}}, &list)
	return list, err
}

// Changes tells what differs between two spaces and what made them.
func (c *Client) Changes(ctx context.Context, from, to string) (changes wire.Changes, err error) {
	err = c.get(ctx, Spaces.item(from)+"/changes", url.Values{"to": {to}}, &changes)
	return changes, err
}

// Delete removes a thing; with dryRun it tells what would go.
func (c *Client) Delete(ctx context.Context, kind Kind, name string, recursive, dryRun bool) (d wire.Deleted, err error) {
	query := url.Values{"recursive": {strconv.FormatBool(recursive)}, "dry_run": {strconv.FormatBool(dryRun)}}
	err = c.do(ctx, http.MethodDelete, kind.item(name), query, nil, &d)
	return d, err
}

// values drops what was not said.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}

func flag(yes bool) string {
	if yes {
		return "true"
	}
	return ""
}

// carry is do for a body that may be a file: a daemon that finds the very same file under its path reads it itself; else,
// and where b is no file, the bytes are sent.
func (c *Client) carry(ctx context.Context, method, path string, query url.Values, b *body, out any) error {
	file, ok := b.r.(*os.File)
	if !ok {
		return c.do(ctx, method, path, query, b, out)
	}
	name, err := filepath.Abs(file.Name())
	if err != nil {
		return err
	}
	if mark, err := wire.FileMark(file); err == nil {
		named := maps.Clone(query)
		named.Set("path", name)
		named.Set("mark", mark)
		err := c.do(ctx, method, path, named, &body{kind: b.kind, r: http.NoBody}, out)
		if catalog.CodeOf(err) != catalog.Unavailable {
			return err
		}
	}
	return c.do(ctx, method, path, query, b, out)
}

// AddDataset sends a CSV of size bytes.
func (c *Client) AddDataset(ctx context.Context, req wire.AddDataset, csv io.Reader, size int64) (added wire.AddedDataset, err error) {
	query := values("name", req.Name, "id_field", req.IDField, "media_root", req.MediaRoot, "part_of", req.PartOf, "replace", flag(req.Replace), "staged", flag(req.Staged))
	if req.IDFieldIndex != nil {
		query.Set("id_field_idx", strconv.Itoa(*req.IDFieldIndex))
	}
	err = c.carry(ctx, http.MethodPost, "datasets", query, &body{"text/csv", csv, size}, &added)
	return added, err
}

// AddExperiment tracks an experiment.
func (c *Client) AddExperiment(ctx context.Context, req wire.AddExperiment) (added wire.AddedExperiment, err error) {
	b, err := jsonBody(req)
	if err != nil {
		return added, err
	}
	err = c.do(ctx, http.MethodPost, string(Experiments), nil, b, &added)
	return added, err
}

// AddSpace sends a matrix of size bytes, in any of the formats that are read.
func (c *Client) AddSpace(ctx context.Context, req wire.AddSpace, array io.Reader, size int64) (added wire.AddedSpace, err error) {
	query := values("dataset", req.Dataset, "staged_dataset", req.StagedDataset, "experiment", req.Experiment, "model", req.Model,
		"train_dataset", req.TrainDataset, "params", req.Params, "git_commit", req.GitCommit, "environment", req.Environment, "array", req.Array, "dtype", req.Dtype, "metric", req.Metric, "replace", flag(req.Replace))
	if req.Dims != 0 {
		query.Set("dims", strconv.Itoa(req.Dims))
	}
	if req.Step != nil {
		query.Set("step", strconv.FormatInt(*req.Step, 10))
	}
	err = c.carry(ctx, http.MethodPut, Spaces.item(req.Name), query, &body{"application/octet-stream", array, size}, &added)
	return added, err
}

// Neighbours asks for those of a row or an id.
func (c *Client) Neighbours(ctx context.Context, space string, query url.Values) (n wire.Neighbours, err error) {
	err = c.get(ctx, Spaces.item(space)+"/neighbours", query, &n)
	return n, err
}

// Compare compares two spaces and waits for the result. progress is told where a running job is. When
// ctx ends, the job is canceled.
func (c *Client) Compare(ctx context.Context, req wire.CompareRequest, progress func(wire.Job)) (comparison wire.Comparison, err error) {
	b, err := jsonBody(req)
	if err != nil {
		return comparison, err
	}
	var answer wire.CompareReply
	if err := c.do(ctx, http.MethodPost, "comparisons", nil, b, &answer); err != nil {
		return comparison, err
	}
	if answer.Comparison != nil {
		return *answer.Comparison, nil
	}
	key, err := c.waitFor(ctx, *answer.Job, progress)
	if err != nil {
		return comparison, err
	}
	err = c.get(ctx, "comparisons/"+key, nil, &comparison)
	return comparison, err
}

// Grade asks for the quality of a space and waits for it, as Compare does.
func (c *Client) Grade(ctx context.Context, space string, query url.Values, progress func(wire.Job)) (grade wire.Grade, err error) {
	for {
		var answer wire.GradeReply
		if err := c.get(ctx, Spaces.item(space)+"/grade", query, &answer); err != nil {
			return grade, err
		}
		if answer.Grade != nil {
			return *answer.Grade, nil
		}
		if _, err := c.waitFor(ctx, *answer.Job, progress); err != nil {
			return grade, err
		}
	}
}

// Floor asks how much runs of A's model differ, A of a kept comparison and those named with it, and waits for it, as Compare does.
func (c *Client) Floor(ctx context.Context, key, with string, progress func(wire.Job)) (floor wire.Floor, err error) {
	for {
		var answer wire.FloorReply
		if err := c.get(ctx, "comparisons/"+key+"/floor", url.Values{"with": {with}}, &answer); err != nil {
			return floor, err
		}
		if answer.Floor != nil {
			return *answer.Floor, nil
		}
		if _, err := c.waitFor(ctx, *answer.Job, progress); err != nil {
			return floor, err
		}
	}
}

// Drift asks whether b is drawn like a and waits for it, as Compare does.
func (c *Client) Drift(ctx context.Context, a, b string, progress func(wire.Job)) (drift wire.Drift, err error) {
	for {
		var answer wire.DriftReply
		if err := c.get(ctx, Spaces.item(a)+"/drift", url.Values{"to": {b}}, &answer); err != nil {
			return drift, err
		}
		if answer.Drift != nil {
			return *answer.Drift, nil
		}
		if _, err := c.waitFor(ctx, *answer.Job, progress); err != nil {
			return drift, err
		}
	}
}

// Measures lists what can be measured.
func (c *Client) Measures(ctx context.Context) (list wire.MeasureList, err error) {
	err = c.get(ctx, "measures", nil, &list)
	return list, err
}

func (c *Client) waitFor(ctx context.Context, job wire.Job, progress func(wire.Job)) (result string, err error) {
	for {
		switch job.State {
		case "done":
			return job.Result, nil
		case "failed", "canceled":
			return "", &catalog.Error{Code: job.Error.Code, Message: job.Error.Message, Hint: job.Error.Hint}
		}
		progress(job)
		if err := c.get(ctx, "jobs/"+job.ID, url.Values{"wait": {"20"}}, &job); err != nil {
			if ctx.Err() != nil {
				c.cancel(job.ID)
			}
			return "", err
		}
	}
}

// cancel ends a job whose asker has gone; nobody is left to tell of a failure.
func (c *Client) cancel(id string) {
	ctx, done := context.WithTimeout(context.Background(), 2*time.Second)
	defer done()
	_ = c.do(ctx, http.MethodDelete, "jobs/"+id, nil, nil, nil)
}

// Items gives the rows of a comparison that agree least ("worst") or most ("best") by a column ("": jaccard).
func (c *Client) Items(ctx context.Context, key, order, column string, limit int) (items wire.ComparisonItems, err error) {
	err = c.get(ctx, "comparisons/"+key+"/items", url.Values{"order": {order}, "column": {column}, "limit": {strconv.Itoa(limit)}}, &items)
	return items, err
}

// Comparisons lists the kept comparisons.
func (c *Client) Comparisons(ctx context.Context) (list wire.Comparisons, err error) {
	err = c.get(ctx, "comparisons", nil, &list)
	return list, err
}

// Jobs lists the jobs.
func (c *Client) Jobs(ctx context.Context) (list wire.Jobs, err error) {
	err = c.get(ctx, "jobs", nil, &list)
	return list, err
}

// Ticket asks for the address of the page; it opens once. compare is the key of a comparison, or "".
func (c *Client) Ticket(ctx context.Context, compare string) (ticket wire.Ticket, err error) {
	b, err := jsonBody(wire.TicketRequest{Compare: compare})
	if err != nil {
		return ticket, err
	}
	err = c.do(ctx, http.MethodPost, "tickets", nil, b, &ticket)
	return ticket, err
}

// Layout lays spaces out and waits for it.
func (c *Client) Layout(ctx context.Context, req wire.LayoutRequest, progress func(wire.Job)) (l wire.Layout, err error) {
	for {
		body, err := jsonBody(req)
		if err != nil {
			return l, err
		}
		var answer wire.LayoutReply
		if err := c.do(ctx, http.MethodPost, "layouts", nil, body, &answer); err != nil {
			return l, err
		}
		if answer.Job == nil {
			return *answer.Layout, nil
		}
		if _, err := c.waitFor(ctx, *answer.Job, progress); err != nil {
			return l, err
		}
	}
}

// Frame gives a column of a layout, an .npy file.
func (c *Client) Frame(ctx context.Context, id, column string) ([]byte, error) {
	var content []byte
	err := c.do(ctx, http.MethodGet, "layouts/"+url.PathEscape(id)+"/frame", url.Values{"column": {column}}, nil, &content)
	return content, err
}

// LayoutTable gives the ids and coordinates of a layout as "csv" or "parquet".
func (c *Client) LayoutTable(ctx context.Context, id, format string) ([]byte, error) {
	var content []byte
	err := c.do(ctx, http.MethodGet, "layouts/"+url.PathEscape(id)+"/table", values("format", format), nil, &content)
	return content, err
}

// Transform places the rows of an .npy of size bytes in a layout, as rows of one of its spaces ("": it has only one), and
// gives their coordinates, an .npy file.
func (c *Client) Transform(ctx context.Context, id, space string, array io.Reader, size int64) ([]byte, error) {
	var content []byte
	err := c.do(ctx, http.MethodPost, "layouts/"+url.PathEscape(id)+"/transform", values("space", space), &body{"application/octet-stream", array, size}, &content)
	return content, err
}

// Report gives a comparison as one HTML file, with the maps that are kept.
func (c *Client) Report(ctx context.Context, key string) ([]byte, error) {
	var content []byte
	err := c.do(ctx, http.MethodGet, "comparisons/"+url.PathEscape(key)+"/report", nil, nil, &content)
	return content, err
}

// LoadIndex copies a space into the search cluster and waits for it.
func (c *Client) LoadIndex(ctx context.Context, req wire.LoadRequest, progress func(wire.Job)) (ix catalog.Index, err error) {
	for {
		body, err := jsonBody(req)
		if err != nil {
			return ix, err
		}
		var answer wire.IndexReply
		if err := c.do(ctx, http.MethodPost, "indices", nil, body, &answer); err != nil {
			return ix, err
		}
		if answer.Job == nil {
			return *answer.Index, nil
		}
		if _, err := c.waitFor(ctx, *answer.Job, progress); err != nil {
			return ix, err
		}
	}
}

// Indices lists the indices as they stand in the cluster.
func (c *Client) Indices(ctx context.Context) (list wire.Indices, err error) {
	err = c.get(ctx, "indices", url.Values{"check": {"true"}}, &list)
	return list, err
}

// DeleteIndex removes an index.
func (c *Client) DeleteIndex(ctx context.Context, name string) (d wire.Deleted, err error) {
	err = c.do(ctx, http.MethodDelete, "indices/"+url.PathEscape(name), nil, nil, &d)
	return d, err
}

// Elastic tells how the search cluster is.
func (c *Client) Elastic(ctx context.Context) (e wire.Elastic, err error) {
	err = c.get(ctx, "elastic", nil, &e)
	return e, err
}

// Matrix compares every pair of some spaces and waits for it.
func (c *Client) Matrix(ctx context.Context, req wire.MatrixRequest, progress func(wire.Job)) (m wire.Matrix, err error) {
	for {
		body, err := jsonBody(req)
		if err != nil {
			return m, err
		}
		var answer wire.MatrixReply
		if err := c.do(ctx, http.MethodPost, "matrix", nil, body, &answer); err != nil {
			return m, err
		}
		if answer.Matrix != nil {
			return *answer.Matrix, nil
		}
		if _, err := c.waitFor(ctx, *answer.Job, progress); err != nil {
			return m, err
		}
	}
}

// Duplicates gives the largest groups of equal rows of a space.
func (c *Client) Duplicates(ctx context.Context, space string) (d wire.Duplicates, err error) {
	err = c.get(ctx, Spaces.item(space)+"/duplicates", nil, &d)
	return d, err
}

// History gives the newest events, of one name or ("") of all.
func (c *Client) History(ctx context.Context, name string, n int) (h wire.History, err error) {
	err = c.get(ctx, "history", url.Values{"name": {name}, "n": {strconv.Itoa(n)}}, &h)
	return h, err
}

// CollectGarbage empties the trash of what is a week old, or of all.
func (c *Client) CollectGarbage(ctx context.Context, all bool) (g wire.Garbage, err error) {
	err = c.do(ctx, http.MethodPost, "gc", url.Values{"all": {strconv.FormatBool(all)}}, nil, &g)
	return g, err
}

// Doctor checks everything that is kept, waits for it, and mends what it can if fix.
func (c *Client) Doctor(ctx context.Context, fix bool, progress func(wire.Job)) (report wire.DoctorReport, err error) {
	query := url.Values{"fix": {strconv.FormatBool(fix)}}
	for {
		var answer wire.DoctorReply
		if err := c.do(ctx, http.MethodPost, "doctor", query, nil, &answer); err != nil {
			return report, err
		}
		if answer.Report != nil {
			return *answer.Report, nil
		}
		job, err := c.waitFor(ctx, *answer.Job, progress)
		if err != nil {
			return report, err
		}
		query.Set("report", job)
	}
}

// Backup writes everything into a new folder of the daemon's machine.
func (c *Client) Backup(ctx context.Context, folder string) (b wire.Backup, err error) {
	body, err := jsonBody(wire.BackupRequest{Folder: folder})
	if err != nil {
		return b, err
	}
	err = c.do(ctx, http.MethodPost, "backups", nil, body, &b)
	return b, err
}

// Logs gives the last n lines of the daemon's log.
func (c *Client) Logs(ctx context.Context, n int) (logs wire.Logs, err error) {
	err = c.get(ctx, "logs", url.Values{"n": {strconv.Itoa(n)}}, &logs)
	return logs, err
}
