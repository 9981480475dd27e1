// Command vectory is the daemon and the command line in one program. Each command stands in a file of
// its own and speaks to the daemon through package client; serve.go alone puts the house together.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/lifecycle"
	"github.com/pentoai/vectory/internal/wire"
)

// Exit codes.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitGate        = 3
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := (&app{stdout: os.Stdout, stderr: os.Stderr}).execute(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// app is what every command needs.
type app struct {
	json   bool
	stdout io.Writer
	stderr io.Writer
	watch  func(wire.Job) // told where a running job is; nil: a line on a terminal
}

// exitError ends the program with a code of its own.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

// execute runs one command line and gives the exit code.
func (a *app) execute(ctx context.Context, args []string) int {
	root := &cobra.Command{
		Use:   "vectory",
		Short: "Track, compare and search embedding spaces",
		Long: `Vectory tracks datasets, experiments and embedding spaces, and compares any two spaces by the
overlap of every item's nearest neighbours. Everything stays on this machine.

Start with: vectory demo`,
		SilenceErrors: true, SilenceUsage: true, Version: wire.Version,
	}
	root.SetArgs(longAliases(args))
	root.SetVersionTemplate("vectory {{.Version}}\n") // as `vectory version` says it
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print one JSON document")
	root.AddCommand(a.add(), a.importOld(), a.export(), a.ls(), a.show(), a.remove("dataset", client.Datasets), a.remove("experiment", client.Experiments),
		a.embeddings(), a.compare(), a.matrix(), a.project(), a.elastic(), a.measures(), a.grade(), a.drift(), a.neighbours(), a.demo(), a.run(),
		a.up(), a.stop(), a.status(), a.log(), a.gc(), a.doctor(), a.backup(), a.restore(), a.logs(), a.config(), a.version(), a.mcp(), serveCommand(), readColumnsCommand())
	return a.report(root.ExecuteContext(ctx))
}

// longAliases rewrites the original tool's two-letter flags, which pflag takes for two flags.
func longAliases(args []string) []string {
	long := map[string]string{"-ma": "--metric-a", "-mb": "--metric-b"}
	out := make([]string, len(args))
	for i, arg := range args {
		name, value, found := strings.Cut(arg, "=")
		out[i] = arg
		if to, ok := long[name]; ok {
			out[i] = to
			if found {
				out[i] += "=" + value
			}
		}
	}
	return out
}

// report prints an error and gives the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return 0
	}
	code := exitFailed
	var exit exitError
	switch {
	case errors.As(err, &exit):
		code = exit.code
	case strings.HasPrefix(err.Error(), "unknown command"):
		code = exitUsage
	case catalog.CodeOf(err) == catalog.Canceled:
		code = exitInterrupted
	}
	fmt.Fprintln(a.stderr, "vectory: "+err.Error())
	var known *catalog.Error
	if errors.As(err, &known) && known.Hint != "" {
		fmt.Fprintln(a.stderr, "  hint: "+known.Hint)
	}
	return code
}

// flagError says that a command was called wrongly, what a flag takes, and of one that there is not which was perhaps meant.
func flagError(cmd *cobra.Command, err error) error {
	var wrong *pflag.InvalidValueError
	var number *strconv.NumError
	if errors.As(err, &wrong) && errors.As(err, &number) {
		needed := map[string]string{"bool": "true or false", "float64": "a number"}[wrong.GetFlag().Value.Type()]
		if errors.Is(number, strconv.ErrRange) {
			needed = "a smaller number"
		}
		return usage("%s%s is needed", strings.TrimSuffix(err.Error(), number.Error()), cmp.Or(needed, "a whole number"))
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 2 {
		return exitError{exitUsage, err}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	near := catalog.Nearest(unknown.GetSpecifiedName(), names, 1)
	if len(near) == 0 {
		return exitError{exitUsage, err}
	}
	return exitError{exitUsage, catalog.Errorf(catalog.Invalid, "%w", err).WithHint("did you mean --%s?", near[0])}
}

// usage says that the command was called wrongly.
func usage(format string, args ...any) error {
	return exitError{exitUsage, fmt.Errorf(format, args...)}
}

// count is an int flag of one or more: the daemon takes 0 for "not said", which a person who types it did not mean.
func count(f *pflag.FlagSet, p *int, name, short string, value int, meaning string) {
	*p = value
	f.VarP((*positive)(p), name, short, meaning)
}

type positive int

func (p *positive) String() string { return strconv.Itoa(int(*p)) }
func (p *positive) Type() string   { return "int" }

func (p *positive) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return errors.New("a whole number of 1 or more is needed")
	}
	*p = positive(n)
	return nil
}

// exactly is cobra.ExactArgs with our exit code.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usage("%s needs %s; see: %s --help", cmd.CommandPath(), what, cmd.CommandPath())
		}
		return nil
	}
}

// writeJSON prints the one document of --json.
func (a *app) writeJSON(v any) error {
	out := json.NewEncoder(a.stdout)
	out.SetEscapeHTML(false)
	return out.Encode(v)
}

func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }
func (a *app) note(format string, args ...any)   { fmt.Fprintf(a.stderr, format+"\n", args...) }

// tellNotes prints what else there is to know, below what was told.
func (a *app) tellNotes(notes []string) {
	for _, note := range notes {
		a.printf("  note: %s\n", note)
	}
}

// daemon finds or starts the daemon.
func (a *app) daemon(ctx context.Context) (lifecycle.Daemon, error) {
	settings, err := lifecycle.Load(os.Getenv)
	if err != nil {
		return lifecycle.Daemon{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return lifecycle.Daemon{}, err
	}
	d, err := lifecycle.Up(ctx, settings, []string{self, "serve", "--detached"})
	if d.Warning != "" {
		a.note("vectory: %s", d.Warning)
	}
	return d, err
}

// client finds or starts the daemon and speaks to it.
func (a *app) client(ctx context.Context) (*client.Client, error) {
	d, err := a.daemon(ctx)
	if err != nil {
		return nil, err
	}
	return client.New(d.URL, d.Token), nil
}

// progress shows a running job on a line of its own when a person looks on.
func (a *app) progress() (show func(wire.Job), done func()) {
	if a.watch != nil {
		return a.watch, func() {}
	}
	file, ok := a.stderr.(*os.File)
	if !ok || !isTerminal(file) {
		return func(wire.Job) {}, func() {}
	}
	drawn := false
	return func(j wire.Job) {
			drawn = true
			fmt.Fprintf(a.stderr, "\r\x1b[K%3.0f %%  %s%s", 100*j.Progress, j.Stage, left(j))
		}, func() {
			if drawn {
				fmt.Fprint(a.stderr, "\r\x1b[K")
			}
		}
}

// left says how long a job will take, where it is long enough to be worth a word.
func left(j wire.Job) string {
	if j.LeftS == nil || *j.LeftS < 2 {
		return ""
	}
	return fmt.Sprintf(", about %s left", time.Duration(*j.LeftS*float64(time.Second)).Round(time.Second))
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull) // under whatever name it was opened
	return err != nil || !os.SameFile(info, null)
}
