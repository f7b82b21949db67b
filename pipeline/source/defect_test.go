package source

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// broken is a reader with a defect.
type broken struct{ grid.Source }

func (b broken) Next(context.Context, grid.Sink) (bool, error) { panic("index out of range [7]") }

// A defect of a reader refuses its file and says where it is. In a stream that DuckDB pulled, it
// stopped the load for ever, with the run lock in its hand.
func TestADefectRefusesItsFile(t *testing.T) {
	f, err := Open(smallTable(t, "A1,甲,"+goodCode+",,,,,,,,,"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := Reader{Units: testUnits(t), Places: testPlaces(t)}
	layout, err := r.Inspect(t.Context(), f, contractOf(t, "small.yaml", small))
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Read(t.Context(), f, layout, layout.DataDate, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	l.streams[0].source = broken{l.streams[0].source}
	if l.Streams[0].Next() {
		t.Error("rows of a broken reader")
	}
	err = l.Err()
	if !errors.Is(err, refusal.ErrDefect) || !strings.HasPrefix(err.Error(), "小表_20250930.csv: ") ||
		!strings.Contains(err.Error(), "index out of range [7], at citykpi/pipeline/source/defect_test.go:17") {
		t.Error(err)
	}
}
