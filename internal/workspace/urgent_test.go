package workspace

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestLongWorkWaitsForQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var u urgent
		u.wait(t.Context()) // nothing to wait for
		first, second := u.begin(), u.begin()
		var waited time.Duration
		go func() {
			began := time.Now()
			u.wait(t.Context())
			waited = time.Since(began)
		}()
		time.Sleep(time.Second)
		first()
		time.Sleep(time.Second)
		second()
		synctest.Wait()
		if waited != 2*time.Second {
			t.Errorf("it waited %s, not until both were answered", waited)
		}
		done := u.begin()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		u.wait(ctx) // a canceled job does not wait
		done()
		u.wait(t.Context())
	})
}
