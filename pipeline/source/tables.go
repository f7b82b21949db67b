package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/json"
	"citykpi/pipeline/source/refusal"
)

// table is one sheet that a contract may be found in.
type table struct {
	sheet   *book.Sheet // nil: a CSV
	preview *preview
	fit     headerFit
}

// tables lists what a contract wants of the file: all sheets it names, or else
// the first sheet that has its columns. Hidden sheets come after visible ones,
// and only if the contract names them or none of the visible ones will do.
func (f *File) tables(c *contract.Contract) ([]table, error) {
	if f.Kind == CSV {
		p := f.csvPreviewOf(c.Format)
		return []table{{preview: p, fit: findHeader(c, p)}}, nil
	}
	b, err := f.bookFor(c)
	if err != nil {
		return nil, err
	}
	list := b.Sheets()
	wanted := c.Format.Wanted()
	if len(wanted) == 0 {
		return f.likely(c, b, list)
	}
	var out []table
	for i := range list {
		if len(list) > 1 || list[i].Name != "" { // a table without a name is meant by any
			if !slices.ContainsFunc(wanted, func(w string) bool { return sheetMatches(w, list[i].Name) }) {
				continue
			}
		}
		p, err := f.sheetPreview(b, &list[i], c.Format)
		if err != nil {
			return nil, err
		}
		out = append(out, table{&list[i], p, findHeader(c, p)})
	}
	if len(out) == 0 {
		says := fmt.Sprintf("the contract wants sheet %s, the workbook has %s", strings.Join(wanted, ", "), sheetNames(list))
		return nil, f.refuse(refusal.ErrNoSheet, says, "rename the sheet")
	}
	return out, nil
}

// sheetMatches: a name means itself, also where it holds the signs of a pattern.
func sheetMatches(pattern, name string) bool {
	if pattern == name {
		return true
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

func sheetNames(list []book.Sheet) string {
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// likely chooses the sheet when the contract names none.
func (f *File) likely(c *contract.Contract, b book.Book, list []book.Sheet) ([]table, error) {
	var first *table
	var firstErr error
	for _, hidden := range []bool{false, true} {
		for i := range list {
			if list[i].Hidden != hidden {
				continue
			}
			p, err := f.sheetPreview(b, &list[i], c.Format)
			if err != nil {
				if firstErr == nil {
					firstErr = err
				}
				continue
			}
			t := table{&list[i], p, findHeader(c, p)}
			if t.fit.matched > 0 && len(missingColumns(c, t.fit.at)) == 0 {
				return []table{t}, nil
			}
			if first == nil {
				first = &t
			}
		}
	}
	if firstErr != nil { // the one that cannot be read may be the one that is meant
		return nil, firstErr
	}
	return []table{*first}, nil
}

// bookFor is the file's book; of JSON it depends on where the contract says the records stand.
func (f *File) bookFor(c *contract.Contract) (book.Book, error) {
	if f.Kind != JSON {
		return f.book, nil
	}
	j, err := f.records(c.Format.Path)
	if err != nil {
		return nil, err
	}
	var aliases [][]string
	for _, col := range c.Columns {
		aliases = append(aliases, col.Keys)
	}
	return j.WithAliases(aliases), nil
}

// records looks for the records once per path.
func (f *File) records(path string) (*json.Book, error) {
	if f.lists[path] == nil {
		j, err := json.Open(f.Name, f.text(), path)
		if err != nil {
			return nil, err
		}
		f.lists[path] = j
	}
	return f.lists[path], nil
}

// sheetsNote says which sheets of several are read, and which of them nobody sees.
func sheetsNote(list []book.Sheet, read []table) []string {
	var names, hidden, others []string
	for _, t := range read {
		names = append(names, t.sheet.Name)
		if t.sheet.Hidden {
			hidden = append(hidden, t.sheet.Name)
		}
	}
	for _, s := range list {
		if !slices.Contains(names, s.Name) {
			others = append(others, s.Name)
		}
	}
	var notes []string
	if len(others) > 0 {
		notes = append(notes, fmt.Sprintf("sheet %s is read; not read: %s", strings.Join(names, ", "), strings.Join(others, ", ")))
	}
	if len(hidden) > 0 {
		notes = append(notes, "hidden and read all the same: sheet "+strings.Join(hidden, ", "))
	}
	return notes
}

// tablesOf are the file's tables, and the contract they are read by: the one with columns for
// corrections where a table has a header of theirs.
func (f *File) tablesOf(c *contract.Contract) ([]table, *contract.Contract, error) {
	tables, err := f.tables(c)
	wide := c.Corrected()
	if err != nil || wide == c {
		return tables, c, err
	}
	for _, t := range tables {
		for _, name := range t.fit.names {
			if key, _ := fold.HeaderKey(name); wide.AsksAction(key) {
				tables, err = f.tables(wide)
				return tables, wide, err
			}
		}
	}
	return tables, c, nil
}
