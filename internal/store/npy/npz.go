package npy

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/pentoai/vectory/internal/catalog"
)

// maxMembers is how many arrays an .npz may hold.
const maxMembers = 64

// DecodeAny is Decode for .npy, .npz and .safetensors alike. An .npz that is no File is spooled to TempDir, its one array is taken
// or the one that Array names; so is the tensor of a .safetensors, which is streamed.
func DecodeAny(ctx context.Context, r io.Reader, o Options, emit Emit) (Header, error) {
	start := bufio.NewReaderSize(r, 64<<10)
	head, _ := start.Peek(10)
	o.lies, _ = r.(*File)
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		if file := o.lies; file != nil {
			o.lies = nil // the array is inside
			return decodeArchive(ctx, file, file.Size, o, emit)
		}
		return spoolArchive(ctx, start, o, emit)
	case isSafetensors(head):
		return decodeSafetensors(ctx, start, o, emit)
	case o.Array != "":
		return Header{}, invalid("--array %s is for files of several arrays, and this is not one", o.Array)
	}
	return Decode(ctx, start, o, emit)
}

func spoolArchive(ctx context.Context, start io.Reader, o Options, emit Emit) (Header, error) {
	spool, err := os.CreateTemp(o.TempDir, ".tmp-npz-*")
	if err != nil {
		return Header{}, fmt.Errorf("spool an .npz: %w", err)
	}
	defer spool.Close()
	defer os.Remove(spool.Name())
	size, err := io.Copy(spool, start)
	if err != nil {
		return Header{}, ReadError(err)
	}
	return decodeArchive(ctx, spool, size, o, emit)
}

func decodeArchive(ctx context.Context, file io.ReaderAt, size int64, o Options, emit Emit) (Header, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return Header{}, invalid("the .npz file is damaged: its %d bytes do not end with the list of its arrays: it is cut short", size).WithHint("write or copy it again")
	}
	member, err := choose(archive, o.Array)
	if err != nil {
		return Header{}, err
	}
	return decodeMember(ctx, member, o, emit)
}

// choose takes the one array, or the named one. Names are only compared, never used as paths.
func choose(archive *zip.Reader, array string) (*zip.File, error) {
	var names []string
	var found []*zip.File
	for _, f := range archive.File {
		name := arrayName(f)
		names = append(names, name)
		if array == "" || name == array || f.Name == array {
			found = append(found, f)
		}
	}
	if len(names) > maxMembers {
		return nil, invalid("the .npz file holds %d members; at most %d are allowed", len(names), maxMembers)
	}
	list := listed(names)
	switch {
	case len(names) == 0:
		return nil, invalid("the .npz file holds no array")
	case len(found) == 1:
		return found[0], nil
	case array == "":
		return nil, invalid("the .npz file holds %d arrays: %s", len(names), list).WithHint("say which one with --array NAME")
	case len(found) > 1:
		return nil, invalid("the .npz file holds the array '%s' %d times", shown(array), len(found))
	}
	return nil, invalid("the .npz file has no array '%s'; it holds %s", shown(array), list)
}

func decodeMember(ctx context.Context, f *zip.File, o Options, emit Emit) (Header, error) {
	if f.Flags&1 != 0 {
		return Header{}, invalid("the array '%s' of the .npz file is encrypted", shown(arrayName(f))).WithHint("write it again with numpy.savez")
	}
	r, err := f.Open()
	if err != nil {
		return Header{}, invalid("the array '%s' of the .npz file cannot be read: %s", shown(arrayName(f)), err)
	}
	defer r.Close()
	// One byte more than declared, so that a member that lies about its size is found out.
	o.Size = -1
	if f.UncompressedSize64 < 1<<62 {
		o.Size = int64(f.UncompressedSize64)
	}
	h, err := Decode(ctx, io.LimitReader(r, o.Size+1), o, emit)
	if errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat) {
		return h, &catalog.Error{Code: catalog.Invalid, Message: fmt.Sprintf("the array '%s' of the .npz file is damaged: its bytes are not those of its checksum", shown(arrayName(f))), Hint: "write or copy it again", Err: err}
	}
	var known *catalog.Error
	if errors.As(err, &known) && known.Code == catalog.Invalid {
		return h, &catalog.Error{Code: known.Code, Message: fmt.Sprintf("the array '%s' of the .npz file: %s", shown(arrayName(f)), known.Message), Hint: known.Hint, Err: err}
	}
	return h, err
}

// arrayName is what numpy calls a member.
func arrayName(f *zip.File) string { return strings.TrimSuffix(f.Name, ".npy") }

// shown is a name as it may stand in a message.
func shown(name string) string {
	return clip(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '�'
	}, name))
}
