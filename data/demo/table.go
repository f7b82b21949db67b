package demo

import (
	"fmt"
	"strconv"
	"strings"
)

// cell is one value as it will stand in a file. Dates and amounts are kept apart
// from text because files differ in how they write them.
type cell struct {
	kind cellKind
	text string
	n    int64 // day, or fen
}

type cellKind uint8

const (
	asText cellKind = iota
	asDate
	asMoney
	asNumber
)

func text(s string) cell   { return cell{text: s} }
func number(n int) cell    { return cell{kind: asNumber, text: strconv.Itoa(n)} }
func money(fen int64) cell { return cell{kind: asMoney, n: fen} }
func date(d day) cell      { return cell{kind: asDate, n: int64(d)} }

// dateOr is the day, an empty cell for 0, or a day that does not exist.
func dateOr(d day, spoiled bool) cell {
	switch {
	case spoiled:
		return text(fmt.Sprintf("%d-02-30", year(d)))
	case d == 0:
		return text("")
	}
	return date(d)
}

// dateStyle is how a file writes its dates.
type dateStyle uint8

const (
	dashed  dateStyle = iota // 2024-03-05
	slashed                  // 2024/3/5
	chinese                  // 2024年3月5日
	dotted                   // 2024.03.05
	compact                  // 20240305
	serial                   // a number with a date format; spreadsheets only
)

func (s dateStyle) write(d day) string {
	t := d.date()
	switch s {
	case slashed:
		return fmt.Sprintf("%d/%d/%d", t.Year, t.Month, t.Day)
	case chinese:
		return t.Chinese()
	case dotted:
		return fmt.Sprintf("%d.%02d.%02d", t.Year, t.Month, t.Day)
	case compact:
		return fmt.Sprintf("%d%02d%02d", t.Year, t.Month, t.Day)
	case serial:
		return strconv.Itoa(d.serial())
	}
	return t.String()
}

// yuan writes fen exactly in a unit worth 10^(digits-2) yuan, without trailing zeros.
func yuan(fen int64, digits int) string {
	s := strconv.FormatInt(fen, 10)
	if len(s) <= digits {
		s = strings.Repeat("0", digits+1-len(s)) + s
	}
	whole, rest := s[:len(s)-digits], strings.TrimRight(s[len(s)-digits:], "0")
	if rest == "" {
		return whole
	}
	return whole + "." + rest
}

// digits are the decimal digits of a fen in a unit.
var digits = map[string]int{"元": 2, "万元": 6}

// values are a row's by the columns of its contract: a text or the value of a category, a day, one that only later files
// know, an int, an int64 of fen, a bool, a School, or a cell; nil for none.
type values map[string]any

// row is a line of a file. Its key is the source's natural key.
type row struct {
	values   values
	turn     int // which of the words for a value it has
	rejected bool
	stranger bool    // accepted, but no enterprise can be told from it
	at       mention // whose name the truth asks for
	cells    []cell
	key      string
}

// of adds the name and the code by which a row mentions an enterprise, under the columns <as>_name and <as>_code.
func (v values) of(as string, m mention) values {
	v[as+"_name"], v[as+"_code"] = m.name, m.code
	return v
}

// about is a row whose enterprise the truth has to tell.
func (v row) about(m mention) row {
	v.at, v.stranger = m, m.firm < 0
	return v
}

// table is a file's content before it is written.
type table struct {
	source  string
	titles  []string // above the header
	header  []string
	rows    []row
	footers [][]cell // 合计
	dates   dateStyle
	unit    string // of money
}

// numbered puts 序号 in front.
func (t *table) numbered() {
	t.header = append([]string{"序号"}, t.header...)
	for i := range t.rows {
		t.rows[i].cells = append([]cell{number(i + 1)}, t.rows[i].cells...)
	}
}

// total adds a 合计 line with the sum of every money column.
func (t *table) total() {
	footer := make([]cell, len(t.header))
	for i := range footer {
		var sum int64
		var sums bool
		for _, r := range t.rows {
			if i < len(r.cells) && r.cells[i].kind == asMoney {
				sums, sum = true, sum+r.cells[i].n
			}
		}
		if sums {
			footer[i] = money(sum)
		}
	}
	footer[0] = text("合计")
	t.footers = append(t.footers, footer)
}

// lines are all of the file: titles, the header, the rows and the footers.
func (t *table) lines() [][]cell {
	var lines [][]cell
	for _, title := range t.titles {
		line := make([]cell, len(t.header))
		line[0] = text(title)
		lines = append(lines, line)
	}
	header := make([]cell, len(t.header))
	for i, h := range t.header {
		header[i] = text(h)
	}
	lines = append(lines, header)
	for _, r := range t.rows {
		lines = append(lines, r.cells)
	}
	return append(lines, t.footers...)
}

// string is the cell as text in the styles of its file.
func (t *table) string(c cell) string {
	switch c.kind {
	case asDate:
		return t.dates.write(day(c.n))
	case asMoney:
		return yuan(c.n, digits[t.unit])
	}
	return c.text
}
