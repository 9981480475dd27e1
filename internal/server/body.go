package server

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
)

// bindJSON fills v, a struct, from a JSON body. Form and text bodies are refused: browsers send those unasked. So is a
// field that v does not have: whoever misspells one would else get an answer to another question.
func bindJSON(c *gin.Context, v any) error {
	if kind := c.ContentType(); kind != "application/json" {
		return catalog.Errorf(catalog.Invalid, "the body is %q; application/json is needed", kind)
	}
	read := json.NewDecoder(c.Request.Body)
	read.DisallowUnknownFields()
	err := read.Decode(v)
	if err == nil {
		if _, more := read.Token(); !errors.Is(more, io.EOF) {
			return catalog.Errorf(catalog.Invalid, "the body goes on after its JSON object, at byte %d", read.InputOffset())
		}
		return nil
	}
	return misread(err, read.InputOffset(), v)
}

// misread says what cannot be read, where, and what would be.
func misread(err error, at int64, v any) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	var large *http.MaxBytesError
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &large):
		return err
	case errors.Is(err, io.EOF):
		return catalog.Errorf(catalog.Invalid, "the body is empty; a JSON object is needed")
	case errors.As(err, &kind):
		field := kind.Field
		if field == "" {
			return catalog.Errorf(catalog.Invalid, "the body is a JSON %s, not an object", kind.Value)
		}
		return catalog.Errorf(catalog.Invalid, "%q is a JSON %s; %s is needed", field, kind.Value, said(kind.Type))
	case unknown:
		name = strings.Trim(name, `"`)
		known := fields(v)
		e := catalog.Errorf(catalog.Invalid, "the body has a field %q that is not known here", name)
		if near := catalog.Nearest(name, known, 1); len(near) > 0 {
			return e.WithHint("did you mean %q? The fields are: %s", near[0], strings.Join(known, ", "))
		}
		return e.WithHint("the fields are: %s", strings.Join(known, ", "))
	case errors.As(err, &syntax):
		at = syntax.Offset
	}
	return catalog.Errorf(catalog.Invalid, "the body is no JSON, at byte %d: %s", at, strings.TrimPrefix(err.Error(), "json: "))
}

// said is a type in the words of JSON.
func said(t reflect.Type) string {
	switch kind := t.Kind(); {
	case kind == reflect.Pointer:
		return said(t.Elem())
	case kind == reflect.String:
		return "a string"
	case kind == reflect.Bool:
		return "true or false"
	case kind == reflect.Slice || kind == reflect.Array:
		return "a list"
	case kind == reflect.Struct || kind == reflect.Map:
		return "an object"
	case t.ConvertibleTo(reflect.TypeFor[int]()) && kind != reflect.Float32 && kind != reflect.Float64:
		return "a whole number"
	}
	return "a number"
}

// fields are the names that the struct v points to has in JSON.
func fields(v any) []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeOf(v).Elem()) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}
