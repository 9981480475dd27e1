package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pentoai/vectory/internal/wire"
)

// overtakes lays a large space out for as long as it takes, by the daemon whose address stands in a file that `vectory up
// --json` wrote, and asks for work on two small ones meanwhile, which must end before it: overtakes FILE LARGE SMALL SMALL.
func overtakes(ts *testscript.TestScript, _ bool, args []string) {
	var daemon struct{ URL, Token string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &daemon))
	var large, waits, small wire.LayoutReply
	var compared wire.CompareReply
	ask := func(path, body string, out any) { post(ts, daemon.URL, daemon.Token, path, body, out) }
	state := func(of *wire.Job) string {
		var job wire.Job
		get(ts, daemon.URL, daemon.Token, "jobs/"+of.ID, &job)
		return job.State
	}
	follow := func(of *wire.Job, wanted string) {
		for {
			switch is := state(of); is {
			case wanted:
				return
			case "failed", "canceled", "done":
				ts.Fatalf("%s is %s, not %s", of.Title, is, wanted)
			}
			time.Sleep(time.Millisecond)
		}
	}
	ask("layouts", `{"spaces":["`+args[1]+`"],"epochs":9000}`, &large)
	follow(large.Job, "running")
	ask("layouts", `{"spaces":["`+args[1]+`"],"epochs":9001}`, &waits)
	ask("layouts", `{"spaces":["`+args[2]+`"],"k":3}`, &small)
	follow(small.Job, "done")
	ask("comparisons", `{"a":"`+args[2]+`","b":"`+args[3]+`","k":3}`, &compared)
	follow(compared.Job, "done")
	for _, of := range []struct {
		job *wire.Job
		is  string
	}{{large.Job, "running"}, {waits.Job, "queued"}} {
		if is := state(of.job); is != of.is {
			ts.Fatalf("when the small work is done, %s is %s, not %s", of.job.ID, is, of.is)
		}
	}
	for _, of := range []wire.LayoutReply{waits, large} {
		ask("layouts/"+of.Layout.ID+"/control", `{"action":"cancel"}`, nil)
	}
	follow(large.Job, "canceled")
}

// ids writes a CSV of so many rows that have an id and nothing else: ids FILE ROWS.
func ids(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	out := []byte("id\n")
	for i := range n {
		out = fmt.Appendln(out, "row", i)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out, 0o600))
}
