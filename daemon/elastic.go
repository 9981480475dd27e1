package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/lifecycle"
	"github.com/pentoai/vectory/internal/search/elastic/node"
)

// elastic is `vectory elastic up|down|status`.
func (a *app) elastic() *cobra.Command {
	parent := &cobra.Command{Use: "elastic", Short: "A local Elasticsearch, or the one that ELASTICSEARCH_URL names"}
	parent.AddCommand(a.elasticUp(), a.elasticDown(), a.elasticStatus())
	return parent
}

func (a *app) elasticUp() *cobra.Command {
	var w node.Wanted
	cmd := &cobra.Command{Use: "up", Short: "Start an Elasticsearch on this machine", Args: exactly(0, "no arguments"),
		Long: `Start an Elasticsearch on 127.0.0.1 for this home: in a container where docker or podman is (the image is fetched
once), or from an unpacked distribution (--home). The daemon finds it by itself. It has no users and no encryption.
Its port and its data stay from one start to the next.`,
		Example: "  vectory elastic up\n  vectory elastic up --home ~/elasticsearch-8.19.20\n  vectory elastic status",
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := lifecycle.Load(os.Getenv)
			if err != nil {
				return err
			}
			for _, folder := range []*string{&w.Distribution, &w.Folder} {
				if *folder != "" {
					if *folder, err = filepath.Abs(*folder); err != nil {
						return err
					}
				}
			}
			n, started, err := node.Up(cmd.Context(), settings.Home, w, func(what string) { a.note("%s", what) })
			if err != nil {
				return err
			}
			if settings.Elastic.URL != "" && settings.Elastic.URL != n.URL {
				a.note("  note: ELASTICSEARCH_URL names another, which goes before this one")
			}
			if a.json {
				return a.writeJSON(struct {
					node.Node
					Started bool `json:"started"`
				}{n, started})
			}
			a.printf("Elasticsearch is up at %s (%s)\n", n.URL, runsBy(n))
			return nil
		}}
	f := cmd.Flags()
	f.StringVar(&w.Distribution, "home", "", "folder of an unpacked distribution")
	f.StringVar(&w.Folder, "data", "", "where a distribution keeps its data (default: in the home; for root below /var/lib)")
	f.StringVar(&w.Image, "image", "", "image of the container (default "+node.DefaultImage+")")
	f.StringVar(&w.Heap, "heap", "", "memory of its heap (default 1g); it takes as much again for its files")
	f.BoolP("detach", "d", true, "it always runs in the background")
	_ = f.MarkHidden("detach") // the original tool's
	f.IntVar(&w.Port, "port", 0, "port on 127.0.0.1 (default: that of the last time, 9200, or any free one)")
	return cmd
}

func runsBy(n node.Node) string {
	if n.Engine != "" {
		return n.Engine + " container " + n.Container
	}
	return "from " + n.Distribution + ", data in " + n.Folder
}

func (a *app) elasticDown() *cobra.Command {
	purge := false
	cmd := &cobra.Command{Use: "down", Short: "Stop the Elasticsearch that `up` has started", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := lifecycle.Load(os.Getenv)
			if err != nil {
				return err
			}
			n, err := node.Down(cmd.Context(), settings.Home, purge)
			switch {
			case err != nil:
				return err
			case a.json:
				return a.writeJSON(map[string]any{"stopped": n.Running, "url": n.URL, "purged": purge && n.URL != ""})
			case n.URL == "":
				a.printf("none was started here\n")
				return nil
			case n.Running:
				a.printf("stopped (%s)\n", n.URL)
			default:
				a.printf("not running\n")
			}
			if purge {
				a.printf("its data are deleted\n")
			}
			return nil
		}}
	cmd.Flags().BoolVar(&purge, "purge", false, "delete its data as well, all indices in it")
	return cmd
}

func (a *app) elasticStatus() *cobra.Command {
	return &cobra.Command{Use: "status", Short: "Tell how the cluster is", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			e, err := c.Elastic(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.writeJSON(e)
			}
			a.printf("%s: %s, Elasticsearch %s, %s, %s\n", e.URL, e.Cluster, e.Version, e.Status, nodes(e.Nodes))
			a.printf("disk: %s free of %s\n", bytesText(e.DiskFree), bytesText(e.DiskTotal))
			settings, err := lifecycle.Load(os.Getenv)
			if err != nil {
				return err
			}
			if n, ok, err := node.Find(settings.Home); err == nil && ok && n.URL == e.URL {
				a.printf("started here, %s\n", runsBy(n))
			}
			return nil
		}}
}

func nodes(n int) string {
	if n == 1 {
		return "1 node"
	}
	return fmt.Sprintf("%d nodes", n)
}
