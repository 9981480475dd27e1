package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/npy"
	"github.com/pentoai/vectory/internal/wire"
)

const (
	reportItems    = 20_000   // that can be clicked in a report, the ends of the ranking among them
	reportPictures = 12 << 20 // bytes of pictures in a report
	reportColumn   = 16 << 20 // bytes of a column's values in a report
	// reportNeighbours of each item of a space can be looked at.
	reportNeighbours = 15
)

// reportPage holds the page's own script and style, the answers that the script would ask the daemon for, and a policy
// that lets nothing else in.
var reportPage = template.Must(template.New("report").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-{{.ScriptSum}}'; style-src 'sha256-{{.StyleSum}}'; img-src data: blob:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{.Title}}</title>
{{.Style}}
</head>
<body>
<div id="app"></div>
<noscript>This report needs JavaScript; it asks nobody for anything.</noscript>
<script id="archive" type="text/plain">{{.Archive}}</script>
{{.Script}}
</body>
</html>
`))

// archive is what a report holds in place of a daemon: replies by path.
type archive struct {
	Key     string                `json:"key"`   // of a comparison, or
	Space   string                `json:"space"` // the name of a space
	Made    string                `json:"made"`
	Colour  string                `json:"colour"`  // the column that colours the maps at first
	Replies map[string]any        `json:"replies"` // as JSON
	Files   map[string][]byte     `json:"files"`   // arrays and pictures
	Items   []wire.ComparisonItem `json:"items"`
	Lists   []wire.Neighbours     `json:"lists"` // of a space
	Layouts []wire.Layout         `json:"layouts"`
	s       *server
	room    int // for further pictures, in bytes
}

// report answers with a comparison as one HTML file, to be kept and sent around.
func (s *server) report(c *gin.Context) {
	comparison, err := s.w.Comparison(c, c.Param("key"))
	if err != nil {
		writeError(c, err)
		return
	}
	page, err := s.makeReport(comparison.A+" ↔ "+comparison.B, &archive{Key: comparison.Key, Colour: c.Query("colour")},
		func(a *archive) error { return a.fill(c, comparison) })
	replyReport(c, comparison.A+" "+comparison.B, page, err)
}

// spaceReport answers with the map of one space, its items' neighbours and its dataset as one HTML file.
func (s *server) spaceReport(c *gin.Context) {
	name := c.Param("name")
	page, err := s.makeReport(name, &archive{Space: name, Colour: c.Query("colour")},
		func(a *archive) error { return a.fillSpace(c, name) })
	replyReport(c, name, page, err)
}

func replyReport(c *gin.Context, name string, page []byte, err error) {
	if err != nil {
		writeError(c, err)
		return
	}
	name = strings.ReplaceAll(name+".html", "/", "-")
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name})) // it must not run here
	c.Data(http.StatusOK, "text/html; charset=utf-8", page)
}

func (s *server) makeReport(title string, a *archive, fill func(*archive) error) ([]byte, error) {
	script, style := s.guard.pages["/report.js"].content, s.guard.pages["/app.css"].content
	if script == nil || style == nil {
		return nil, catalog.Errorf(catalog.Unavailable, "this daemon has no page, so it cannot write a report")
	}
	a.Made, a.s, a.room = time.Now().UTC().Format("2006-01-02 15:04 UTC"), s, reportPictures
	a.Replies, a.Files = map[string]any{}, map[string][]byte{}
	if err := fill(a); err != nil {
		return nil, err
	}
	packed, err := a.pack()
	if err != nil {
		return nil, err
	}
	script = bytes.ReplaceAll(script, []byte("</script"), []byte(`<\/script`))
	var page bytes.Buffer
	err = reportPage.Execute(&page, map[string]any{
		"Title":     title,
		"Archive":   template.HTML(packed), //nolint:gosec // base64
		"ScriptSum": template.HTMLAttr(sum64(script)),
		"Script":    template.HTML(`<script type="module">` + string(script) + `</script>`), //nolint:gosec // ours
		"StyleSum":  template.HTMLAttr(sum64(style)),
		"Style":     template.HTML(`<style>` + string(style) + `</style>`), //nolint:gosec // ours
	})
	return page.Bytes(), err
}

func sum64(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (a *archive) pack() (string, error) {
	var packed bytes.Buffer
	text := base64.NewEncoder(base64.StdEncoding, &packed)
	zipped := gzip.NewWriter(text)
	if err := json.NewEncoder(zipped).Encode(a); err != nil {
		return "", err
	}
	if err := zipped.Close(); err != nil {
		return "", err
	}
	err := text.Close()
	return packed.String(), err
}

// fill keeps what the page of a comparison asks for.
func (a *archive) fill(ctx context.Context, comparison wire.Comparison) error {
	base := "comparisons/" + comparison.Key
	a.Replies[base] = comparison
	a.Replies["measures"] = a.s.w.Measures()
	for _, name := range []string{"jaccard", "row_a", "shared", "occurrences_a", "occurrences_b"} {
		column, err := a.s.w.ComparisonColumn(ctx, comparison.Key, name)
		if err != nil {
			return err
		}
		if column.Floats != nil {
			err = keepArray(a, base+"/rows?column="+name, column.Floats, len(column.Floats))
		} else {
			err = keepArray(a, base+"/rows?column="+name, column.Integers, len(column.Integers))
		}
		if err != nil {
			return err
		}
	}
	selections, err := a.s.w.Selections(ctx, "", comparison.Key)
	if err != nil {
		return err
	}
	a.Replies["selections?comparison="+comparison.Key] = wire.Selections{Selections: selections}
	evidence, err := a.s.w.Evidence(ctx, comparison.Key, reportItems)
	if err != nil {
		return err
	}
	a.Items, a.Layouts = evidence.Items, evidence.Layouts
	for _, l := range a.Layouts {
		if err := a.keepLayout(ctx, l, "coords_a", "coords_b", "row_a", "row_b", "displacement", "local_trust_a", "local_trust_b"); err != nil {
			return err
		}
	}
	return a.keepSpaces(ctx, comparison)
}

// fillSpace keeps what the map of a space asks for.
func (a *archive) fillSpace(ctx context.Context, name string) error {
	selections, err := a.s.w.Selections(ctx, name, "")
	if err != nil {
		return err
	}
	a.Replies["selections?space="+name] = wire.Selections{Selections: selections}
	evidence, err := a.s.w.SpaceEvidence(ctx, name, reportNeighbours, reportItems)
	if err != nil {
		return err
	}
	a.Lists, a.Layouts = evidence.Lists, evidence.Layouts
	for _, l := range a.Layouts {
		if err := a.keepLayout(ctx, l, "coords_a"); err != nil {
			return err
		}
	}
	var rows []int
	for _, list := range a.Lists {
		rows = append(rows, *list.Row)
		for _, n := range list.Neighbours {
			rows = append(rows, n.Row)
		}
	}
	return a.keepSpace(ctx, name, rows)
}

func (a *archive) keepLayout(ctx context.Context, l wire.Layout, names ...string) error {
	for _, name := range names {
		f, err := a.s.w.LayoutColumn(ctx, l.ID, name)
		if err != nil {
			return err
		}
		path := "layouts/" + l.ID + "/frame?column=" + name
		switch {
		case f.Integers != nil:
			err = keepArray(a, path, f.Integers, f.Rows)
		case f.Width == 1:
			err = keepArray(a, path, f.Floats, f.Rows)
		default:
			err = keepArray(a, path, f.Floats, f.Rows, f.Width)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func keepArray[T npy.Value](a *archive, path string, data []T, shape ...int) error {
	var file bytes.Buffer
	err := npy.Write(&file, data, shape...)
	a.Files[path] = file.Bytes()
	return err
}

// keepSpaces keeps both spaces, the columns of their datasets, and the pictures of the items while there is room:
// those of the items that agree least and most go first.
func (a *archive) keepSpaces(ctx context.Context, comparison wire.Comparison) error {
	for i, name := range []string{comparison.A, comparison.B} {
		if err := a.keepSpace(ctx, name, rowsShown(a.Items, i == 1)); err != nil {
			return err
		}
	}
	return nil
}

// keepSpace keeps a space, the columns of its dataset, and the pictures of some rows.
func (a *archive) keepSpace(ctx context.Context, name string, rows []int) error {
	space, err := a.s.w.Space(ctx, name)
	if err != nil {
		return err
	}
	a.Replies["spaces/"+name] = space
	if space.Dataset == nil {
		return nil
	}
	media, err := a.keepDataset(ctx, *space.Dataset)
	if err != nil {
		return err
	}
	for _, column := range media {
		a.keepPictures(ctx, *space.Dataset, column, rows)
	}
	return nil
}

// keepDataset keeps a dataset and its columns and gives the names of those that hold pictures.
func (a *archive) keepDataset(ctx context.Context, name string) (media []string, err error) {
	dataset, err := a.s.w.Dataset(ctx, name)
	if err != nil {
		return nil, err
	}
	kept := []string{}
	for _, column := range dataset.Columns {
		values, err := a.s.w.DatasetColumn(ctx, name, column)
		if err != nil {
			return nil, err
		}
		if size(values.Values) > reportColumn {
			continue // texts as long as books
		}
		kept = append(kept, column)
		a.Replies["datasets/"+name+"/columns/"+column] = values
		if holdPictures(values.Values) {
			media = append(media, column)
		}
	}
	dataset.Columns = kept
	a.Replies["datasets/"+name] = dataset
	return media, nil
}

var pictureName = regexp.MustCompile(`(?i)\.(png|jpe?g|gif|webp)$`)

func holdPictures(values []string) bool {
	found := false
	for _, v := range values {
		if v != "" && !pictureName.MatchString(v) {
			return false
		}
		found = found || v != ""
	}
	return found
}

func size(values []string) (bytes int) {
	for _, v := range values {
		bytes += len(v)
	}
	return bytes
}

// rowsShown gives the rows of A's dataset (or B's) whose pictures the items show, in the order of the items.
func rowsShown(items []wire.ComparisonItem, b bool) []int {
	var rows []int
	for _, item := range items {
		list := item.A
		if b {
			list = item.B
		} else {
			rows = append(rows, item.RowA)
		}
		for _, n := range list {
			rows = append(rows, n.Row)
		}
	}
	return rows
}

func (a *archive) keepPictures(ctx context.Context, dataset, column string, rows []int) {
	for _, row := range rows {
		path := "datasets/" + dataset + "/media/" + strconv.Itoa(row) + "/" + column
		if _, ok := a.Files[path]; ok {
			continue
		}
		root, file, err := a.s.w.MediaPath(ctx, dataset, row, column)
		if err != nil {
			continue // the page says that it is missing
		}
		picture, err := thumbnail(root, file)
		if err != nil {
			continue
		}
		if a.room -= len(picture); a.room < 0 || ctx.Err() != nil {
			return
		}
		a.Files[path] = picture
	}
}
