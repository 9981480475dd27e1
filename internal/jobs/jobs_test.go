package jobs

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

func newRunner(t *testing.T, atOnce int) *Runner {
	t.Helper()
	r := New(atOnce, func() func() { return func() {} })
	t.Cleanup(r.Close)
	return r
}

// wait follows a job to its end as a client does.
func wait(t *testing.T, r *Runner, id string) wire.Job {
	t.Helper()
	for {
		info, err := r.Get(t.Context(), id, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if ended(info.State) {
			return info
		}
	}
}

func submit(t *testing.T, r *Runner, same string, work Work) wire.Job {
	t.Helper()
	info, err := r.Submit(Wanted{Kind: "test", Title: "a title", Same: same}, work)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestJobEndsWithItsResult(t *testing.T) {
	r := newRunner(t, 1)
	info := wait(t, r, submit(t, r, "x", func(context.Context, Report) (string, error) { return "key", nil }).ID)
	if info.State != "done" || info.Result != "key" || info.Progress != 1 || info.EndedAt.IsZero() {
		t.Errorf("got %+v", info)
	}
}

func TestAJobTellsHowLongItWillTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(1, func() func() { return func() {} })
		defer r.Close()
		id := submit(t, r, "x", func(_ context.Context, report Report) (string, error) {
			report("start", 0)
			time.Sleep(3 * time.Second)
			report("on", 0.25)
			time.Sleep(time.Second)
			return "", nil
		}).ID
		for at, want := range []float64{-1, -1, -1, 9} { // each half a second after the full one
			time.Sleep(time.Second / 2)
			info, err := r.Get(t.Context(), id, 0)
			if err != nil {
				t.Fatal(err)
			}
			if left := info.LeftS; (left == nil) != (want < 0) || left != nil && *left != want {
				t.Errorf("after %d s: %v left, want %v", at, left, want)
			}
			time.Sleep(time.Second / 2)
		}
		synctest.Wait()
		if info, err := r.Get(t.Context(), id, 0); err != nil || info.State != "done" || info.LeftS != nil {
			t.Errorf("at the end: %+v, %v", info, err)
		}
	})
}

// What was kept from before is done at once: the pace of the rest is told by the rest.
func TestTimeLeftIsToldByWhatHadToBeDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(1, func() func() { return func() {} })
		defer r.Close()
		id := submit(t, r, "x", func(_ context.Context, report Report) (string, error) {
			report("neighbours", 0.4)
			time.Sleep(2 * time.Second)
			report("layout", 0.5)
			time.Sleep(time.Second)
			return "", nil
		}).ID
		for _, want := range []float64{-1, -1, 10} {
			synctest.Wait()
			info, err := r.Get(t.Context(), id, 0)
			if err != nil {
				t.Fatal(err)
			}
			if left := info.LeftS; (left == nil) != (want < 0) || left != nil && math.Abs(*left-want) > 1e-9 {
				t.Errorf("%v left, want %v", left, want)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestFailureKeepsTheErrorOfTheWork(t *testing.T) {
	r := newRunner(t, 1)
	info := wait(t, r, submit(t, r, "x", func(context.Context, Report) (string, error) {
		return "", catalog.Errorf(catalog.Invalid, "k=10 is too much").WithHint("take 7")
	}).ID)
	if info.State != "failed" || info.Error == nil || info.Error.Code != catalog.Invalid || info.Error.Hint != "take 7" {
		t.Errorf("got %+v, error %+v", info, info.Error)
	}
}

func TestPanicFailsTheJobOnly(t *testing.T) {
	r := newRunner(t, 1)
	bad := wait(t, r, submit(t, r, "x", func(context.Context, Report) (string, error) { panic("boom") }).ID)
	good := wait(t, r, submit(t, r, "y", func(context.Context, Report) (string, error) { return "", nil }).ID)
	if bad.State != "failed" || bad.Error.Code != catalog.Internal || good.State != "done" {
		t.Errorf("got %s (%+v) then %s", bad.State, bad.Error, good.State)
	}
}

func TestProgressNeverFalls(t *testing.T) {
	r := newRunner(t, 1)
	step := make(chan float64)
	id := submit(t, r, "x", func(_ context.Context, report Report) (string, error) {
		for p := range step {
			report("working", p)
		}
		return "", nil
	}).ID
	for _, p := range []float64{0.5, 0.2, 0.7} {
		step <- p
	}
	close(step)
	var seen []float64
	for {
		info, err := r.Get(t.Context(), id, 10*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(seen); n > 0 && info.Progress < seen[n-1] {
			t.Fatalf("progress fell: %v then %v", seen, info.Progress)
		}
		seen = append(seen, info.Progress)
		if ended(info.State) {
			return
		}
	}
}

func TestEqualWorkIsDoneOnce(t *testing.T) {
	r := newRunner(t, 2)
	release := make(chan struct{})
	work := func(context.Context, Report) (string, error) { <-release; return "", nil }
	one, two, other := submit(t, r, "same", work), submit(t, r, "same", work), submit(t, r, "other", work)
	close(release)
	if one.ID != two.ID || one.ID == other.ID {
		t.Errorf("ids %s %s %s", one.ID, two.ID, other.ID)
	}
	wait(t, r, one.ID)
	if again := submit(t, r, "same", work); again.ID == one.ID {
		t.Error("an ended job was handed out for new work")
	}
}

func TestCancelEndsRunningAndQueuedJobs(t *testing.T) {
	r := newRunner(t, 1)
	work := func(ctx context.Context, _ Report) (string, error) { <-ctx.Done(); return "", ctx.Err() }
	running, queued := submit(t, r, "x", work), submit(t, r, "y", work)
	for _, id := range []string{queued.ID, running.ID} {
		if _, err := r.Cancel(id); err != nil {
			t.Fatal(err)
		}
		if info := wait(t, r, id); info.State != "canceled" || info.Error.Code != catalog.Canceled {
			t.Errorf("got %+v", info)
		}
	}
	if r.Active() != 0 {
		t.Errorf("%d jobs are still active", r.Active())
	}
}

func TestUnknownJob(t *testing.T) {
	r := newRunner(t, 1)
	_, err := r.Get(t.Context(), "nope", 0)
	_, err2 := r.Cancel("nope")
	if catalog.CodeOf(err) != catalog.NotFound || catalog.CodeOf(err2) != catalog.NotFound {
		t.Errorf("got %v and %v", err, err2)
	}
}

func TestNothingStartsAfterClose(t *testing.T) {
	r := New(1, func() func() { return func() {} })
	r.Close()
	_, err := r.Submit(Wanted{Kind: "test"}, nil)
	var e *catalog.Error
	if !errors.As(err, &e) || e.Code != catalog.Unavailable {
		t.Errorf("got %v", err)
	}
}

func TestALayoutWaitsForNoOtherWorkAndTwoLayoutsForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(1, func() func() { return func() {} })
		defer r.Close()
		long := func(ctx context.Context, _ Report) (string, error) { <-ctx.Done(); return "", ctx.Err() }
		comparison := submit(t, r, "comparison", long)
		first, err := r.Submit(Wanted{Kind: "layout", Title: "a title", Same: "first"}, long)
		if err != nil {
			t.Fatal(err)
		}
		second, err := r.Submit(Wanted{Kind: "layout", Title: "a title", Same: "second"}, long)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if info, err := r.Get(t.Context(), comparison.ID, 0); err != nil || info.State != "running" {
			t.Errorf("the comparison is %s, %v", info.State, err)
		}
		states := map[string]int{}
		for _, id := range []string{first.ID, second.ID} {
			info, err := r.Get(t.Context(), id, 0)
			if err != nil {
				t.Fatal(err)
			}
			states[info.State]++
		}
		if states["running"] != 1 || states["queued"] != 1 {
			t.Errorf("of two layouts are %v", states)
		}
	})
}

func TestSmallWorkWaitsForOtherSmallWorkOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := New(1, func() func() { return func() {} })
		defer r.Close()
		release := make(chan struct{})
		long := func(ctx context.Context, _ Report) (string, error) {
			select {
			case <-release:
			case <-ctx.Done():
			}
			return "", ctx.Err()
		}
		submitAs := func(kind, same string, small bool) string {
			info, err := r.Submit(Wanted{Kind: kind, Same: same, Small: small}, long)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			return info.ID
		}
		var got []string
		state := func(id string) string {
			info, err := r.Get(t.Context(), id, 0)
			if err != nil {
				t.Fatal(err)
			}
			return info.State
		}
		ids := []string{submitAs("layout", "large", false), submitAs("compare", "large", false), submitAs("layout", "larger", false),
			submitAs("layout", "small", true), submitAs("compare", "small", true)}
		for _, id := range ids {
			got = append(got, state(id))
		}
		want := []string{"running", "running", "queued", "running", "queued"}
		if !slices.Equal(got, want) {
			t.Errorf("the states are %v, want %v", got, want)
		}
		if _, err := r.Cancel(ids[3]); err != nil { // its place is for small work again
			t.Fatal(err)
		}
		synctest.Wait()
		if got := []string{state(ids[3]), state(ids[2]), state(ids[4])}; !slices.Equal(got, []string{"canceled", "queued", "running"}) {
			t.Errorf("after the small layout was canceled the states are %v", got)
		}
		close(release)
		synctest.Wait()
		for _, id := range append(ids[:3:3], ids[4]) {
			if got := state(id); got != "done" {
				t.Errorf("at the end one is %s", got)
			}
		}
	})
}
