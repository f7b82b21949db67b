package query

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/show"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Format is how a result is written.
type Format string

const (
	// Table is for eyes: aligned columns, numbers to the right, long cells cut with ….
	Table Format = "table"
	// CSV is RFC 4180: UTF-8, a header, CRLF, quotes where needed. NULL is
	// nothing and an empty text is "". A text that a spreadsheet would take for a
	// formula (=1+1) has a ' before it.
	CSV Format = "csv"
	// JSON is one array of objects, one a line, keyed by the column names as
	// they are in the database. Numbers are numbers, with all their digits.
	JSON Format = "json"
	// NDJSON is JSON's objects without the array, one a line.
	NDJSON Format = "ndjson"
	// XLSX is a workbook of one sheet. Numbers of more than 15 digits, which
	// Excel would round, are texts; no text is a formula.
	XLSX Format = "xlsx"
	// Parquet is a file with the result's types.
	Parquet Format = "parquet"
	// Arrow is an IPC stream with the result's types.
	Arrow Format = "arrow"
)

// Formats are all of them.
var Formats = []Format{Table, CSV, JSON, NDJSON, XLSX, Parquet, Arrow}

// Binary tells whether a format is nothing for a terminal.
func (f Format) Binary() bool { return f == XLSX || f == Parquet || f == Arrow }

// printer writes one result: header once, batches, close once. Of a result it
// holds no more than the batch it is given; what a table and a workbook keep is bounded.
type printer interface {
	header(*arrow.Schema, []column) error
	batch(arrow.RecordBatch) error
	close(rows int) error
}

func newPrinter(f Format, w io.Writer) (printer, error) {
	switch f {
	case Table:
		return &tablePrinter{w: bufio.NewWriter(w)}, nil
	case CSV:
		return &csvPrinter{w: bufio.NewWriter(w)}, nil
	case JSON, NDJSON:
		return &jsonPrinter{w: bufio.NewWriter(w), lines: f == NDJSON}, nil
	case XLSX:
		return &workbookPrinter{w: w}, nil
	case Parquet:
		return &parquetPrinter{w: w}, nil
	case Arrow:
		return &arrowPrinter{w: bufio.NewWriter(w)}, nil
	}
	return nil, fmt.Errorf("query: format %q is unknown; use table, csv, json, ndjson, xlsx, parquet or arrow", f)
}

// numeric tells which columns of a table go to the right.
func numeric(kind duck.Type) bool {
	switch kind.Name {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
		"UHUGEINT", "BIGNUM", "FLOAT", "DOUBLE", "NULL":
		return true
	}
	return strings.HasPrefix(kind.Name, "DECIMAL(")
}

// drives tells whether a character would drive a terminal, or turn the text around it.
func drives(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x061c || r == 0x200e || r == 0x200f ||
		r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// printable keeps a cell from driving the terminal: control characters other
// than line ends are shown as what they are.
func printable(s string) string {
	if strings.IndexFunc(s, drives) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < 0x20:
			return '␀' + r
		case drives(r):
			return '�'
		}
		return r
	}, s)
}

type csvPrinter struct {
	w       *bufio.Writer
	columns []column
}

func (p *csvPrinter) header(_ *arrow.Schema, columns []column) error {
	p.columns = columns
	for i, c := range columns {
		p.field(i, guarded(c.Name))
	}
	_, err := p.w.WriteString("\r\n")
	return err
}

func (p *csvPrinter) batch(rec arrow.RecordBatch) error {
	for row := range int(rec.NumRows()) {
		for i, c := range p.columns {
			a := rec.Column(i)
			if a.IsNull(row) {
				if i > 0 {
					p.w.WriteByte(',')
				}
				continue
			}
			s, err := cellText(a, c.Type, row)
			if err != nil {
				return err
			}
			if _, text := a.(*array.String); text {
				s = guarded(s)
			}
			p.field(i, s)
		}
		if _, err := p.w.WriteString("\r\n"); err != nil {
			return err
		}
	}
	return nil
}

// guarded is a text that no spreadsheet takes for a formula and no terminal for a command.
func guarded(s string) string {
	if strings.IndexFunc(s, drives) >= 0 {
		lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
		for i := range lines {
			tabs := strings.Split(lines[i], "\t")
			for j := range tabs {
				tabs[j] = printable(tabs[j])
			}
			lines[i] = strings.Join(tabs, "\t")
		}
		s = strings.Join(lines, "\n")
	}
	if len(strings.TrimLeft(s, " \t\n")) < 2 { // a dash for nothing
		return s
	}
	return show.Guard(s)
}

// field writes one field; errors stay in the writer and come out at the line's end.
func (p *csvPrinter) field(i int, s string) {
	if i > 0 {
		p.w.WriteByte(',')
	}
	if s != "" && !strings.ContainsAny(s, "\",\r\n") && s == strings.TrimSpace(s) {
		p.w.WriteString(s)
		return
	}
	p.w.WriteByte('"')
	p.w.WriteString(strings.ReplaceAll(s, `"`, `""`))
	p.w.WriteByte('"')
}

func (p *csvPrinter) close(int) error { return p.w.Flush() }

type jsonPrinter struct {
	w       *bufio.Writer
	lines   bool // without the array
	columns []column
	keys    [][]byte // ready to write: "name":
	rows    int
	cell    []byte
}

func (p *jsonPrinter) header(_ *arrow.Schema, columns []column) error {
	if err := unique(columns); err != nil {
		return err
	}
	p.columns = columns
	for _, c := range columns {
		p.keys = append(p.keys, append(appendText(nil, c.Name), ':'))
	}
	if p.lines {
		return nil
	}
	return p.w.WriteByte('[')
}

// unique refuses two columns of one name, where a row is an object.
func unique(columns []column) error {
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.Name] {
			return fmt.Errorf("query: %w: %s. Try: select … as another_name, or --format csv", ErrDuplicateColumn, c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

func (p *jsonPrinter) batch(rec arrow.RecordBatch) error {
	for row := range int(rec.NumRows()) {
		switch {
		case p.lines:
		case p.rows > 0:
			p.w.WriteString(",\n")
		default:
			p.w.WriteByte('\n')
		}
		p.rows++
		for i, c := range p.columns {
			if i == 0 {
				p.w.WriteByte('{')
			} else {
				p.w.WriteByte(',')
			}
			p.w.Write(p.keys[i])
			var err error
			if p.cell, err = appendJSON(p.cell[:0], rec.Column(i), c.Type, row); err != nil {
				return err
			}
			p.w.Write(p.cell)
		}
		err := p.w.WriteByte('}')
		if p.lines {
			err = p.w.WriteByte('\n')
		}
		if err != nil {
			return err
		}
	}
	if cap(p.cell) > batchBytes { // one long cell does not stay
		p.cell = nil
	}
	return nil
}

func (p *jsonPrinter) close(int) error {
	switch {
	case p.lines:
	case p.rows > 0:
		p.w.WriteString("\n]\n")
	default:
		p.w.WriteString("]\n")
	}
	return p.w.Flush()
}

// thousands is n with commas: 1,000.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
