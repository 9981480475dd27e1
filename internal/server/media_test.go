package server

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
)

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func picture(w, h int) image.Image {
	p := image.NewGray(image.Rect(0, 0, w, h))
	for i := range p.Pix {
		p.Pix[i] = uint8(i)
	}
	return p
}

func encoded(t *testing.T, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture(w, h)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// claimingSize is a PNG whose header claims w × h pixels.
func claimingSize(t *testing.T, w, h uint32) []byte {
	t.Helper()
	content := encoded(t, 2, 2)
	binary.BigEndian.PutUint32(content[16:], w)
	binary.BigEndian.PutUint32(content[20:], h)
	binary.BigEndian.PutUint32(content[29:], crc32.ChecksumIEEE(content[12:29]))
	return content
}

func TestThumbnails(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "small.png"), encoded(t, 8, 8))
	write(t, filepath.Join(root, "in", "wide.png"), encoded(t, 1000, 10))
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, picture(300, 600), nil); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "photo.jpg"), photo.Bytes())
	for _, c := range []struct {
		path string
		w, h int
	}{{"small.png", 8, 8}, {"in/wide.png", 256, 2}, {"photo.jpg", 128, 256}, {"in/../small.png", 8, 8}, {filepath.Join(root, "small.png"), 8, 8}} {
		content, err := thumbnail(root, c.path)
		if err != nil {
			t.Errorf("%s: %s", c.path, err)
			continue
		}
		got, err := png.Decode(bytes.NewReader(content))
		if err != nil || got.Bounds() != image.Rect(0, 0, c.w, c.h) {
			t.Errorf("%s: %v, %v", c.path, got.Bounds(), err)
		}
	}
	content, _ := thumbnail(root, "small.png")
	got, _ := png.Decode(bytes.NewReader(content))
	if color.GrayModel.Convert(got.At(3, 2)) != (color.Gray{Y: 19}) {
		t.Errorf("the pixel (3, 2) became %v", got.At(3, 2))
	}
}

func TestSoundsAreToldByTheirFirstBytes(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"a wave", "RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"},
		{"another RIFF", "RIFF\x24\x00\x00\x00WEBPVP8 ", ""},
		{"ogg", "OggS\x00", "audio/ogg"},
		{"flac", "fLaC\x00", "audio/flac"},
		{"m4a", "\x00\x00\x00\x20ftypM4A ", "audio/mp4"},
		{"a film", "\x00\x00\x00\x20ftypisom", ""},
		{"mp3 with a tag", "ID3\x04", "audio/mpeg"},
		{"mp3", "\xff\xfb\x90\x00", "audio/mpeg"},
		{"a jpeg", "\xff\xd8\xff\xe0", ""},
		{"a page", "<script>alert(1)</script>", ""},
		{"nothing", "", ""},
	} {
		if got := soundOf([]byte(c.content)); got != c.want {
			t.Errorf("%s is %q, not %q", c.name, got, c.want)
		}
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "secret.png"), encoded(t, 4, 4))
	write(t, filepath.Join(root, "page.png"), []byte("<script>alert(1)</script>"))
	write(t, filepath.Join(root, "picture.svg"), []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"))
	write(t, filepath.Join(root, "empty.png"), nil)
	write(t, filepath.Join(root, "cut.png"), encoded(t, 64, 64)[:60])
	write(t, filepath.Join(root, "bomb.png"), claimingSize(t, 60000, 60000))
	if err := os.Symlink(filepath.Join(outside, "secret.png"), filepath.Join(root, "link.png")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(root, "pipe.png"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		want catalog.Code
	}{
		{"page.png", catalog.Invalid}, {"picture.svg", catalog.Invalid}, {"empty.png", catalog.Invalid}, {"cut.png", catalog.Invalid},
		{"bomb.png", catalog.TooLarge}, {"link.png", catalog.NotFound}, {"pipe.png", catalog.NotFound}, {"none.png", catalog.NotFound}, {"", catalog.NotFound},
		{".", catalog.NotFound}, {"../" + filepath.Base(outside) + "/secret.png", catalog.NotFound}, {filepath.Join(outside, "secret.png"), catalog.NotFound}, {"/etc/passwd", catalog.NotFound},
	} {
		if _, err := thumbnail(root, c.path); catalog.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.path, err, c.want)
		}
	}
	if _, err := thumbnail(filepath.Join(root, "gone"), "small.png"); catalog.CodeOf(err) != catalog.NotFound {
		t.Errorf("a root that is gone: %v", err)
	}
}
