package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/show"
	rates "citykpi/reports/figure"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// listing is a result as people see it: columns of text, numbers to the right.
type listing struct {
	columns []string
	right   []string // of the columns those with numbers
	rows    [][]string
}

// toMinute is how moments are printed.
const toMinute = "2006-01-02 15:04"

func (l *listing) add(cells ...string) { l.rows = append(l.rows, cells) }

// print writes the listing as a table or CSV, or records as one JSON array.
func (a *app) print(l listing, records any) error {
	switch a.format {
	case "json":
		return writeJSON(a.out, records)
	case "csv":
		return a.csv(l)
	}
	text.OverrideRuneWidthEastAsianWidth(false)
	t := table.NewWriter()
	t.SuppressTrailingSpaces()
	t.SetOutputMirror(a.out)
	t.SetStyle(plainStyle)
	var configs []table.ColumnConfig
	header := table.Row{}
	for i, c := range l.columns {
		header = append(header, show.Line(c))
		if slices.Contains(l.right, c) {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	t.SetColumnConfigs(configs)
	t.AppendHeader(header)
	for _, r := range l.rows {
		row := table.Row{}
		for _, cell := range r {
			row = append(row, show.Line(cell))
		}
		t.AppendRow(row)
	}
	t.Render()
	return nil
}

// marked puts the mark of UTF-8 before what is written to out first: nothing where nothing is.
type marked struct {
	out  io.Writer
	done bool
}

func (m *marked) Write(b []byte) (int, error) {
	if !m.done && len(b) > 0 {
		m.done = true
		if _, err := io.WriteString(show.Raw(m.out), "\ufeff"); err != nil { // seen, it would be no mark
			return 0, err
		}
	}
	return m.out.Write(b)
}

// csv writes the listing for a program or a spreadsheet: text that would be a formula there is none.
func (a *app) csv(l listing) error {
	out := a.out
	if a.bom {
		out = &marked{out: out}
	}
	w := csv.NewWriter(out)
	heads := make([]string, len(l.columns))
	for i, c := range l.columns {
		heads[i] = show.Cell(c)
	}
	w.Write(heads)
	for _, r := range l.rows {
		cells := make([]string, len(r))
		for i, c := range r {
			if cells[i] = show.Cell(c); slices.Contains(l.right, l.columns[i]) {
				cells[i] = plain(c)
			}
		}
		w.Write(cells)
	}
	w.Flush()
	return w.Error()
}

var plainStyle = func() table.Style {
	s := table.StyleLight
	s.Format.Header = text.FormatDefault
	s.Options = table.Options{SeparateHeader: true}
	s.Box.PaddingLeft, s.Box.PaddingRight = "", "  "
	return s
}()

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// number prints a figure with thousands separators and at most two decimals; nil is —.
func number(v *float64) string {
	if v == nil {
		return "—"
	}
	s := strconv.FormatFloat(*v, 'f', 2, 64)
	s = strings.TrimSuffix(s, ".00")
	whole, fraction, dotted := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + fraction
	}
	return sign + whole
}

// plain undoes what makes figures pleasant to people: a program reads CSV.
func plain(figure string) string {
	if figure == "—" {
		return ""
	}
	return strings.TrimPrefix(strings.TrimSuffix(strings.ReplaceAll(figure, ",", ""), "%"), "+")
}

func percent(v *float64) string {
	if v == nil {
		return "—"
	}
	cut := rates.Short(*v)
	return strconv.FormatFloat(cut, 'f', rates.RateDecimals(cut), 64) + "%"
}

func points(v *float64) string {
	if v == nil {
		return "—"
	}
	return fmt.Sprintf("%+.*f", rates.RateDecimals(*v), *v)
}

func count(n int64) string { f := float64(n); return number(&f) }

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func datePtr(d kpi.Date) *kpi.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}

// terminal reports whether w is one, for progress bars and colours.
func terminal(w any) bool {
	if to, ok := w.(io.Writer); ok {
		w = show.Raw(to)
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
