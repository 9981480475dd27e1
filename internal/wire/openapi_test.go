package wire

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
)

// schema is as much of a JSON schema as the contract uses.
type schema struct {
	Ref                  string            `yaml:"$ref"`
	Type                 any               `yaml:"type"` // a name, or a list of a name and "null"
	Required             []string          `yaml:"required"`
	Properties           map[string]schema `yaml:"properties"`
	Items                *schema           `yaml:"items"`
	OneOf                []schema          `yaml:"oneOf"`
	AdditionalProperties any               `yaml:"additionalProperties"`
	Format               string            `yaml:"format"`
	Enum                 []string          `yaml:"enum"`
}

func schemas(t *testing.T) map[string]schema {
	t.Helper()
	content, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var contract struct {
		Components struct {
			Schemas map[string]schema `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(content, &contract); err != nil {
		t.Fatal(err)
	}
	return contract.Components.Schemas
}

// replies are what the daemon sends: a field without omitempty is always there.
var replies = []any{ErrorReply{}, Error{}, Status{}, catalog.Dataset{}, catalog.Experiment{}, catalog.Space{}, catalog.Health{}, catalog.Spread{}, Datasets{}, Experiments{}, Spaces{},
	AddedDataset{}, AddedExperiment{}, AddedSpace{}, SpaceDetail{}, Lineage{}, NeighbourNote{}, Deleted{}, Thing{}, Neighbours{}, Neighbour{}, QueryReply{}, CompareReply{},
	Comparison{}, JaccardScore{}, OverlapScore{}, Histogram{}, Measure{}, Group{}, Ties{}, Excluded{}, ComparisonItems{}, ComparisonItem{}, ListedNeighbour{}, Rows{}, Job{},
	Jobs{}, Comparisons{}, Ticket{}, Logs{}, MeasureInfo{}, MeasureList{}, Floor{}, FloorPair{}, FloorReply{}, Flow{}, Drift{}, Novel{}, DriftReply{}, Grade{}, Hub{}, Outlier{}, GradeReply{}, SpaceVersion{}, SocketEvent{}, AnswerMeta{}, FrameMeta{}, FrameColumn{}, Changes{}, Change{}, catalog.Index{}, IndexReply{}, Indices{}, Elastic{}, Column{}, LayoutReply{}, Layout{}, LayoutQuality{}, LayoutMove{}, Layouts{}, MatrixReply{}, Matrix{}, TimelinePoint{}, catalog.Event{}, History{}, Garbage{}, DoctorReply{}, DoctorReport{}, Finding{}, Backup{},
	Duplicates{}, DuplicateGroup{}, catalog.Selection{}, Selections{}}

// requests are bodies that the daemon reads: what is left out has its zero value.
var requests = []any{AddExperiment{}, Query{}, CompareRequest{}, TicketRequest{}, SessionRequest{}, BackupRequest{}, MatrixRequest{}, LoadRequest{}, LayoutRequest{}, LayoutControl{}, SocketRequest{}, SelectionRequest{}}

func TestTheContractDescribesTheStructs(t *testing.T) {
	kept := schemas(t)
	left := map[string]bool{}
	for name := range kept {
		left[name] = true
	}
	delete(left, "Metric")
	for i, value := range append(slices.Clone(replies), requests...) {
		kind := reflect.TypeOf(value)
		got, ok := kept[kind.Name()]
		if !ok {
			t.Errorf("%s is not in the contract", kind.Name())
			continue
		}
		delete(left, kind.Name())
		want := schema{Type: "object", Properties: map[string]schema{}}
		describe(kind, &want)
		if i >= len(replies) {
			got.Required, want.Required = nil, nil
		}
		for name, field := range got.Properties { // the contract may name the words that a string takes
			if len(want.Properties[name].Enum) == 0 {
				field.Enum = nil
				got.Properties[name] = field
			}
		}
		slices.Sort(got.Required)
		slices.Sort(want.Required)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (− the struct, + the contract):\n%s", kind.Name(), diff)
		}
	}
	for name := range left {
		t.Errorf("the contract describes %s, which is no struct of this package", name)
	}
}

// describe adds the fields of a struct, those of embedded ones too. A field of the outer struct hides
// an inner one of its name, as encoding/json has it.
func describe(kind reflect.Type, into *schema) {
	for i := range kind.NumField() {
		f := kind.Field(i)
		if f.Anonymous {
			describe(f.Type, into)
		}
	}
	for i := range kind.NumField() {
		f := kind.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "-" {
			continue
		}
		omitted := strings.Contains(options, "omit")
		into.Properties[name] = describeType(f.Type, omitted)
		if !omitted {
			into.Required = append(into.Required, name)
		}
	}
}

var words = map[reflect.Kind]string{reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Int64: "integer", reflect.Int32: "integer", reflect.Float64: "number"}

func describeType(kind reflect.Type, omitted bool) schema {
	switch kind {
	case reflect.TypeFor[time.Time]():
		return schema{Type: "string", Format: "date-time"}
	case reflect.TypeFor[json.RawMessage]():
		return schema{Type: "object", AdditionalProperties: true}
	case reflect.TypeFor[catalog.Metric]():
		return schema{Ref: "#/components/schemas/Metric"}
	case reflect.TypeFor[catalog.Code]():
		return schema{Type: "string", Enum: codes}
	}
	switch kind.Kind() {
	case reflect.Pointer:
		inner := describeType(kind.Elem(), omitted)
		if name, ok := inner.Type.(string); ok {
			inner.Type = []any{name, "null"}
			return inner
		}
		if omitted {
			return inner // left out, never null
		}
		return schema{OneOf: []schema{inner, {Type: "null"}}}
	case reflect.Struct:
		return schema{Ref: "#/components/schemas/" + kind.Name()}
	case reflect.Slice, reflect.Array:
		items := describeType(kind.Elem(), false)
		return schema{Type: "array", Items: &items}
	case reflect.Map:
		values := map[string]any{}
		if value := describeType(kind.Elem(), false); value.Ref != "" {
			values["$ref"] = value.Ref
		} else {
			values["type"] = value.Type
		}
		return schema{Type: "object", AdditionalProperties: values}
	default:
		return schema{Type: words[kind.Kind()]}
	}
}

// codes are those of catalog, in its order.
var codes = []string{string(catalog.Invalid), string(catalog.Unauthorized), string(catalog.Forbidden), string(catalog.NotFound), string(catalog.Conflict),
	string(catalog.TooLarge), string(catalog.Canceled), string(catalog.Internal), string(catalog.Unavailable), string(catalog.NoSpace)}
