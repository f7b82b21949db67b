package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
	"citykpi/pipeline/source/refusal"
)

// book is a file that holds tables: the sheets of a workbook, or one table
// without a name. A CSV is none: it is cut into parts and read in parallel.
type book interface {
	sheets() []sheet
	// rows reads a sheet below row after. header is what Inspect found, for
	// formats whose rows name their cells; nil on the way to the header.
	rows(sh *sheet, after int64, header []string) grid.Source
	// numbers is how it shows its numbers.
	numbers() *numfmt.Styles
}

// sheet is one table of a book.
type sheet struct {
	name   string
	part   string // of an .xlsx: path in the archive
	index  int
	hidden bool
	odd    bool // its XML is not as Excel writes it: it is rewritten before it is scanned
}

// notComputed stands in the cell of a formula that has no cached result.
const notComputed = "公式未计算"

// sheetMarks is what a source has learned about its sheet when it is read to the end.
type sheetMarks interface {
	merged() []mergedCells
	hiddenRows() hiddenRows
	hiddenColumns() hiddenColumns
}

// hiddenRows counts rows that a person who opens the sheet does not see.
type hiddenRows struct {
	count     int64
	first     []int64
	byDefault bool // those that stand nowhere are; programs differ in what they show of the others
}

func (h *hiddenRows) add(row int64) {
	h.count++
	if len(h.first) < grid.FirstRows {
		h.first = append(h.first, row)
	}
}

// hiddenColumns says by column, counted from 0, which a person who opens the sheet does not see.
// Most sheets with any hide all columns right of their table.
type hiddenColumns []bool

func (h *hiddenColumns) add(first, last int) {
	for len(*h) <= min(last, maxColumns-1) {
		*h = append(*h, false)
	}
	for j := max(first, 0); j <= min(last, maxColumns-1); j++ {
		(*h)[j] = true
	}
}

// remove says that columns are seen.
func (h hiddenColumns) remove(first, last int) {
	for j := max(first, 0); j <= last && j < len(h); j++ {
		h[j] = false
	}
}

func (h hiddenColumns) has(column int) bool { return column >= 0 && column < len(h) && h[column] }

// table is one sheet that a contract may be found in.
type table struct {
	sheet   *sheet // nil: a CSV
	preview *preview
	fit     headerFit
}

// tables lists what a contract wants of the file: all sheets it names, or else
// the first sheet that has its columns. Hidden sheets come after visible ones,
// and only if the contract names them or none of the visible ones will do.
func (f *File) tables(c *Contract) ([]table, error) {
	if f.Kind == CSV {
		p := f.csvPreviewOf(c.Format)
		return []table{{preview: p, fit: findHeader(c, p)}}, nil
	}
	b, err := f.bookFor(c)
	if err != nil {
		return nil, err
	}
	list := b.sheets()
	wanted := c.Format.sheets()
	if len(wanted) == 0 {
		return f.likely(c, b, list)
	}
	var out []table
	for i := range list {
		if len(list) > 1 || list[i].name != "" { // a table without a name is meant by any
			if !slices.ContainsFunc(wanted, func(w string) bool { return sheetMatches(w, list[i].name) }) {
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
		return nil, f.refuse(refusal.ErrNoSheet, fmt.Sprintf("the contract wants sheet %s, the workbook has %s", strings.Join(wanted, ", "), sheetNames(list)), "rename the sheet")
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

func sheetNames(list []sheet) string {
	var names []string
	for _, s := range list {
		names = append(names, s.name)
	}
	return strings.Join(names, ", ")
}

// likely chooses the sheet when the contract names none.
func (f *File) likely(c *Contract, b book, list []sheet) ([]table, error) {
	var first *table
	var firstErr error
	for _, hidden := range []bool{false, true} {
		for i := range list {
			if list[i].hidden != hidden {
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
func (f *File) bookFor(c *Contract) (book, error) {
	if f.Kind != JSON {
		return f.book, nil
	}
	j, err := f.records(c.Format.Path)
	if err != nil {
		return nil, err
	}
	own := *j
	own.contract = c
	return &own, nil
}

// records looks for the records once per path.
func (f *File) records(path string) (*jsonBook, error) {
	if f.lists[path] == nil {
		j, err := f.openRecords(path)
		if err != nil {
			return nil, err
		}
		f.lists[path] = j
	}
	return f.lists[path], nil
}

// sheetsNote says which sheets of several are read, and which of them nobody sees.
func sheetsNote(list []sheet, read []table) []string {
	var names, hidden, others []string
	for _, t := range read {
		names = append(names, t.sheet.name)
		if t.sheet.hidden {
			hidden = append(hidden, t.sheet.name)
		}
	}
	for _, s := range list {
		if !slices.Contains(names, s.name) {
			others = append(others, s.name)
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
