package server

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// TestTheRouterIsWhatTheContractSays holds the routes equal to openapi.yaml, and each path equal to its
// parameters.
func TestTheRouterIsWhatTheContractSays(t *testing.T) {
	content, err := os.ReadFile("../wire/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var contract struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string } `yaml:"parameters"`
		} `yaml:"paths"`
	}
	if err := yaml.Unmarshal(content, &contract); err != nil {
		t.Fatal(err)
	}
	var written, routed []string
	inPath := regexp.MustCompile(`\{(\w+)\}`)
	for path, methods := range contract.Paths {
		for method, route := range methods {
			written = append(written, strings.ToUpper(method)+" "+path)
			var named, said []string
			for _, match := range inPath.FindAllStringSubmatch(path, -1) {
				named = append(named, match[1])
			}
			for _, p := range route.Parameters {
				if p.In == "path" {
					said = append(said, p.Name)
				}
			}
			if !slices.Equal(named, said) {
				t.Errorf("%s %s describes the path parameters %v", method, path, said)
			}
		}
	}
	inRoute := regexp.MustCompile(`:(\w+)`)
	for _, route := range New(Options{Port: 4711, Busy: func() func() { return func() {} }}).Routes() {
		path := inRoute.ReplaceAllString(strings.TrimPrefix(route.Path, "/api/v1"), "{$1}")
		routed = append(routed, route.Method+" "+path)
	}
	slices.Sort(written)
	slices.Sort(routed)
	if diff := cmp.Diff(routed, written); diff != "" {
		t.Errorf("routes (− the router, + the contract):\n%s", diff)
	}
}
