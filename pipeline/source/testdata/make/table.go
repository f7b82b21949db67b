package main

import (
	"bytes"
	"encoding/json"
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
	formats   []string // codes of number formats

	// Of an .xls:
	records func(w *biff) // writes more of them
	rowless bool          // nothing is said of its rows
	fonts   []int         // the scripts of its fonts, or struckFont, each of which has a cell style of its own
	rich    [][]byte      // the first strings of its table
	cut     int           // so many bytes of the table of strings stand in its first record; 0: all
	cutText bool          // and the next goes on with characters, whose width it says again
}

// readTable is what a table.json holds: the ends it is written with, and its sheets.
func readTable(content []byte) (formats []string, sheets []table) {
	var file struct {
		Formats []string `json:"formats"` // ends, or names of groups
		Sheets  []struct {
			Name      string   `json:"name"`
			Invisible bool     `json:"invisible"`
			Titles    []string `json:"titles"`   // rows above the header
			Rows      []string `json:"rows"`     // the header, and those below it, as of takes them
			Typed     bool     `json:"typed"`    // cells may begin with a mark of their kind
			Shown     []string `json:"shown"`    // number formats of a column, one row after the other
			ShownIn   int      `json:"shown_in"` // that column, from 0
			Merged    [][4]int `json:"merged"`   // row, column, to row, to column
			Hidden    []int    `json:"hidden"`   // rows, from 0 with the titles
			Unseen    []int    `json:"unseen"`   // columns, from 0
			Epoch1904 bool     `json:"epoch1904"`
		} `json:"sheets"`
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		panic(err)
	}
	for _, f := range file.Formats {
		if group, ok := groups[f]; ok {
			formats = append(formats, group...)
		} else {
			formats = append(formats, f)
		}
	}
	for _, s := range file.Sheets {
		t := of(s.Rows[0], s.Rows[1:]...)
		t.sheet, t.invisible, t.unseen, t.epoch1904, t.formats = s.Name, s.Invisible, s.Unseen, s.Epoch1904, s.Shown
		for _, row := range s.Titles {
			t.titles = append(t.titles, cells(row))
		}
		for _, m := range s.Merged {
			t.merges = append(t.merges, merge{m[0], m[1], m[2], m[3]})
		}
		for _, row := range s.Hidden {
			t.hidden[row] = true
		}
		if s.Typed {
			t = t.typed()
		}
		for i, row := range t.rows {
			if len(s.Shown) > 0 {
				row[s.ShownIn].format = i%len(s.Shown) + 1
			}
		}
		sheets = append(sheets, t)
	}
	return formats, sheets
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

// has reports whether a cell of the kind stands in the table.
func (t table) has(kind int) bool {
	return slices.ContainsFunc(t.rows, func(row []cell) bool {
		return slices.ContainsFunc(row, func(c cell) bool { return c.kind == kind })
	})
}

func columnName(j int) string {
	if j >= 26 {
		panic("no more than 26 columns are needed")
	}
	return string(rune('A' + j))
}

func ref(row, column int) string { return fmt.Sprintf("%s%d", columnName(column), row+1) }
