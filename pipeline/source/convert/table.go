package convert

import (
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/numfmt"
)

// Table is where a contract's table stands in a file, as far as its rows are read by it.
type Table struct {
	Contract  *contract.Contract
	Sheet     string   // "" for what has none
	HeaderRow int64    // the last one, as a person counts
	Header    []string // as it stands in the file
	Columns   []string // the columns of all sheets, in which rejected rows stand: Header, and what only other sheets have

	File    string // base name
	IsCSV   bool
	Headers [][]string // the header's rows, of which there may be up to three
	At      []int      // by contract column: the cell's index, -1 absent
	Factors []int64    // by contract column: the worth of the unit, 0 none
	Styles  *numfmt.Styles
	Places  []int // of another sheet's cells in Columns; nil: where they are
}

// column is the word under which column i of the contract goes back.
func (t *Table) column(i int) string {
	j := t.At[i]
	if j >= 0 && j < len(t.Places) {
		return t.Columns[t.Places[j]]
	}
	return t.Header[j]
}

// arrange appends a row's cells in the order of Columns. Cells beyond
// the sheet's header come last.
func (t *Table) arrange(to, cells [][]byte) [][]byte {
	if t.Places != nil {
		to = append(to, make([][]byte, len(t.Columns))...)
	}
	for j, cell := range cells {
		if j < len(t.Places) {
			to[t.Places[j]] = cell
		} else if t.Places == nil || len(cell) > 0 {
			to = append(to, cell)
		}
	}
	for len(to) > 0 && len(to[len(to)-1]) == 0 { // a row may be formatted far beyond its table
		to = to[:len(to)-1]
	}
	return to
}
