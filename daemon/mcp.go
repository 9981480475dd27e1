package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pentoai/vectory/internal/wire"
)

// agentTools are the commands that agents get, each as it is on the command line with --json. args tells
// what its arguments are; "" for a command without. Commands that hold a terminal, open a browser or end
// the daemon are left out.
var agentTools = []struct {
	command, args     string
	changes, destroys bool
}{
	{command: "ls", args: "nothing, or one of datasets, experiments, spaces, indices, comparisons, jobs"},
	{command: "show", args: "a name; or two spaces, to tell what differs"},
	{command: "add", changes: true},
	{command: "compare", args: "the names of the two spaces", changes: true},
	{command: "matrix", args: "names of spaces; nothing with dataset or timeline", changes: true},
	{command: "neighbours", args: "the name of the space"},
	{command: "grade", args: "the name of the space"},
	{command: "drift", args: "the space that is known, the space of new items"},
	{command: "measures"},
	{command: "project", args: "the name of a space, or of two", changes: true},
	{command: "log", args: "nothing, or a name"},
	{command: "status"},
	{command: "doctor", changes: true},
	{command: "embeddings load", args: "the name of the index, the name of the space", changes: true},
	{command: "embeddings list-indices"},
	{command: "embeddings delete-index", args: "the name of the index", changes: true, destroys: true},
	{command: "embeddings delete", args: "the name of the space", changes: true, destroys: true},
	{command: "experiment delete", args: "the name of the experiment", changes: true, destroys: true},
	{command: "dataset delete", args: "the name of the dataset", changes: true, destroys: true},
}

func (a *app) mcp() *cobra.Command {
	return &cobra.Command{Use: "mcp", Short: "The same verbs for agents, over stdio",
		Long: `Speaks the Model Context Protocol over stdin and stdout: an agent that starts this program can list,
add, compare, grade and search spaces. Each tool is the command of its name and answers with its JSON.`,
		Example: `  {"mcpServers": {"vectory": {"command": "vectory", "args": ["mcp"]}}}      # in the settings of the agent`,
		Args:    exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			server, err := agentServer(cmd.Root())
			if err != nil {
				return err
			}
			err = server.Run(cmd.Context(), &mcp.StdioTransport{})
			if errors.Is(err, io.EOF) || cmd.Context().Err() != nil {
				return nil // the agent went away
			}
			return err
		}}
}

func agentServer(root *cobra.Command) (*mcp.Server, error) {
	server := mcp.NewServer(&mcp.Implementation{Name: "vectory", Title: "Vectory", Version: wire.Version}, &mcp.ServerOptions{
		Instructions: "Vectory tracks embedding spaces and compares any two by the overlap of each item's nearest neighbours. " +
			"Begin with ls; compare tells the score beside what chance gives; grade tells the quality of one space."})
	for _, tool := range agentTools {
		cmd, rest, err := root.Find(strings.Fields(tool.command))
		if err != nil || len(rest) > 0 {
			return nil, fmt.Errorf("no command %q: %w", tool.command, err)
		}
		no := false
		server.AddTool(&mcp.Tool{
			Name:        strings.NewReplacer(" ", "_", "-", "_").Replace(tool.command),
			Description: strings.TrimSpace(cmd.Short + ".\n\n" + cmd.Long),
			InputSchema: schemaOf(cmd, tool.args),
			Annotations: &mcp.ToolAnnotations{ReadOnlyHint: !tool.changes, DestructiveHint: &tool.destroys, OpenWorldHint: &no},
		}, func(ctx context.Context, request *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return callTool(ctx, cmd, tool.args != "", request)
		})
	}
	return server, nil
}

// schemaOf describes the flags of a command, and its arguments as "args".
func schemaOf(cmd *cobra.Command, args string) map[string]any {
	properties := map[string]any{}
	if args != "" {
		properties["args"] = map[string]any{"type": "array", "items": map[string]any{"type": "string"}, "description": args}
	}
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		about := map[string]any{"type": "string", "description": f.Usage}
		switch f.Value.Type() {
		case "bool":
			about["type"] = "boolean"
		case "int", "int64":
			about["type"] = "integer"
		case "float64":
			about["type"] = "number"
		case "stringSlice":
			about["type"], about["items"] = "array", map[string]any{"type": "string"}
		}
		properties[f.Name] = about
	})
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// callTool runs the command as the command line would and gives what it printed. A command that fails,
// or a gate that was not met, is a result that says so: the agent can mend its call.
func callTool(ctx context.Context, cmd *cobra.Command, takesArgs bool, request *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	argv, err := argvOf(cmd, takesArgs, request.Params.Arguments)
	if err != nil {
		return toolFailed(err.Error()), nil //nolint:nilerr // told to the agent
	}
	var out, notes bytes.Buffer
	a := &app{stdout: &out, stderr: &notes}
	if token := request.Params.GetProgressToken(); token != nil {
		a.watch = func(j wire.Job) {
			_ = request.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: token, Progress: j.Progress, Total: 1, Message: j.Stage})
		}
	}
	code := a.execute(ctx, argv)
	said := strings.TrimSpace(out.String())
	if code != 0 {
		return toolFailed(strings.TrimSpace(notes.String() + "\n" + said)), nil
	}
	result := &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: said}}}
	if text := strings.TrimSpace(notes.String()); text != "" {
		result.Content = append(result.Content, &mcp.TextContent{Text: text})
	}
	return result, nil
}

func toolFailed(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}

// argvOf writes the call as a command line: the command, its flags, then after -- its arguments.
func argvOf(cmd *cobra.Command, takesArgs bool, raw json.RawMessage) ([]string, error) {
	said := map[string]any{}
	if len(raw) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.UseNumber()
		if err := decoder.Decode(&said); err != nil {
			return nil, fmt.Errorf("the arguments are not a JSON object: %w", err)
		}
	}
	argv := strings.Fields(cmd.CommandPath())[1:]
	argv = append(argv, "--json")
	var args []string
	for _, name := range slices.Sorted(maps.Keys(said)) {
		values, err := textsOf(name, said[name])
		if err != nil {
			return nil, err
		}
		if name == "args" && takesArgs {
			args = values
			continue
		}
		flag := cmd.LocalNonPersistentFlags().Lookup(name)
		if flag == nil || flag.Hidden || name == "help" {
			return nil, fmt.Errorf("%s has no parameter %q", cmd.CommandPath(), name)
		}
		for _, value := range values {
			argv = append(argv, "--"+name+"="+value)
		}
	}
	return append(append(argv, "--"), args...), nil
}

// textsOf writes a JSON value, or each one of a list, as a command line has it.
func textsOf(name string, value any) ([]string, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{v}, nil
	case bool, json.Number:
		return []string{fmt.Sprint(v)}, nil
	case []any:
		var texts []string
		for _, one := range v {
			more, err := textsOf(name, one)
			if err != nil {
				return nil, err
			}
			texts = append(texts, more...)
		}
		return texts, nil
	case map[string]any: // such as params
		text, err := json.Marshal(v)
		return []string{string(text)}, err
	}
	return nil, fmt.Errorf("%q has a value that no flag takes", name)
}
