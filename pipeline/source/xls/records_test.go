package xls

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
)

// shownSink looks at every cell as the preview and a rejected row do.
type shownSink struct{ book *Book }

func (shownSink) Begin(int, bool) {}

func (s shownSink) Row(_ int64, cells [][]byte, kinds []grid.Kind) {
	for i, cell := range cells {
		if kinds != nil && kinds[i].IsNumber() {
			s.book.Numbers().Text(string(cell), kinds[i])
			s.book.Numbers().GoesBack(cell, kinds[i])
		}
	}
}

// FuzzXLSRecords fuzzes what stands inside the container.
func FuzzXLSRecords(f *testing.F) {
	files, err := filepath.Glob("../testdata/corpus/*/*.xls")
	if err != nil || len(files) == 0 {
		f.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if !bytes.HasPrefix(b, Magic) {
			continue
		}
		if w, err := Open("x.xls", bytes.NewReader(b), int64(len(b))); err == nil {
			stream, err := io.ReadAll(w.stream)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(stream)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := openStream("x.xls", io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))))
		var refused *refusal.Error
		if err != nil {
			if !errors.As(err, &refused) {
				t.Fatal(err)
			}
			return
		}
		for i := range w.Sheets() {
			src := w.Rows(&w.Sheets()[i], 0, nil)
			for more := true; more; {
				if more, err = src.Next(t.Context(), shownSink{w}); err != nil && !errors.As(err, &refused) {
					t.Fatal(err)
				}
			}
			src.Close()
		}
	})
}
