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

func text(s string) cell        { return cell{text: s} }
func number(n int) cell         { return cell{kind: asNumber, text: strconv.Itoa(n)} }
func money(fen int64) cell      { return cell{kind: asMoney, n: fen} }
func date(d day) cell           { return cell{kind: asDate, n: int64(d)} }
func impossibleDate(y int) cell { return text(fmt.Sprintf("%d-02-30", y)) }

// dateOr is the day, an empty cell for 0, or a day that does not exist.
func dateOr(d day, spoiled bool) cell {
	switch {
	case spoiled:
		return impossibleDate(d.date().Year)
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

// unit is the money unit of a file: its word and the decimal digits of a fen in it.
type unit struct {
	word   string
	digits int
}

var (
	inYuan = unit{"元", 2}
	inWan  = unit{"万元", 6}
)

// column is a column of a source: the words bureaus head it with and its value.
// A share below 100 leaves it out of some files.
type column[T any] struct {
	cn    []string
	share int
	value func(T) cell
	money bool // the header or a title must name the unit
}

// row is a line of a file. Its key is the source's natural key.
type row struct {
	cells    []cell
	key      string
	rejected bool
	stranger bool // accepted, but no enterprise can be told from it
	at       mention
}

// table is a file's content before it is written.
type table struct {
	source  string
	titles  []string // above the header
	header  []string
	rows    []row
	footers [][]cell // 合计
	dates   dateStyle
	unit    unit
}

// layout is the choice a file makes among a source's columns.
type layout[T any] struct {
	columns []column[T]
	header  []string
}

// arrange chooses headings and order. Bureaus add a column of their own now and
// then; unitInHeader says that money columns carry the unit in brackets.
func arrange[T any](r *rng, columns []column[T], u unit, unitInHeader bool) layout[T] {
	var l layout[T]
	for _, c := range columns {
		if c.share > 0 && r.n(100) >= c.share {
			continue
		}
		l.columns = append(l.columns, c)
	}
	for range r.n(3) { // neighbours change places
		if n := len(l.columns); n > 2 {
			i := 1 + r.n(n-2)
			l.columns[i], l.columns[i+1] = l.columns[i+1], l.columns[i]
		}
	}
	if r.chance(300) {
		l.columns = append(l.columns, column[T]{cn: []string{"经办人", "审核意见", "数据来源"}, value: func(T) cell { return text("示例") }})
	}
	brackets := pick(r, []string{"（%s）", "(%s)"})
	for _, c := range l.columns {
		word := pick(r, c.cn)
		if c.money && unitInHeader {
			word += fmt.Sprintf(brackets, u.word)
		}
		l.header = append(l.header, word)
	}
	return l
}

func (l layout[T]) cells(v T) []cell {
	cells := make([]cell, len(l.columns))
	for i, c := range l.columns {
		cells[i] = c.value(v)
	}
	return cells
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

// String is the cell as text in the styles of its file.
func (t *table) string(c cell) string {
	switch c.kind {
	case asDate:
		return t.dates.write(day(c.n))
	case asMoney:
		return yuan(c.n, t.unit.digits)
	}
	return c.text
}
