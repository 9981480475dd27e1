package main

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/wire"
)

func (a *app) run() *cobra.Command {
	noOpen := false
	cmd := &cobra.Command{Use: "run [A B]", Aliases: []string{"open"}, Short: "Open the view in the browser",
		Long: `Open the view in the browser: what is tracked, or, given two spaces, their comparison. The printed
address holds a ticket that opens it once, within five minutes.`,
		Example: "  vectory run\n  vectory run digits/pixels digits/epoch20",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 0 && len(args) != 2 {
				return usage("run takes no names, or those of two spaces to compare")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			key := ""
			if len(args) == 2 {
				c, err := a.client(cmd.Context())
				if err != nil {
					return err
				}
				show, done := a.progress()
				comparison, err := c.Compare(cmd.Context(), wire.CompareRequest{A: args[0], B: args[1]}, show)
				done()
				if err != nil {
					return err
				}
				key = comparison.Key
			}
			if noOpen || a.json {
				return a.tellPage(cmd.Context(), key)
			}
			return a.openPage(cmd.Context(), key)
		}}
	cmd.Flags().BoolVar(&noOpen, "no-open", false, "print the address only")
	return cmd
}

// tellPage prints the address of the view.
func (a *app) tellPage(ctx context.Context, key string) error {
	ticket, err := a.ticket(ctx, key)
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(ticket)
	}
	a.printf("%s\n", ticket.URL)
	return nil
}

// openPage opens the view in a browser. A machine without one (a server, a container) gets the
// address to open elsewhere: that is no failure.
func (a *app) openPage(ctx context.Context, key string) error {
	ticket, err := a.ticket(ctx, key)
	if err != nil {
		return err
	}
	if openBrowser(ticket.URL) {
		a.note("\nopening the page in the browser; if none appears, open %s", ticket.URL)
		return nil
	}
	a.note("\nno browser was found here; open this address (once, within five minutes), or later: vectory run\n  %s", ticket.URL)
	return nil
}

func (a *app) ticket(ctx context.Context, key string) (wire.Ticket, error) {
	c, err := a.client(ctx)
	if err != nil {
		return wire.Ticket{}, err
	}
	return c.Ticket(ctx, key)
}

// openBrowser tells whether a program took the address. BROWSER outranks the desktop's own choice.
func openBrowser(url string) bool {
	command := browserCommand(runtime.GOOS, os.Getenv)
	if len(command) == 0 {
		return false
	}
	process := exec.Command(command[0], append(command[1:], url)...) // no terminal: nothing it says is ours
	if process.Start() != nil {
		return false
	}
	return process.Process.Release() == nil
}

// browserCommand gives the program and arguments that the address is added to; none on a machine
// without a screen.
func browserCommand(system string, env func(string) string) []string {
	if named := strings.Fields(env("BROWSER")); len(named) > 0 {
		return named
	}
	switch {
	case system == "darwin":
		return []string{"open"}
	case system == "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	case env("DISPLAY") == "" && env("WAYLAND_DISPLAY") == "":
		return nil
	}
	return []string{"xdg-open"}
}
