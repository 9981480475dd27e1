package catalog

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Selection is a set of rows of a space that a person named.
type Selection struct {
	ID         int64     `json:"id"`
	SpaceID    int64     `json:"-"`
	Space      string    `json:"space"`
	Comparison *string   `json:"comparison"` // key of the comparison that it was made in, where the rows are those of A; nil: on the space's own map
	Name       string    `json:"name"`
	Note       string    `json:"note"`
	Rows       string    `json:"rows"`  // ranges, ascending: 0-3,7
	Count      int       `json:"count"` // of rows
	CreatedAt  time.Time `json:"created_at"`
}

const (
	// MaxNote is the longest note allowed, in bytes.
	MaxNote = 20_000
	// MaxRanges is the longest text of a selection's rows, in bytes: a million rows without any that follow each other.
	MaxRanges = 8 << 20
)

// CheckNote says whether a note can be kept.
func CheckNote(note string) error {
	switch {
	case len(note) > MaxNote:
		return Errorf(Invalid, "the note has %d bytes; at most %d are allowed", len(note), MaxNote)
	case !utf8.ValidString(note):
		return Errorf(Invalid, "the note is not valid UTF-8")
	}
	return nil
}

var rangeForm = regexp.MustCompile(`^(\d{1,9})(?:-(\d{1,9}))?$`)

// CountRanges checks rows written as ranges ("0-3,7": ascending, none twice, all below n) and counts them.
func CountRanges(ranges string, n int) (count int, err error) {
	if len(ranges) > MaxRanges {
		return 0, Errorf(TooLarge, "the rows of the selection take %d bytes as ranges; at most %d are allowed", len(ranges), MaxRanges)
	}
	next := 0 // the least row that may come
	for part := range strings.SplitSeq(ranges, ",") {
		match := rangeForm.FindStringSubmatch(part)
		if match == nil {
			return 0, Errorf(Invalid, "%q is no row and no range of rows", clip(part, 30)).WithHint("ranges look like 0-3,7")
		}
		from, _ := strconv.Atoi(match[1]) // at most nine digits
		to := from
		if match[2] != "" {
			to, _ = strconv.Atoi(match[2])
		}
		if from < next || to < from {
			return 0, Errorf(Invalid, "the rows are not ascending at %q", part)
		}
		if to >= n {
			return 0, Errorf(Invalid, "row %d is not there: the space has %d rows", to, n)
		}
		count += to - from + 1
		next = to + 1
	}
	return count, nil
}
