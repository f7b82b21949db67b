// Package workbook holds the tables of the reports and writes them as HTML and
// as XLSX, so that a figure on paper and in the workbook is one and the same.
package workbook

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// Kind says what a column holds, how it is aligned and how it is formatted.
type Kind int

const (
	Text    Kind = iota // string
	Count               // int, int64 or float64; thousands separators, decimals only where there are any
	Money               // float64 in the unit the title states; two decimals
	Percent             // float64 in percent, as 142.4; the title carries the %
	Points              // float64 in percentage points, signed
	Signed              // float64, signed
	Day                 // kpi.Date
	Light               // kpi.Light: symbol, word and colour
)

// Table is one table of a report. Cells hold the types their column's Kind
// names, or nil, which prints as a dash.
type Table struct {
	Name    string // the sheet's name: 指标完成情况, at most 31 characters
	Title   string // above the table; default: Name
	Note    string // under the title: 截至 2026年9月30日 · 金额单位：万元
	Columns []Column
	Rows    []Row
	Empty   string // what stands in place of the rows when there are none; default 无记录
}

// Fixed is a number with as many decimals as it says, in a column whose kind leaves them open: Count or Signed.
type Fixed struct {
	Value    float64
	Decimals int
}

// Column heads a column; Width is in characters of the sheet, 0 takes the kind's own.
type Column struct {
	Title string
	Kind  Kind
	Width float64
}

// New is a table without rows; empty is what then stands in their place.
func New(name, empty string, columns ...[]Column) Table {
	return Table{Name: name, Columns: slices.Concat(columns...), Empty: empty}
}

// Of are columns of one kind.
func (k Kind) Of(titles ...string) []Column {
	columns := make([]Column, len(titles))
	for i, title := range titles {
		columns[i] = Column{Title: title, Kind: k}
	}
	return columns
}

// Row is one line of a table.
type Row struct {
	ID    string // anchor in HTML
	Cells []any
	Total bool // 合计: set off from the others
}

// Add appends a row; the number of cells must be the number of columns.
func (t *Table) Add(cells ...any) { t.Rows = append(t.Rows, Row{Cells: cells}) }

// AddTotal appends a total row.
func (t *Table) AddTotal(cells ...any) { t.Rows = append(t.Rows, Row{Cells: cells, Total: true}) }

// Pick is the table with only the columns of these titles, in this order; a title
// that is not there is left out.
func (t Table) Pick(titles ...string) Table {
	var keep []int
	for _, title := range titles {
		if i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Title == title }); i >= 0 {
			keep = append(keep, i)
		}
	}
	picked := t
	picked.Columns, picked.Rows = nil, nil
	for _, i := range keep {
		picked.Columns = append(picked.Columns, t.Columns[i])
	}
	for _, r := range t.Rows {
		cells := make([]any, len(keep))
		for n, i := range keep {
			cells[n] = r.Cells[i]
		}
		picked.Rows = append(picked.Rows, Row{ID: r.ID, Cells: cells, Total: r.Total})
	}
	return picked
}

// Split cuts a wide table into tables of at most so many columns, each with the
// first column of the whole: what does not fit on paper side by side stands below.
func (t Table) Split(columns int) []Table {
	if len(t.Columns) <= columns {
		return []Table{t}
	}
	var parts []Table
	for from := 1; from < len(t.Columns); from += columns - 1 {
		to := min(from+columns-1, len(t.Columns))
		part := t
		part.Columns = append([]Column{t.Columns[0]}, t.Columns[from:to]...)
		part.Rows = make([]Row, len(t.Rows))
		for i, r := range t.Rows {
			part.Rows[i] = Row{ID: r.ID, Cells: append([]any{r.Cells[0]}, r.Cells[from:to]...), Total: r.Total}
		}
		parts = append(parts, part)
	}
	return parts
}

func (t Table) title() string {
	if t.Title != "" {
		return t.Title
	}
	return t.Name
}

func (t Table) empty() string {
	if t.Empty != "" {
		return t.Empty
	}
	return "无记录"
}

// Link is a figure that leads, on a page, to the rows it was made of: it is their number;
// with a Column, how many values stand in that column of theirs.
type Link struct {
	Value  any
	Href   string
	Sum    bool   // the rows add up to it otherwise than by their number: in Column, where it names one
	Column string // its title
}

// Value turns an optional figure into a cell.
func Value(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// number is a numeric cell as a float; ok is false for any other cell.
func number(cell any) (float64, bool) {
	switch v := cell.(type) {
	case Link:
		return number(v.Value)
	case Fixed:
		return v.Value, true
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// Format is the cell as people read it on paper and on screen.
func (k Kind) Format(cell any) string {
	switch v := cell.(type) {
	case Link:
		return k.Format(v.Value)
	case Fixed:
		text := figure.Number(v.Value, v.Decimals)
		if k == Signed && v.Value > 0 {
			text = "+" + text
		}
		return text
	case nil:
		return figure.None
	case string:
		if v == "" {
			return figure.None
		}
		return v
	case kpi.Date:
		return figure.Day(v)
	case kpi.Light:
		if v == kpi.NoLight {
			return figure.None
		}
		return v.Symbol() + " " + v.Chinese()
	}
	v, ok := number(cell)
	if !ok {
		return fmt.Sprint(cell)
	}
	switch k {
	case Money:
		return figure.Number(v, 2)
	case Percent:
		return figure.Rate(v)
	case Points:
		return figure.Points(&v)
	case Signed:
		return figure.Signed(v)
	}
	return figure.Count(v)
}

// numeric reports whether the kind is aligned to the right.
func (k Kind) numeric() bool {
	return k == Count || k == Money || k == Percent || k == Points || k == Signed
}

func (k Kind) width() float64 {
	switch k {
	case Text:
		return 18
	case Light:
		return 10
	case Money:
		return 15
	}
	return 12
}

func (t Table) check() error {
	for i, r := range t.Rows {
		if len(r.Cells) != len(t.Columns) {
			return fmt.Errorf("table %s: row %d: %w: %d cells, %d columns", t.Name, i+1, ErrShape, len(r.Cells), len(t.Columns))
		}
	}
	return nil
}
