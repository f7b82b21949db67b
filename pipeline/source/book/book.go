// Package book is what a file of tables looks like to whoever looks for one: its sheets, the rows of each, and what a person
// who opens them does not see.
package book

import (
	"slices"

	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/numfmt"
)

// Book is a file that holds tables: the sheets of a workbook, or one table
// without a name. A CSV is none: it is cut into parts and read in parallel.
type Book interface {
	Sheets() []Sheet
	// Rows reads a sheet below row after. header is what Inspect found, for
	// formats whose rows name their cells; nil on the way to the header.
	Rows(sh *Sheet, after int64, header []string) grid.Source
	// Numbers is how it shows its numbers.
	Numbers() *numfmt.Styles
}

// Sheet is one table of a book.
type Sheet struct {
	Name   string
	Part   string // of an .xlsx: path in the archive
	Index  int
	Hidden bool
	Odd    bool // its XML is not as Excel writes it: it is rewritten before it is scanned
}

// Marks is what a source has learned about its sheet when it is read to the end.
type Marks interface {
	Merged() []Merged
	HiddenRows() HiddenRows
	HiddenColumns() HiddenColumns
}

// Merged is a merged range that spans rows: as the sheet writes it, its first column, counted from 0, and its first and last row.
type Merged struct {
	Ref         string
	Column      int
	First, Last int64
}

// HiddenRows counts rows that a person who opens the sheet does not see.
type HiddenRows struct {
	Count     int64
	First     []int64
	ByDefault bool // those that stand nowhere are; programs differ in what they show of the others
}

// Add counts a row.
func (h *HiddenRows) Add(row int64) {
	h.Count++
	if len(h.First) < grid.FirstRows {
		h.First = append(h.First, row)
	}
}

// HiddenColumns says by column, counted from 0, which a person who opens the sheet does not see.
// Most sheets with any hide all columns right of their table.
type HiddenColumns []bool

// Add says that columns are not seen, of those that a sheet has.
func (h *HiddenColumns) Add(first, last int) {
	for len(*h) <= min(last, MaxColumns-1) {
		*h = append(*h, false)
	}
	for j := max(first, 0); j <= min(last, MaxColumns-1); j++ {
		(*h)[j] = true
	}
}

// Remove says that columns are seen.
func (h HiddenColumns) Remove(first, last int) {
	for j := max(first, 0); j <= last && j < len(h); j++ {
		h[j] = false
	}
}

// Has reports a column that is not seen.
func (h HiddenColumns) Has(column int) bool { return column >= 0 && column < len(h) && h[column] }

// NotComputed stands in the cell of a formula that has no cached result.
const NotComputed = "公式未计算"

// How many columns and rows a sheet has.
const (
	MaxColumns = 16384 // XFD
	MaxRows    = 1048576
)

// MaxSheets is how many sheets a workbook may have: each is looked at.
const MaxSheets = 1000

// ColumnLetters is what a column is called that is counted from 0: A, Z, AA.
func ColumnLetters(index int) string {
	var b []byte
	for index++; index > 0; index = (index - 1) / 26 {
		b = append(b, byte('A'+(index-1)%26))
	}
	slices.Reverse(b)
	return string(b)
}

// ReadWidth is how many columns of a table below its header are read; 0: all.
func ReadWidth(header []string) int {
	if len(header) == 0 {
		return 0
	}
	return len(header) + besideTable
}

// besideTable is how many columns right of a table are read: what stands there makes
// a row without anything else one that is not blank.
const besideTable = 64

// PreviewRows are enough for the longest header search and a look at the first data.
const PreviewRows = 400
