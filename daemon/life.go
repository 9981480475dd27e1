package main

import (
	"fmt"
	"os"
	"runtime"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/lifecycle"
	"github.com/pentoai/vectory/internal/wire"
)

func (a *app) up() *cobra.Command {
	return &cobra.Command{Use: "up", Short: "Start the daemon if it is not running", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := a.daemon(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.writeJSON(map[string]any{"url": d.URL, "token": d.Token, "version": d.Version, "api": d.API,
					"instance": d.Instance, "pid": d.PID, "home": d.Home, "started": d.Started})
			}
			a.printf("running at %s (pid %d, home %s)\n", d.URL, d.PID, d.Home)
			return nil
		}}
}

func (a *app) stop() *cobra.Command {
	return &cobra.Command{Use: "stop", Short: "Stop the daemon", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := lifecycle.Load(os.Getenv)
			if err != nil {
				return err
			}
			was, err := lifecycle.Stop(cmd.Context(), settings)
			switch {
			case err != nil:
				return err
			case a.json:
				return a.writeJSON(map[string]any{"stopped": was})
			case was:
				a.printf("stopped\n")
			default:
				a.printf("not running\n")
			}
			return nil
		}}
}

func (a *app) status() *cobra.Command {
	return &cobra.Command{Use: "status", Short: "Tell whether the daemon runs, and where", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := lifecycle.Load(os.Getenv)
			if err != nil {
				return err
			}
			d, ok, err := lifecycle.Find(cmd.Context(), settings)
			if err != nil {
				return err
			}
			status := d.Status
			if !ok {
				status = wire.Status{Version: wire.Version, API: wire.API, Home: settings.Home}
			}
			if a.json {
				return a.writeJSON(status)
			}
			if !ok {
				a.printf("not running (home %s)\n", settings.Home)
				return nil
			}
			a.printf("running at %s (pid %d, version %s)\nhome %s: %d datasets, %d spaces; %d jobs active\n",
				status.URL, status.PID, status.Version, status.Home, status.Datasets, status.Spaces, status.Jobs)
			return nil
		}}
}

func (a *app) logs() *cobra.Command {
	n := 100
	cmd := &cobra.Command{Use: "logs", Short: "Print the last lines of the daemon's log", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := lifecycle.Load(os.Getenv)
			if err != nil {
				return err
			}
			d, ok, err := lifecycle.Find(cmd.Context(), settings)
			if err != nil {
				return err
			}
			logs := wire.Logs{Lines: lifecycle.LastLines(lifecycle.Home{Path: settings.Home}.Log(), n)}
			if ok {
				if logs, err = client.New(d.URL, d.Token).Logs(cmd.Context(), n); err != nil {
					return err
				}
			}
			if a.json {
				return a.writeJSON(logs)
			}
			for _, line := range logs.Lines {
				a.printf("%s\n", line)
			}
			return nil
		}}
	cmd.Flags().IntVarP(&n, "lines", "n", n, "how many lines")
	return cmd
}

func (a *app) config() *cobra.Command {
	return &cobra.Command{Use: "config", Short: "Print the settings, their meaning and their values", Args: exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			if _, err := lifecycle.Load(os.Getenv); err != nil {
				return err
			}
			settings := lifecycle.Table(os.Getenv)
			if a.json {
				return a.writeJSON(map[string]any{"settings": settings})
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			for _, s := range settings {
				fmt.Fprintf(w, "%s\t%s\t%s\n", s.Variable, s.Value, s.Meaning)
			}
			return w.Flush()
		}}
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			if a.json {
				return a.writeJSON(map[string]any{"version": wire.Version, "api": wire.API, "go": runtime.Version(), "sqlite": sqliteVersion()})
			}
			a.printf("vectory %s\n", wire.Version)
			return nil
		}}
}
