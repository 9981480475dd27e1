package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search"
)

const (
	batchBytes = 8 << 20 // of a request: below every limit of a cluster
	maxTries   = 9
	firstPause = 200 * time.Millisecond
	longest    = 20 * time.Second
)

// Load sends rows first..n−1, which next gives, into the index; what next leaves out (ok false) is not sent. It returns when every row
// that was sent was taken, each answered for by itself: rows that the cluster is too busy for are sent again, after a
// pause that grows; a row that it refuses for good ends the load, and the error names it.
func (c *Cluster) Load(ctx context.Context, index string, n int, next func(row int) (doc search.Doc, ok bool, err error), how search.Loading) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	batches := make(chan batch)
	var wg sync.WaitGroup
	threads := how.Threads
	if threads < 1 {
		threads = 2
	}
	for range threads {
		wg.Go(func() {
			for b := range batches {
				if err := c.send(ctx, index, b); err != nil {
					stop(err)
					return
				}
				if how.Done != nil {
					how.Done(len(b.rows))
				}
			}
		})
	}
	err := fill(ctx, batches, n, next, how)
	close(batches)
	wg.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	if ctx.Err() != nil && err == nil {
		err = catalog.Errorf(catalog.Canceled, "the load was stopped: %w", context.Cause(ctx))
	}
	return err
}

// batch is some rows as they are sent: two lines each.
type batch struct {
	rows  []int
	lines [][]byte
}

// fill cuts the rows into batches.
func fill(ctx context.Context, batches chan<- batch, n int, next func(row int) (search.Doc, bool, error), how search.Loading) error {
	var b batch
	size := 0
	flush := func() bool {
		if len(b.rows) == 0 {
			return true
		}
		select {
		case batches <- b:
			b, size = batch{}, 0
			return true
		case <-ctx.Done():
			return false
		}
	}
	for row := range n {
		doc, ok, err := next(row)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		line := lines(doc, how.Numbers)
		if size+len(line) > batchBytes || how.Chunk > 0 && len(b.rows) >= how.Chunk {
			if !flush() {
				return nil
			}
		}
		b.rows, b.lines, size = append(b.rows, doc.Row), append(b.lines, line), size+len(line)
	}
	flush()
	return nil
}

// lines writes a row as the bulk request has it. Vectors go in decimals: version 8 takes no others.
func lines(d search.Doc, numbers map[string]bool) []byte {
	out := append([]byte(`{"index":{"_id":"`), strconv.Itoa(d.Row)...)
	out = append(out, "\"}}\n{\"row\":"...)
	out = strconv.AppendInt(out, int64(d.Row), 10)
	out = append(append(out, `,"id":`...), quoted(d.ID)...)
	if d.Vector != nil {
		out = append(out, `,"vec":[`...)
		for i, v := range d.Vector {
			if i > 0 {
				out = append(out, ',')
			}
			out = strconv.AppendFloat(out, float64(v), 'g', -1, 32)
		}
		out = append(out, ']')
	}
	if d.Hashes != nil {
		text, _ := json.Marshal(d.Hashes) // strings only
		out = append(append(out, `,"hash":`...), text...)
	}
	columns := map[string]any{}
	for name, value := range d.Columns {
		if value == "" {
			continue
		}
		if !numbers[name] {
			columns[name] = value
		} else if v, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			columns[name] = v
		}
	}
	text, _ := json.Marshal(columns) // strings and finite numbers only
	out = append(append(out, `,"column":`...), text...)
	return append(out, "}\n"...)
}

// send sends a batch until every row of it was taken.
func (c *Cluster) send(ctx context.Context, index string, b batch) error {
	pause := firstPause
	for try := 1; ; try++ {
		left, err := c.sendOnce(ctx, index, b)
		var known *catalog.Error
		switch {
		case err == nil && len(left.rows) == 0:
			return nil
		case errors.As(err, &known) && known.Code != catalog.Unavailable && known.Code != catalog.NoSpace && known.Code != catalog.TooLarge:
			return err
		case try == maxTries && err != nil:
			return err
		case try == maxTries:
			return catalog.Errorf(catalog.Unavailable, "Elasticsearch was too busy for %d rows, the first of them row %d, %d times", len(left.rows), left.rows[0], maxTries).WithHint("load again later, with fewer threads: -t 1")
		}
		if err == nil {
			b = left
		}
		select {
		case <-time.After(pause/2 + time.Duration(rand.Int64N(int64(pause)))): //nolint:gosec // a pause, not a secret
		case <-ctx.Done():
			return catalog.Errorf(catalog.Canceled, "the load was stopped: %w", context.Cause(ctx))
		}
		pause = min(2*pause, longest)
	}
}

// sendOnce gives the rows that have to be sent again.
func (c *Cluster) sendOnce(ctx context.Context, index string, b batch) (left batch, err error) {
	var reply struct {
		Errors bool `json:"errors"`
		Items  []map[string]struct {
			Status int   `json:"status"`
			Error  fault `json:"error"`
		} `json:"items"`
	}
	err = c.do(ctx, esapi.BulkRequest{Index: index, Body: bytes.NewReader(bytes.Join(b.lines, nil)), FilterPath: []string{"errors", "items.*.status", "items.*.error"}}, &reply)
	if err != nil || !reply.Errors && len(reply.Items) == len(b.rows) {
		return left, err
	}
	if len(reply.Items) != len(b.rows) {
		return left, catalog.Errorf(catalog.Unavailable, "Elasticsearch answered for %d of %d rows", len(reply.Items), len(b.rows))
	}
	for i, item := range reply.Items {
		for _, said := range item {
			switch {
			case said.Status < 300:
			case busy(said.Status):
				left.rows, left.lines = append(left.rows, b.rows[i]), append(left.lines, b.lines[i])
			default:
				err := translate(said.Status, said.Error)
				var known *catalog.Error
				if errors.As(err, &known) {
					known.Message = "row " + strconv.Itoa(b.rows[i]) + ": " + known.Message
				}
				return batch{}, err
			}
		}
	}
	return left, nil
}

// Finish makes the rows visible and checks that the cluster has as many as were sent.
func (c *Cluster) Finish(ctx context.Context, index string, rows int) error {
	if err := c.refresh(ctx, index); err != nil {
		return err
	}
	n, err := c.count(ctx, index)
	if err == nil && n != rows {
		err = catalog.Errorf(catalog.Unavailable, "the index has %d rows after %d were sent", n, rows).WithHint("load it again")
	}
	return err
}
