package catalog

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is the longest name allowed, in bytes.
const MaxName = 200

// CheckName says whether name can name a thing of the given kind ("space", "dataset", …). Names may
// hold slashes, spaces and any letters; they are data, never parts of a path.
func CheckName(kind, name string) error {
	bad := func(why string) error {
		return Errorf(Invalid, "%s name %q %s", kind, clip(name, 60), why)
	}
	switch {
	case name == "":
		return Errorf(Invalid, "the %s has no name", kind)
	case len(name) > MaxName:
		return Errorf(Invalid, "the %s name has %d bytes; at most %d are allowed", kind, len(name), MaxName)
	case !utf8.ValidString(name):
		return bad("is not valid UTF-8")
	case strings.TrimSpace(name) != name:
		return bad("starts or ends with white space")
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }):
		return bad("holds a control character")
	case strings.Contains(name, "@"):
		return bad("holds an @, which is kept for versions (name@2)")
	case slices.Contains(strings.Split(name, "/"), "."), slices.Contains(strings.Split(name, "/"), ".."),
		strings.HasPrefix(name, "/"), strings.HasSuffix(name, "/"), strings.Contains(name, "//"):
		return bad("has an empty, '.' or '..' part between slashes")
	}
	return nil
}

// SplitVersion takes apart name@2, the second version of a name. Without a version number is 0.
func SplitVersion(name string) (base string, number int) {
	at := strings.LastIndexByte(name, '@')
	if at < 0 {
		return name, 0
	}
	n, err := strconv.Atoi(name[at+1:])
	if err != nil || n < 1 || strconv.Itoa(n) != name[at+1:] {
		return name, 0
	}
	return name[:at], n
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "…"
}

// Unknown is the error for a name that nothing has, with the nearest names that exist.
func Unknown(kind, name string, existing []string) error {
	err := Errorf(NotFound, "no %s is named %q", kind, clip(name, 60))
	if near := Nearest(name, existing, 3); len(near) > 0 {
		return err.WithHint("did you mean %s?", strings.Join(quoteAll(near), " or "))
	}
	if len(existing) == 0 {
		return err.WithHint("no %s is tracked yet; see: vectory add --help", kind)
	}
	return err.WithHint("see: vectory ls %ss", kind)
}

func quoteAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "'" + n + "'"
	}
	return out
}

// Nearest gives at most limit of the candidates that look like name, best first: those that contain
// it or are within a third of its length in edits (Levenshtein).
func Nearest(name string, candidates []string, limit int) []string {
	type scored struct {
		name string
		cost int
	}
	want := strings.ToLower(name)
	var near []scored
	for _, c := range candidates {
		low := strings.ToLower(c)
		cost := edits(want, low)
		contains := want != "" && (strings.Contains(low, want) || strings.Contains(want, low))
		if contains || cost <= max(2, utf8.RuneCountInString(want)/3) {
			near = append(near, scored{c, cost})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int { return a.cost - b.cost })
	out := make([]string, 0, limit)
	for _, s := range near[:min(limit, len(near))] {
		out = append(out, s.name)
	}
	return out
}

// edits is the Levenshtein distance of a and b in runes.
func edits(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	row := make([]int, len(rb)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range ra {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range rb {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(rb)]
}
