// Package testkit is what tests of several rooms share: golden values made by independent packages
// and the small real data that they are about. It is imported by tests only, fails the test it is
// given instead of returning errors, and writes nothing.
package testkit

import (
	"embed"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/pentoai/vectory/internal/demo"
)

// testdata holds goldens.json (numpy, scikit-learn and others; versions inside; rows are items,
// float32 read as float64, a row is not its own neighbour, ties go to the lower row) and the two
// digits spaces that the demo does not carry.
//
//go:embed testdata
var testdata embed.FS

// Goldens are the golden values of all sets.
type Goldens struct {
	Conventions string            `json:"conventions"`
	Versions    map[string]string `json:"versions"`
	Tiny        GoldenSet         `json:"tiny"`
	Digits      GoldenSet         `json:"digits"`
}

// GoldenSet is a family of spaces over the same rows and what is known of them.
type GoldenSet struct {
	Fixtures map[string]Fixture               `json:"fixtures"` // tiny only: the values themselves
	Spaces   map[string]GoldenSpace           `json:"spaces"`   // "line5.x", "digits_pixels"
	Pairs    map[string]map[string]GoldenPair `json:"pairs"`    // "line5", "digits_pixels|digits_epoch20", then metric
}

// Fixture is a pair of spaces written out.
type Fixture struct {
	Note string      `json:"note"`
	X    [][]float32 `json:"x"`
	Y    [][]float32 `json:"y"`
}

// GoldenSpace is what is known of one space.
type GoldenSpace struct {
	Rows      int                  `json:"n"`
	Dims      int                  `json:"d"`
	SHA256    string               `json:"sha256_of_rows"`
	Euclidean *GoldenLists         `json:"euclidean"`
	Cosine    *GoldenLists         `json:"cosine"`
	Lists     map[string][][]int32 `json:"lists"` // by metric; tiny only
}

// GoldenLists are the neighbours of one space under one metric.
type GoldenLists struct {
	SHA256         string         `json:"lists_sha256"` // of the n×Length row numbers, little-endian int32, row-major
	Length         int            `json:"list_length"`
	FirstRows      [][]int32      `json:"first_rows"`
	FirstDistances [][]float64    `json:"first_rows_distances"` // 12 digits
	ExactTies      map[string]int `json:"exact_ties_at_k"`      // rows by k
}

// GoldenPair is what is known of two spaces under one metric.
type GoldenPair struct {
	At      map[int]GoldenScore // by k
	Vectory *GoldenVectory      // lists of 10 with the row itself
}

// GoldenScore are the scores at one k.
type GoldenScore struct {
	MeanJaccard   float64 `json:"mean_jaccard"`
	MeanOverlap   float64 `json:"mean_overlap"`
	Histogram     []int   `json:"histogram_jaccard"`
	Counts        []int   `json:"counts_of_shared"`
	SharedSHA256  string  `json:"shared_sha256"` // of m by row, little-endian int32
	Shared        []int32 `json:"shared_per_row"`
	RNX           float64 `json:"r_nx"`
	ChanceOverlap float64 `json:"chance_overlap"`
	ChanceJaccard float64 `json:"chance_jaccard_hypergeometric"`
}

// GoldenVectory is the original tool's score with exact lists.
type GoldenVectory struct {
	Mean      float64 `json:"mean"`
	Histogram []int   `json:"histogram"`
	Counts    []int   `json:"counts_of_shared_of_9"`
	Floor     float64 `json:"floor"`
}

// UnmarshalJSON sorts the keys "k10" and "vectory_preset_k10_self_included" apart.
func (p *GoldenPair) UnmarshalJSON(text []byte) error {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	p.At = map[int]GoldenScore{}
	for key, part := range parts {
		k, err := strconv.Atoi(key[1:])
		if err != nil {
			if err := json.Unmarshal(part, &p.Vectory); err != nil {
				return err
			}
			continue
		}
		var score GoldenScore
		if err := json.Unmarshal(part, &score); err != nil {
			return err
		}
		p.At[k] = score
	}
	return nil
}

// Golden reads the golden values.
func Golden(t testing.TB) *Goldens {
	t.Helper()
	g, err := loadGoldens()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var loadGoldens = sync.OnceValues(func() (*Goldens, error) {
	text, err := testdata.ReadFile("testdata/goldens.json")
	if err != nil {
		return nil, err
	}
	var g Goldens
	return &g, json.Unmarshal(text, &g)
})

// Matrix is a space as the computations take it: Rows×Dims values, row-major.
type Matrix struct {
	Data []float32
	Rows int
	Dims int
}

// Items are the lines of a dataset of the demo, digits or words, without the head.
func Items(t testing.TB, dataset string) [][]string {
	t.Helper()
	f, err := demo.Data.Open("data/" + dataset + "/items.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records[1:]
}

// DigitLabels are the digits that the rows of the digits spaces show.
func DigitLabels(t testing.TB) []int32 {
	t.Helper()
	var labels []int32
	for _, r := range Items(t, "digits") {
		labels = append(labels, int32(r[1][0]-'0'))
	}
	return labels
}

// Space reads one of the small real spaces: "digits_pixels", "digits_pca16", "digits_epoch00", 05,
// 10 or 20, "words_minilm", "words_tfidf". The values belong to the caller.
func Space(t testing.TB, name string) Matrix {
	t.Helper()
	places := map[string]struct {
		files fs.FS
		path  string
	}{
		"digits_pixels":  {demo.Data, "data/digits/pixels.npy"},
		"digits_epoch00": {demo.Data, "data/digits/epoch00.npy"},
		"digits_epoch05": {demo.Data, "data/digits/epoch05.npy"},
		"digits_epoch20": {demo.Data, "data/digits/epoch20.npy"},
		"digits_epoch10": {testdata, "testdata/digits/epoch10.npy"},
		"digits_pca16":   {testdata, "testdata/digits/pca16.npy"},
		"words_minilm":   {demo.Data, "data/words/minilm.npy"},
		"words_tfidf":    {demo.Data, "data/words/tfidf.npy"},
	}
	place, known := places[name]
	if !known {
		t.Fatalf("there is no space %q", name)
	}
	bytes, err := fs.ReadFile(place.files, place.path)
	if err != nil {
		t.Fatal(err)
	}
	return readNPY(t, name, bytes)
}

// ReadNPY reads a file of test data of the one kind that there is.
func ReadNPY(t testing.TB, path string) Matrix {
	t.Helper()
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return readNPY(t, path, bytes)
}

var npyShape = regexp.MustCompile(`'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)`)

// readNPY reads the one kind of .npy that the test data has: version 1, '<f4', C order.
func readNPY(t testing.TB, name string, bytes []byte) Matrix {
	t.Helper()
	body := 10 + int(binary.LittleEndian.Uint16(bytes[8:]))
	shape := npyShape.FindSubmatch(bytes[10:body])
	if shape == nil {
		t.Fatalf("%s: unexpected header %q", name, bytes[:body])
	}
	rows, _ := strconv.Atoi(string(shape[1]))
	dims, _ := strconv.Atoi(string(shape[2]))
	m := Matrix{Data: make([]float32, rows*dims), Rows: rows, Dims: dims}
	for i := range m.Data {
		m.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(bytes[body+4*i:]))
	}
	return m
}
