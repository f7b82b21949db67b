package query

import (
	"bufio"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jedib0t/go-pretty/v6/text"
)

const (
	// MaxTableRows is the longest table: its widths are known only when all rows are.
	MaxTableRows = 10_000
	// maxCellWidth and maxCellLines are where a table cuts a cell, with a ….
	maxCellWidth = 400
	maxCellLines = 1000
	// maxTableText is what a table keeps of all its cells; longer ones end there.
	maxTableText = 64 << 20
)

// tablePrinter keeps the cells, cut, until their widths are known, and writes
// them padded line by line: padding is never kept.
type tablePrinter struct {
	w       *bufio.Writer
	columns []column
	names   []string
	rows    [][]string
	widths  []int
	kept    int
}

// errEnough is a table that is full after so many rows.
type errEnough int

func (e errEnough) Error() string { return "query: a table of " + thousands(int(e)) + " rows is full" }

func (p *tablePrinter) header(_ *arrow.Schema, columns []column) error {
	p.columns = columns
	for _, c := range columns {
		p.names = append(p.names, cut(strings.ReplaceAll(c.Name, "\n", " ")))
	}
	p.widths = make([]int, len(columns))
	p.measure(p.names)
	return nil
}

func (p *tablePrinter) batch(rec arrow.RecordBatch) error {
	for i := range int(rec.NumRows()) {
		row := make([]string, len(p.columns))
		for j, c := range p.columns {
			s := "NULL"
			if a := rec.Column(j); !a.IsNull(i) {
				var err error
				if s, err = cellText(a, c.Type, i); err != nil {
					return err
				}
				s = cut(s)
			}
			row[j] = s
			p.kept += len(s)
		}
		if p.kept > maxTableText {
			return errEnough(len(p.rows))
		}
		p.measure(row)
		p.rows = append(p.rows, row)
	}
	return nil
}

func (p *tablePrinter) measure(row []string) {
	for i, cell := range row {
		for line := range strings.SplitSeq(cell, "\n") {
			p.widths[i] = max(p.widths[i], text.StringWidthWithoutEscSequences(line))
		}
	}
}

// cut is a cell as a table shows it: nothing that drives the terminal, and no
// more than fits. It is a copy: the cell's own bytes go with their batch.
func cut(s string) string {
	const most = maxCellWidth * maxCellLines * utf8.UTFMax
	if len(s) > most {
		s = s[:most] + "…"
	}
	if short(s) {
		return strings.Clone(printable(s))
	}
	var lines []string
	for line := range strings.SplitSeq(printable(s), "\n") {
		if len(lines) == maxCellLines {
			lines = append(lines, "…")
			break
		}
		lines = append(lines, cutLine(line))
	}
	return strings.Join(lines, "\n")
}

// short tells of almost all cells that nothing of them is cut.
func short(s string) bool { return len(s) <= maxCellWidth && strings.Count(s, "\n") < maxCellLines }

func cutLine(line string) string {
	width := 0
	for i, r := range line {
		if width += text.RuneWidth(r); width > maxCellWidth {
			return line[:i] + "…"
		}
	}
	return line
}

func (p *tablePrinter) close(int) error {
	p.rule("┌", "┬", "┐")
	p.line(p.names)
	p.rule("├", "┼", "┤")
	for _, row := range p.rows {
		p.line(row)
	}
	p.rule("└", "┴", "┘")
	if len(p.rows) == 0 {
		p.w.WriteString("(no rows)\n")
	}
	return p.w.Flush()
}

func (p *tablePrinter) rule(left, middle, right string) {
	p.w.WriteString(left)
	for i, width := range p.widths {
		if i > 0 {
			p.w.WriteString(middle)
		}
		for range width + 2 {
			p.w.WriteString("─")
		}
	}
	p.w.WriteString(right + "\n")
}

// line writes a row, which is as many lines as its longest cell.
func (p *tablePrinter) line(row []string) {
	rest := append([]string(nil), row...)
	for more := true; more; {
		more = false
		for i := range rest {
			var line string
			var cut bool
			line, rest[i], cut = strings.Cut(rest[i], "\n")
			more = more || cut
			pad := p.widths[i] - text.StringWidthWithoutEscSequences(line)
			p.w.WriteString("│ ")
			if numeric(p.columns[i].Type) {
				p.spaces(pad)
				p.w.WriteString(line)
			} else {
				p.w.WriteString(line)
				p.spaces(pad)
			}
			p.w.WriteByte(' ')
		}
		p.w.WriteString("│\n")
	}
}

func (p *tablePrinter) spaces(n int) {
	for range n {
		p.w.WriteByte(' ')
	}
}
