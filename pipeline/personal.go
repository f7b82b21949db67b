package pipeline

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/personal"
)

// Personal data leave the lake masked (`personal:` of a contract, and identity numbers
// wherever they stand): lake.<source> gives models masked values only, and what is
// printed of files goes through here. In clear they stand in the lake, and in the
// workbooks that go back to who sent them.

// readKey reads the key that persons are masked with, if there is one yet.
func (p *Project) readKey() error {
	path := p.Var(personal.KeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return nil
	}
	if err == nil {
		p.Mask, err = personal.ParseKey(text)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w. Try: restore it from a backup", path, err)
	}
	return nil
}

// MaskOf masks what is printed of the project in dir, also where it cannot be opened: without its
// key all numbers become the same word.
func MaskOf(dir string) personal.Masker {
	p := Project{Dir: dir}
	if err := p.readKey(); err != nil {
		return personal.Masker{}
	}
	return p.Mask
}

// MakeKey makes the key that persons are masked with, once for the life of a project.
// Under another key all persons would be others: that a key is missing beside a
// release which was made with one is an error.
func (p *Project) MakeKey() error {
	path := p.Var(personal.KeyFile)
	info, err := os.Lstat(path)
	switch {
	case err == nil && info.Size() > 0:
		if info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
			if err := os.Chmod(path, 0o600); err != nil {
				return fmt.Errorf("others can read %s: %w", path, err)
			}
		}
		return p.readKey()
	case err == nil: // emptied by hand, to begin anew
	case !errors.Is(err, fs.ErrNotExist):
		return err
	default:
		if m, err := p.Releases().Current(); err == nil {
			if c, err := readCatalogue(p.Releases().Dir(m.ID)); err == nil && c.Key != "" {
				return fmt.Errorf("%s is missing: release %s masked persons with it. Try: restore it from a backup, or make an empty file of that name to mask with a new key, under which everybody has another number", path, m.ID)
			}
		}
	}
	var key [32]byte
	rand.Read(key[:]) // never fails
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	if err := durable.WriteFile(path, personal.FormatKey(key)); err != nil {
		return durable.Disk(fmt.Errorf("write %s: %w", path, err))
	}
	return p.readKey()
}

// masked is what became of files as it is told to people: without the identity numbers
// that stand in names of files or were met in their cells.
func (p *Project) masked(results []FileResult) []FileResult {
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
func (p *Project) unmasked(path string) string {
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
		notes = append(notes, fmt.Sprintf("column %s (%s): %s; masked wherever it leaves the lake. Try: ask the bureau for another number, or say personal: id in the contract", c.Column, strings.TrimSpace(c.Header), what))
	}
	return notes
}

// personalFound lists the files in which identity numbers were found, for the office.
func (p *Project) personalFound(batches []lake.Batch) (list []kpi.PersonalFound) {
	names := map[string]string{}
	for _, c := range p.Contracts {
		names[c.Source] = c.Name
	}
	for _, b := range batches {
		for _, c := range b.Personal {
			list = append(list, kpi.PersonalFound{Batch: b.Batch, Source: names[b.Source], Bureau: b.Bureau, File: p.Mask.Text(b.File), Column: p.Mask.Text(c.Header), Cells: c.Cells})
		}
	}
	return list
}
