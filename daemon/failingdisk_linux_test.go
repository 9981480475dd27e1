package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// The disk answers every read and write with an input/output error, while the daemon lives: each verb tells that it is
// the disk, none that a file is damaged (which would send people to restore a backup), nothing is acknowledged, and what was
// is there when the disk is.
func TestTheDiskFails(t *testing.T) {
	disk := mountDisk(t, 64<<20)
	h := &house{home: filepath.Join(disk, "home")}
	h.start(t)
	defer func() { h.kill() }()
	m := &model{spaces: map[string]uint64{}}
	for seed := range uint64(40) {
		content := spaceOf(seed)
		name := spaceName(3, 0, int(seed))
		if _, err := h.client.AddSpace(t.Context(), wire.AddSpace{Name: name}, bytes.NewReader(content), int64(len(content))); err != nil {
			t.Fatal(err)
		}
		m.acknowledge(name, &seed)
	}
	content := spaceOf(1000)
	verbs := map[string]func(ctx context.Context, c *client.Client) error{
		"list": func(ctx context.Context, c *client.Client) error { _, err := c.List(ctx); return err },
		"add a space": func(ctx context.Context, c *client.Client) error {
			_, err := c.AddSpace(ctx, wire.AddSpace{Name: "new"}, bytes.NewReader(content), int64(len(content)))
			return err
		},
		"add a space that is there": func(ctx context.Context, c *client.Client) error {
			_, err := c.AddSpace(ctx, wire.AddSpace{Name: spaceName(3, 0, 1), Replace: true}, bytes.NewReader(content), int64(len(content)))
			return err
		},
		"add a dataset": func(ctx context.Context, c *client.Client) error {
			csv := "id\n1\n2\n"
			_, err := c.AddDataset(ctx, wire.AddDataset{Name: "new"}, strings.NewReader(csv), int64(len(csv)))
			return err
		},
		"delete": func(ctx context.Context, c *client.Client) error {
			_, err := c.Delete(ctx, client.Spaces, spaceName(3, 0, 2), false, false)
			return err
		},
		"export": func(ctx context.Context, c *client.Client) error {
			return c.ExportSpace(ctx, spaceName(3, 0, 3), "", io.Discard)
		},
		"the doctor": func(ctx context.Context, c *client.Client) error {
			_, err := c.Doctor(ctx, true, func(wire.Job) {})
			return err
		},
		"backup": func(ctx context.Context, c *client.Client) error {
			_, err := c.Backup(ctx, filepath.Join(t.TempDir(), "backup"))
			return err
		},
	}
	shutDown(t, disk)
	for name, do := range verbs {
		switch err := do(t.Context(), h.client); {
		case err == nil:
			t.Errorf("%s: it is acknowledged", name)
		case catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "disk") || strings.Contains(err.Error(), "damaged"):
			t.Errorf("%s: %s: %v", name, catalog.CodeOf(err), err)
		}
	}
	h.kill()
	unmount(t, disk)
	if err := mount(t, disk); err != nil {
		t.Fatal(err)
	}
	h.start(t)
	m.verify(t, h.client, true)
	if report, err := h.client.Doctor(t.Context(), false, func(wire.Job) {}); err != nil || len(report.Findings) > 0 {
		t.Errorf("the doctor finds %+v, %v", report.Findings, err)
	}
}
