package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pentoai/vectory/internal/wire"
)

// pauses lays a space out in so many epochs by the daemon whose address stands in a file that `vectory up --json` wrote, and
// holds it up in its middle for a moment: pauses FILE SPACE EPOCHS. Another one, of one epoch more, it cancels.
func pauses(ts *testscript.TestScript, _ bool, args []string) {
	var daemon struct{ URL, Token string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &daemon))
	begin := func(epochs string) (begun wire.LayoutReply) {
		post(ts, daemon.URL, daemon.Token, "layouts", `{"spaces":["`+args[1]+`"],"epochs":`+epochs+`}`, &begun)
		return begun
	}
	// until asks again until what it sees is as wanted.
	until := func(path string, out any, wanted func() bool) {
		for !wanted() {
			get(ts, daemon.URL, daemon.Token, path, out)
			time.Sleep(time.Millisecond)
		}
	}
	var seen, later wire.Layout
	made := begin(args[2])
	path := "layouts/" + made.Layout.ID
	until(path, &seen, func() bool { return seen.Epoch > 2 })
	post(ts, daemon.URL, daemon.Token, path+"/control", `{"action":"pause"}`, nil)
	get(ts, daemon.URL, daemon.Token, path, &seen)
	time.Sleep(50 * time.Millisecond) // the epoch that ran when it was told may end
	get(ts, daemon.URL, daemon.Token, path, &seen)
	time.Sleep(100 * time.Millisecond)
	get(ts, daemon.URL, daemon.Token, path, &later)
	if seen.State != "paused" || later.State != "paused" || seen.Epoch != later.Epoch || seen.Epoch >= seen.EpochsAll {
		ts.Fatalf("paused it is %s at epoch %d of %d, then %s at %d", seen.State, seen.Epoch, seen.EpochsAll, later.State, later.Epoch)
	}
	post(ts, daemon.URL, daemon.Token, path+"/control", `{"action":"resume"}`, nil)
	until(path, &seen, func() bool { return seen.State == "done" })

	stopped := begin(args[2] + "1")
	post(ts, daemon.URL, daemon.Token, "layouts/"+stopped.Layout.ID+"/control", `{"action":"cancel"}`, nil)
	var job wire.Job
	until("jobs/"+stopped.Job.ID, &job, func() bool { return job.State == "canceled" })
	_, err := fmt.Fprintf(ts.Stdout(), "paused at epoch %d of %d, the other %s\n", later.Epoch, later.EpochsAll, job.State)
	ts.Check(err)
}

func get(ts *testscript.TestScript, url, token, path string, out any) {
	request, err := http.NewRequest(http.MethodGet, url+"/api/v1/"+path, http.NoBody)
	ts.Check(err)
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultTransport.RoundTrip(request)
	ts.Check(err)
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		ts.Fatalf("GET %s: %s", path, answer.Status)
	}
	ts.Check(json.NewDecoder(answer.Body).Decode(out))
}
