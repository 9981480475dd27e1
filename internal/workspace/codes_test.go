package workspace

import (
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Codes never take more than their share, and those that were asked for last stay.
func TestCodesAreForgottenByAgeAndSize(t *testing.T) {
	var c keptCodes
	for _, key := range []string{"a", "b", "c"} {
		c.keep(codesOf{key, &knn.Codes{}, 30}, 100)
	}
	if c.find("a") == nil {
		t.Fatal("a is gone, though there was room")
	}
	c.keep(codesOf{"d", &knn.Codes{}, 30}, 100)
	c.keep(codesOf{"d", &knn.Codes{}, 30}, 130) // two questions made them at once
	if c.find("b") != nil {
		t.Error("b is kept: it was asked for longest ago")
	}
	if c.find("a") == nil || c.find("d") == nil || c.bytes > 100 || len(c.list)*30 != int(c.bytes) {
		t.Errorf("kept %v of %d bytes", c.list, c.bytes)
	}
	c.shrink(30)
	if len(c.list) != 1 || c.bytes != 30 || c.find("d") == nil {
		t.Errorf("after shrinking %v of %d bytes are kept", c.list, c.bytes)
	}
	if c.again("x") || !c.again("x") {
		t.Error("the second question is not told from the first")
	}
}
