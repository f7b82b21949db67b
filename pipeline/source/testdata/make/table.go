package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// How a cell is kept where the format knows more than text.
const (
	text    = iota
	number  // as written
	date    // 2025-01-02
	boolean // true or false
	failed  // #N/A
	pending // a formula that nobody has computed
	month   // 2025-01
	year    // 2025
)

type cell struct {
	text   string
	kind   int
	format int // of a number: which of the table's formats it is shown in, from 1
}

// shown is the cell as it stands in a text file.
func (c cell) shown() string {
	if c.kind == boolean {
		return map[string]string{"true": "是", "false": "否"}[c.text]
	}
	return c.text
}

// serial is the day as Excel counts it.
func (c cell) serial(epoch1904 bool) int {
	day, err := time.Parse(time.DateOnly, (c.text + "-01-01")[:len(time.DateOnly)])
	if err != nil {
		panic(err)
	}
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if epoch1904 {
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return int(day.Sub(from).Hours() / 24)
}

// merge is a merged range of the whole table, counted from 0, ends included.
type merge struct{ row, column, toRow, toColumn int }

type table struct {
	sheet     string
	invisible bool // the sheet
	titles    [][]cell
	header    []cell
	rows      [][]cell
	merges    []merge
	hidden    map[int]bool // rows of the whole table
	unseen    []int        // columns
	epoch1904 bool
	strict    bool     // ISO 29500 strict
	formats   []string // codes of number formats
	records   func(w *biff)
	rowless   bool     // of an .xls: nothing is said of its rows
	fonts     []int    // of an .xls: the scripts of its fonts, or struckFont, each of which has a cell style of its own
	rich      [][]byte // of an .xls: the first strings of its table
	cut       int      // of an .xls: so many bytes of the table of strings stand in its first record; 0: all
	cutText   bool     // and the next goes on with characters, whose width it says again
}

func (t table) all() [][]cell {
	return slices.Concat(t.titles, [][]cell{t.header}, t.rows)
}

func (t table) mergeAt(row, column int) (merge, bool) {
	for _, m := range t.merges {
		if m.row == row && m.column == column {
			return m, true
		}
	}
	return merge{}, false
}

// of makes a table: cells are parted by |. In typed rows # starts a number, @ a
// day, ? a boolean, ~ an error or, alone, a formula without a result, and ^ a month or a year.
func of(header string, rows ...string) table {
	t := table{header: cells(header), hidden: map[int]bool{}}
	for _, row := range rows {
		t.rows = append(t.rows, cells(row))
	}
	return t
}

func cells(row string) []cell {
	var out []cell
	for _, s := range strings.Split(row, "|") {
		out = append(out, cell{text: strings.ReplaceAll(s, `\n`, "\n")})
	}
	return out
}

// typed turns the marks of every row's cells into kinds.
func (t table) typed() table {
	for _, row := range t.rows {
		for j, c := range row {
			kind := []int{text, number, date, boolean, failed, month}[1+strings.IndexByte("#@?~^", (c.text + " ")[0])]
			if kind < 1 {
				continue
			}
			row[j] = cell{text: c.text[1:], kind: kind}
			if kind == month && len(row[j].text) == len("2025") {
				row[j].kind = year
			}
			if row[j] == (cell{kind: failed}) {
				row[j].kind = pending
			}
		}
	}
	return t
}

// shownIn gives the numbers of the rows' column the table's formats, one after the other.
func (t table) shownIn(column int, formats ...string) table {
	t.formats = formats
	for i, row := range t.rows {
		row[column].format = i%len(formats) + 1
	}
	return t
}

// has reports whether a cell of the kind stands in the table.
func (t table) has(kind int) bool {
	return slices.ContainsFunc(t.rows, func(row []cell) bool {
		return slices.ContainsFunc(row, func(c cell) bool { return c.kind == kind })
	})
}

// titled puts rows above the header.
func (t table) titled(rows ...string) table {
	for _, row := range rows {
		t.titles = append(t.titles, cells(row))
	}
	return t
}

// merged adds merged ranges, counted as in the whole table.
func (t table) merged(ranges ...merge) table {
	t.merges = ranges
	return t
}

func columnName(j int) string {
	if j >= 26 {
		panic("no more than 26 columns are needed")
	}
	return string(rune('A' + j))
}

func ref(row, column int) string { return fmt.Sprintf("%s%d", columnName(column), row+1) }
