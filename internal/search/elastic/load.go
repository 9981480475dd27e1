package elastic

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search"
)

const (
	batchBytes = 8 << 20 // of a request: below every limit of a cluster
	batchRows  = 2000    // unless another number is asked for: of short rows a cluster takes smaller requests sooner
	firstPause = 200 * time.Millisecond
	longest    = 10 * time.Second
)

// Patience is how long a load waits for a cluster that takes no row in: a restart of a node takes less.
var Patience = 5 * time.Minute

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
	spare := make(chan []byte, threads+1)
	for range threads {
		wg.Go(func() {
			for b := range batches {
				clean, err := c.send(ctx, index, b, how.Waiting)
				if err != nil {
					stop(err)
					return
				}
				if clean {
					select {
					case spare <- b.body[:0]:
					default:
					}
				}
				if how.Done != nil {
					how.Done(len(b.rows))
				}
			}
		})
	}
	err := fill(ctx, batches, spare, n, next, how, c.takesBase64())
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

// batch is some rows as they are sent, one after another in body.
type batch struct {
	rows []int
	ends []int // of each row's bytes
	body []byte
	why  error // the first of them was not taken
}

func (b *batch) add(row int, doc []byte) {
	b.body = append(b.body, doc...)
	b.rows, b.ends = append(b.rows, row), append(b.ends, len(b.body))
}

// doc is that of the i-th row.
func (b *batch) doc(i int) []byte {
	from := 0
	if i > 0 {
		from = b.ends[i-1]
	}
	return b.body[from:b.ends[i]]
}

// part is a batch of the rows from..to−1, of bytes of its own.
func (b *batch) part(from, to int) batch {
	var p batch
	for i := from; i < to; i++ {
		p.add(b.rows[i], b.doc(i))
	}
	return p
}

// fill cuts the rows into batches. spare has room that batches have left.
func fill(ctx context.Context, batches chan<- batch, spare <-chan []byte, n int, next func(row int) (search.Doc, bool, error), how search.Loading, base64 bool) error {
	var b batch
	flush := func() bool {
		if len(b.rows) == 0 {
			return true
		}
		select {
		case batches <- b:
		case <-ctx.Done():
			return false
		}
		b = batch{}
		select {
		case b.body = <-spare:
		default:
		}
		return true
	}
	most := how.Chunk
	if most < 1 {
		most = batchRows
	}
	var one []byte
	for row := range n {
		doc, ok, err := next(row)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		one = appendDoc(one[:0], doc, how.Columns, base64)
		if len(b.body)+len(one) > batchBytes || len(b.rows) >= most {
			if !flush() {
				return nil
			}
		}
		if b.body == nil { // at once: to grow is to copy
			b.body = make([]byte, 0, min(batchBytes, len(one)*5/4*min(most, n-row)))
		}
		b.add(doc.Row, one)
	}
	flush()
	return nil
}

// appendDoc appends a row as the bulk request has it: what is to be done, and the document.
func appendDoc(out []byte, d search.Doc, columns []search.Column, base64 bool) []byte {
	out = append(smileName(append(append(out, smileHead...), smileObject), "index"), smileObject)
	out = smileString(smileName(out, "_id"), strconv.Itoa(d.Row))
	out = append(append(out, smileClose, smileClose, smileEnd), smileHead...)
	out = smileInt(smileName(append(out, smileObject), "row"), int32(d.Row)) //nolint:gosec // of a matrix
	out = smileString(smileName(out, "id"), d.ID)
	switch {
	case d.Vector == nil:
	case base64:
		out = smileBase64(smileName(out, "vec"), d.Vector)
	default:
		out = append(smileName(out, "vec"), smileArray)
		for _, value := range d.Vector {
			out = smileFloat(out, value)
		}
		out = append(out, smileFinish)
	}
	if d.Bits != nil {
		out = smileString(smileName(out, "bits"), hex.EncodeToString(d.Bits))
	}
	if d.Hashes != nil {
		out = append(smileName(out, "hash"), smileArray)
		for table, h := range d.Hashes {
			at := len(out)
			out = search.AppendTerm(append(out, 0), table, h)
			out[at] = smileShort(len(out) - at - 1)
		}
		out = append(out, smileFinish)
	}
	out = append(smileName(out, "column"), smileObject)
	for i, value := range d.Columns {
		if value == "" {
			continue
		}
		if !columns[i].Numbers {
			out = smileString(smileName(out, columns[i].Name), value)
		} else if v, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = smileDouble(smileName(out, columns[i].Name), v)
		}
	}
	return append(out, smileClose, smileClose, smileEnd)
}

// send sends a batch until every row of it was taken. A cluster that is busy, away or full is waited for;
// one with too little memory for it, or for what is in flight, gets it in halves. It is clean when all were taken at once: then nothing reads b any more.
func (c *Cluster) send(ctx context.Context, index string, b batch, waiting func(why string)) (clean bool, err error) {
	pause, since := firstPause, time.Now()
	for first := true; ; first = false {
		left, err := c.sendOnce(ctx, index, b)
		if err == nil && len(left.rows) == 0 {
			return first, nil
		}
		if err == nil && len(left.rows) < len(b.rows) { // some were taken
			pause, since = firstPause, time.Now()
		}
		whole := err != nil
		if !whole {
			b, err = left, left.why
		}
		code := catalog.CodeOf(err)
		half := len(b.rows) / 2
		if code == catalog.TooLarge && half > 0 {
			if _, err := c.send(ctx, index, b.part(0, half), waiting); err != nil {
				return false, err
			}
			b = b.part(half, len(b.rows))
			continue
		}
		if code != catalog.Unavailable && code != catalog.NoSpace || time.Since(since) > Patience {
			return false, err
		}
		if waiting != nil && pause > 4*firstPause {
			waiting(err.Error())
		}
		select {
		case <-time.After(pause/2 + time.Duration(rand.Int64N(int64(pause)))): //nolint:gosec // a pause, not a secret
		case <-ctx.Done():
			return false, catalog.Errorf(catalog.Canceled, "the load was stopped: %w", context.Cause(ctx))
		}
		pause = min(2*pause, longest)
		if whole && half > 0 && errors.Is(err, errRejected) { // what is in flight is too much for its memory
			if _, err := c.send(ctx, index, b.part(0, half), waiting); err != nil {
				return false, err
			}
			b, pause, since = b.part(half, len(b.rows)), firstPause, time.Now()
		}
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
	request := esapi.BulkRequest{Index: index, Body: bytes.NewReader(b.body), FilterPath: []string{"errors", "items.*.status", "items.*.error"}}
	request.Header = http.Header{"Content-Type": {smileType}, "Accept": {"application/json"}}
	err = c.do(ctx, request, &reply)
	if err != nil || !reply.Errors && len(reply.Items) == len(b.rows) {
		return left, err
	}
	if len(reply.Items) != len(b.rows) {
		return left, catalog.Errorf(catalog.Unavailable, "Elasticsearch answered for %d of %d rows", len(reply.Items), len(b.rows))
	}
	for i, item := range reply.Items {
		for _, said := range item {
			if said.Status < 300 {
				continue
			}
			err := ofRow(b.rows[i], translate(said.Status, said.Error))
			if !busy(said.Status) {
				return batch{}, err
			}
			left.add(b.rows[i], b.doc(i))
			if left.why == nil {
				left.why = err
			}
		}
	}
	return left, nil
}

// ofRow names the row that an error is about.
func ofRow(row int, err error) error {
	var known *catalog.Error
	if errors.As(err, &known) {
		known.Message = "row " + strconv.Itoa(row) + ": " + known.Message
	}
	return err
}

// Finish makes the rows visible and checks that the cluster has as many whole ones as the index is to have.
func (c *Cluster) Finish(ctx context.Context, index string, want search.Meta) error {
	if err := c.awake(ctx, index); err != nil {
		return err
	}
	if err := c.refresh(ctx, index); err != nil {
		return err
	}
	n, err := c.count(ctx, index, want.Fields)
	if err == nil && n != want.Rows {
		err = catalog.Errorf(catalog.Unavailable, "the index has %d rows after %d were sent", n, want.Rows).WithHint("load it again")
	}
	return err
}
