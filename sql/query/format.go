package query

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Format is how a result is written.
type Format string

const (
	// Table is for eyes: aligned columns, numbers to the right.
	Table Format = "table"
	// CSV is RFC 4180: UTF-8, a header, CRLF, quotes where needed. NULL is
	// nothing and an empty text is "". Texts that a spreadsheet would take for a
	// formula (=1+1) are left as they are: this format is for programs, which
	// would read any guard as data. For spreadsheets there is the workbook.
	CSV Format = "csv"
	// JSON is one array of objects, one a line, keyed by the column names as
	// they are in the database. Numbers are numbers, with all their digits.
	JSON Format = "json"
)

// MaxTableRows is the longest table: its widths are known only when all rows are.
const MaxTableRows = 10_000

// printer writes one result: header once, rows, close once. Cells are JSON
// values and belong to the caller: they are overwritten by the next row.
type printer interface {
	header([]column) error
	row([]json.RawMessage) error
	close(ending) error
}

func newPrinter(f Format, w io.Writer) (printer, error) {
	switch f {
	case Table:
		return &tablePrinter{w: w}, nil
	case CSV:
		return &csvPrinter{w: bufio.NewWriter(w)}, nil
	case JSON:
		return &jsonPrinter{w: bufio.NewWriter(w)}, nil
	}
	return nil, fmt.Errorf("query: format %q is unknown; use table, csv or json", f)
}

type tablePrinter struct {
	w io.Writer
	t table.Writer
}

func (p *tablePrinter) header(columns []column) error {
	p.t = table.NewWriter()
	style := table.StyleLight
	style.Format.Header = text.FormatDefault // names as they are: go-pretty would shout them
	p.t.SetStyle(style)
	var names table.Row
	var configs []table.ColumnConfig
	for i, c := range columns {
		names = append(names, c.Name)
		align := text.AlignLeft
		if numeric(c.Type) {
			align = text.AlignRight
		}
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: align, AlignHeader: align})
	}
	p.t.AppendHeader(names)
	p.t.SetColumnConfigs(configs)
	return nil
}

func numeric(duckType string) bool {
	name, _, _ := strings.Cut(duckType, "(")
	switch name {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
		"UHUGEINT", "BIGNUM", "FLOAT", "DOUBLE":
		return true
	case "DECIMAL":
		return !strings.HasSuffix(duckType, "]")
	}
	return false
}

func (p *tablePrinter) row(cells []json.RawMessage) error {
	row := make(table.Row, len(cells))
	for i, c := range cells {
		s, null, err := plain(c)
		if err != nil {
			return err
		}
		if null {
			s = "NULL"
		}
		row[i] = printable(s)
	}
	p.t.AppendRow(row)
	return nil
}

func (p *tablePrinter) close(end ending) error {
	rendered := p.t.Render()
	if end.Rows == 0 {
		rendered += "\n(no rows)"
	}
	_, err := io.WriteString(p.w, rendered+"\n")
	return err
}

// printable keeps a cell from driving the terminal: control characters other
// than line ends are shown as what they are.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < 0x20:
			return '␀' + r
		case r == 0x7f, r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return '�'
		}
		return r
	}, s)
}

// plain is a cell as text: a JSON text without its quotes, everything else as it is.
func plain(cell json.RawMessage) (s string, null bool, err error) {
	switch {
	case len(cell) > 0 && cell[0] == '"':
		if err := json.Unmarshal(cell, &s); err != nil {
			return "", false, fmt.Errorf("query: read the result: %w", err)
		}
		return s, false, nil
	case bytes.Equal(cell, []byte("null")):
		return "", true, nil
	}
	return string(cell), false, nil
}

type csvPrinter struct{ w *bufio.Writer }

func (p *csvPrinter) header(columns []column) error {
	for i, c := range columns {
		p.field(i, c.Name)
	}
	_, err := p.w.WriteString("\r\n")
	return err
}

func (p *csvPrinter) row(cells []json.RawMessage) error {
	for i, c := range cells {
		s, null, err := plain(c)
		switch {
		case err != nil:
			return err
		case !null:
			p.field(i, s)
		case i > 0:
			p.w.WriteByte(',')
		}
	}
	_, err := p.w.WriteString("\r\n")
	return err
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
	p.w.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
}

func (p *csvPrinter) close(ending) error { return p.w.Flush() }

type jsonPrinter struct {
	w    *bufio.Writer
	keys [][]byte // ready to write: "name":
	rows int
}

func (p *jsonPrinter) header(columns []column) error {
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.Name] {
			return fmt.Errorf("query: %w: %s. Try: select … as another_name, or --format csv", ErrDuplicateColumn, c.Name)
		}
		seen[c.Name] = true
		key, err := json.Marshal(c.Name)
		if err != nil {
			return fmt.Errorf("query: %w", err)
		}
		p.keys = append(p.keys, append(key, ':'))
	}
	_, err := p.w.WriteString("[")
	return err
}

func (p *jsonPrinter) row(cells []json.RawMessage) error {
	if p.rows > 0 {
		p.w.WriteByte(',')
	}
	p.rows++
	p.w.WriteString("\n{")
	for i, c := range cells {
		if i > 0 {
			p.w.WriteByte(',')
		}
		p.w.Write(p.keys[i])
		p.w.Write(c)
	}
	_, err := p.w.WriteString("}")
	return err
}

func (p *jsonPrinter) close(ending) error {
	if p.rows > 0 {
		p.w.WriteByte('\n')
	}
	p.w.WriteString("]\n")
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
