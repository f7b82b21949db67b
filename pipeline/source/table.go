package source

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

	fileName string
	lines    bool       // it is a CSV
	headers  [][]string // the header's rows, of which there may be up to three
	at       []int      // by contract column: the cell's index, -1 absent
	factors  []int64    // by contract column: the worth of the unit, 0 none
	styles   *numfmt.Styles
	places   []int // of another sheet's cells in Columns; nil: where they are
}

// column is the word under which column i of the contract goes back.
func (t *Table) column(i int) string {
	j := t.at[i]
	if j >= 0 && j < len(t.places) {
		return t.Columns[t.places[j]]
	}
	return t.Header[j]
}

// arrange appends a row's cells in the order of Columns. Cells beyond
// the sheet's header come last.
func (t *Table) arrange(to, cells [][]byte) [][]byte {
	if t.places != nil {
		to = append(to, make([][]byte, len(t.Columns))...)
	}
	for j, cell := range cells {
		if j < len(t.places) {
			to[t.places[j]] = cell
		} else if t.places == nil || len(cell) > 0 {
			to = append(to, cell)
		}
	}
	for len(to) > 0 && len(to[len(to)-1]) == 0 { // a row may be formatted far beyond its table
		to = to[:len(to)-1]
	}
	return to
}
