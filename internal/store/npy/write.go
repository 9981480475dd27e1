package npy

import (
	"io"

	"github.com/kshedden/gonpy"

	"github.com/pentoai/vectory/internal/catalog"
)

// Value is what Write can write.
type Value interface{ float32 | float64 | int32 }

// Write writes data as an .npy file of the given shape, C order.
func Write[T Value](w io.Writer, data []T, shape ...int) error {
	want := 1
	for _, n := range shape {
		want *= n
	}
	if want != len(data) {
		return catalog.Errorf(catalog.Internal, "%d values do not fill the shape %v", len(data), shape)
	}
	out, err := gonpy.NewWriter(keepOpen{w})
	if err != nil {
		return err
	}
	out.Shape = shape
	switch values := any(data).(type) {
	case []float32:
		return out.WriteFloat32(values)
	case []float64:
		return out.WriteFloat64(values)
	default:
		return out.WriteInt32(any(data).([]int32))
	}
}

// keepOpen lets gonpy, which closes what it writes to, leave w to its owner.
type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }
