package load

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"citykpi/pipeline/project"
	"citykpi/pipeline/source/personal"
)

// Personal data leave the lake masked (`personal:` of a contract, and identity numbers
// wherever they stand): lake.<source> gives models masked values only, and what is
// printed of files goes through here. In clear they stand in the lake, and in the
// workbooks that go back to who sent them.

// masked is what became of files as it is told to people: without the identity numbers
// that stand in names of files or were met in their cells.
func masked(p *project.Project, results []FileResult) []FileResult {
	for i := range results {
		r := &results[i]
		r.File, r.Error = p.Mask.Text(r.File), p.Mask.Text(r.Error)
		for k, note := range r.Notes {
			r.Notes[k] = p.Mask.Text(note)
		}
		if r.Held != nil {
			h := *r.Held
			h.File, h.Reason, h.Command = p.Mask.Text(h.File), p.Mask.Text(h.Reason), p.Mask.Text(h.Command)
			r.Held = &h
		}
	}
	return results
}

// unmasked finds the file that a path printed by masked means.
func unmasked(p *project.Project, path string) string {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return path
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return path
	}
	for _, e := range entries {
		if name := e.Name(); p.Mask.Text(name) == filepath.Base(path) {
			return filepath.Join(filepath.Dir(path), name)
		}
	}
	return path
}

// personalNotes tells of identity numbers that were found where the contract expects none.
func personalNotes(found []personal.Column) (notes []string) {
	for _, c := range found {
		what := fmt.Sprintf("%d cells hold what looks like an identity number", c.Cells)
		if c.Cells == 1 {
			what = "1 cell holds what looks like an identity number"
		}
		notes = append(notes, fmt.Sprintf("column %s (%s): %s; masked wherever it leaves the lake. "+
			"Try: ask the bureau for another number, or say personal: id in the contract", c.Column, strings.TrimSpace(c.Header), what))
	}
	return notes
}
