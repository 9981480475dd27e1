package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// Whatever a daemon was doing when it died: what it acknowledged is there, with the right bytes; what it did not is
// there in full or not at all. The long runs of a release (the second as root):
//
//	VECTORY_CRASH_ROUNDS=2000 go test -v -run TestRoundsOfKills -timeout 60m ./daemon
//	VECTORY_CRASH_ROUNDS=1000 go test -v -run TestRoundsOfPowerLoss -timeout 60m ./daemon

func crashRounds(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("VECTORY_CRASH_ROUNDS")); err == nil {
		return n
	}
	if testing.Short() {
		return usual / 10
	}
	return usual
}

func TestRoundsOfKills(t *testing.T) {
	h := &house{home: filepath.Join(t.TempDir(), "home")}
	rounds(t, h, crashRounds(60), func(*testing.T) { h.kill() })
}

// rounds lets two clients write while the daemon runs, ends it by crash, and looks at what is there afterwards.
func rounds(t *testing.T, h *house, n int, crash func(*testing.T)) {
	chance := rand.New(rand.NewPCG(1, uint64(n)))
	m := &model{spaces: map[string]uint64{}}
	began := time.Now()
	round := 0
	defer func() {
		if t.Failed() {
			t.Logf("it was round %d of %d", round, n)
		}
	}()
	for ; round < n; round++ {
		h.start(t)
		m.verify(t, h.client, round%50 == 0)
		if round > 0 && round%100 == 0 { // a long run tells how far it is
			t.Logf("%d rounds, %d acknowledged changes, %d spaces kept, %s", round, m.acknowledged, len(m.spaces), time.Since(began).Round(time.Second))
		}
		if t.Failed() {
			t.FailNow()
		}
		m.pending = map[string][]*uint64{}
		ctx, stop := context.WithCancel(t.Context())
		var writers sync.WaitGroup
		before := m.acknowledged
		for writer := range 2 {
			writers.Go(func() { m.write(ctx, h.client, round, writer) })
		}
		// After some changes and a moment, not after a time: on a loaded machine nothing would have been acknowledged by then.
		m.waitFor(before + chance.IntN(24))
		time.Sleep(time.Duration(chance.IntN(4000)) * time.Microsecond)
		crash(t)
		stop()
		writers.Wait()
	}
	h.start(t)
	m.verify(t, h.client, true)
	report, err := h.client.Doctor(t.Context(), false, func(wire.Job) {})
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("the doctor finds %+v, %v", report.Findings, err)
	}
	h.kill()
	t.Logf("%d rounds, %d acknowledged changes, %d spaces kept, %s", n, m.acknowledged, len(m.spaces), time.Since(began).Round(time.Second))
}

// model is what must be there.
type model struct {
	mu           sync.Mutex
	spaces       map[string]uint64    // by name, the seed of its content
	pending      map[string][]*uint64 // by name, what it may be instead: a seed, or nil, which is gone
	acknowledged int
}

func spaceName(writer, round, i int) string { return fmt.Sprintf("w%d/r%d/%d", writer, round, i) }

// write adds, replaces and deletes spaces until the daemon is gone.
func (m *model) write(ctx context.Context, c *client.Client, round, writer int) {
	chance := rand.New(rand.NewPCG(uint64(round), uint64(writer)))
	var mine []string
	for i := 0; ctx.Err() == nil; i++ {
		name := spaceName(writer, round, i)
		var seed *uint64
		var err error
		if what := chance.IntN(10); what < 2 && len(mine) > 0 {
			name = mine[len(mine)-1]
			mine = mine[:len(mine)-1]
			m.intend(name, nil)
			_, err = c.Delete(ctx, client.Spaces, name, false, false)
		} else {
			if what < 4 && len(mine) > 0 {
				name = mine[chance.IntN(len(mine))]
			} else {
				mine = append(mine, name)
			}
			seed = new(chance.Uint64())
			content := spaceOf(*seed)
			m.intend(name, seed)
			_, err = c.AddSpace(ctx, wire.AddSpace{Name: name, Replace: true}, bytes.NewReader(content), int64(len(content)))
		}
		if err != nil {
			return // the daemon is gone, or nearly
		}
		m.acknowledge(name, seed)
	}
}

func (m *model) intend(name string, seed *uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pending[name] = append(m.pending[name], seed)
}

func (m *model) acknowledge(name string, seed *uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.acknowledged++
	delete(m.pending, name)
	if seed == nil {
		delete(m.spaces, name)
		return
	}
	m.spaces[name] = *seed
}

// waitFor waits until so many changes were acknowledged in all.
func (m *model) waitFor(acknowledged int) {
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(200 * time.Microsecond) {
		m.mu.Lock()
		enough := m.acknowledged >= acknowledged
		m.mu.Unlock()
		if enough {
			return
		}
	}
}

// verify compares what is there with what must be: every space in full, else those of the last round and some.
func (m *model) verify(t *testing.T, c *client.Client, every bool) {
	t.Helper()
	all, err := c.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for i, s := range all.Spaces {
		there[s.Name] = true
		allowed := slices.Clone(m.pending[s.Name])
		if seed, ok := m.spaces[s.Name]; ok {
			allowed = append(allowed, &seed)
		}
		if len(allowed) == 0 {
			t.Errorf("nobody has added '%s'", s.Name)
			continue
		}
		if every || len(m.pending[s.Name]) > 0 || i%16 == 0 || i >= len(all.Spaces)-20 {
			m.look(t, c, s.Name, allowed)
		}
	}
	for name := range m.spaces {
		if there[name] {
			continue
		}
		if !slices.Contains(m.pending[name], nil) {
			t.Errorf("'%s' was acknowledged and is lost", name)
		}
		delete(m.spaces, name)
	}
}

// look reads a space; it must be one of those that are allowed.
func (m *model) look(t *testing.T, c *client.Client, name string, allowed []*uint64) {
	t.Helper()
	var got bytes.Buffer
	if err := c.ExportSpace(t.Context(), name, "", &got); err != nil {
		t.Errorf("'%s': %v", name, err)
		return
	}
	for _, seed := range allowed {
		if seed != nil && bytes.Equal(valuesOf(got.Bytes()), valuesOf(spaceOf(*seed))) {
			m.spaces[name] = *seed
			return
		}
	}
	t.Errorf("'%s' has other bytes than were sent", name)
}

// spaceOf is an .npy made from a seed: 1 to 400 rows of 1 to 40 numbers.
func spaceOf(seed uint64) []byte {
	chance := rand.New(rand.NewPCG(seed, 1))
	rows, dims := 1+chance.IntN(400), 1+chance.IntN(40)
	return matrixOf(rows, dims, func(int) float32 { return chance.Float32() })
}

// matrixOf makes an .npy of version 1.
func matrixOf(rows, dims int, value func(i int) float32) []byte {
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n", rows, dims)
	out := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	out = append(out, header...)
	for i := range rows * dims {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(value(i)))
	}
	return out
}

// valuesOf cuts the header of an .npy off.
func valuesOf(file []byte) []byte {
	return file[10+int(binary.LittleEndian.Uint16(file[8:])):]
}

// Two clients add one name at once, with other contents: one of them gets it, the other a conflict.
func TestTwoClientsAddOneName(t *testing.T) {
	h := &house{home: filepath.Join(t.TempDir(), "home")}
	h.start(t)
	defer h.kill()
	for round := range 20 {
		var added, refused [2]bool
		var both sync.WaitGroup
		for i := range 2 {
			both.Go(func() {
				content := spaceOf(uint64(2*round + i))
				reply, err := h.client.AddSpace(t.Context(), wire.AddSpace{Name: spaceName(0, round, 0)}, bytes.NewReader(content), int64(len(content)))
				added[i], refused[i] = err == nil && reply.Created, catalog.CodeOf(err) == catalog.Conflict
			})
		}
		both.Wait()
		if added[0] == added[1] || refused[0] == refused[1] || added[0] == refused[0] {
			t.Errorf("round %d: added %v, refused %v", round, added, refused)
		}
	}
}

// atFirst does something when the first bytes come.
type atFirst struct{ do func() }

func (a *atFirst) Write(p []byte) (int, error) {
	if a.do != nil {
		a.do()
		a.do = nil
	}
	return len(p), nil
}

// One who reads a space while it is deleted reads it to its end.
func TestAReaderDuringDelete(t *testing.T) {
	h := &house{home: filepath.Join(t.TempDir(), "home")}
	h.start(t)
	defer h.kill()
	content := matrixOf(80_000, 64, func(i int) float32 { return float32(i) })
	if _, err := h.client.AddSpace(t.Context(), wire.AddSpace{Name: "big"}, bytes.NewReader(content), int64(len(content))); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	during := &atFirst{func() {
		if _, err := h.client.Delete(t.Context(), client.Spaces, "big", false, false); err != nil {
			t.Error(err)
		}
	}}
	if err := h.client.ExportSpace(t.Context(), "big", "", io.MultiWriter(during, &got)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(valuesOf(got.Bytes()), valuesOf(content)) {
		t.Error("the reader got other bytes")
	}
	if err := h.client.ExportSpace(t.Context(), "big", "", io.Discard); catalog.CodeOf(err) != catalog.NotFound {
		t.Errorf("afterwards: %v", err)
	}
}
