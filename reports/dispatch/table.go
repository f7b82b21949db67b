package dispatch

import (
	"fmt"
	"strconv"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
	"citykpi/reports/workbook"
)

// table is a table as paper has it: amounts in the unit that reads best, the exact
// value beside them in data-v. The workbook holds the same figures in one unit.
type table struct {
	Class   string // widths of the columns, in report.css
	Title   string
	Note    string // beside the title
	Columns []column
	Rows    []row
	Empty   string
}

type column struct {
	Title   string
	Numeric bool
}

// row is a line of cells or, with a Heading, one cell across all columns.
type row struct {
	ID      string
	Heading string
	Total   bool
	Cells   []cell
}

// cell is a text, what stands small below it, and its note marks.
type cell struct {
	Text, Small, Marks string
	Class              string
	Exact              string // of a figure, in the unit of the commitment
}

func columns(numeric string, titles ...string) []column {
	var list []column
	for i, t := range titles {
		list = append(list, column{t, numeric[i] == 'n'})
	}
	return list
}

// text is a cell of words; a dash where there are none.
func text(s string) cell {
	if s == "" {
		s = figure.None
	}
	return cell{Text: s}
}

// exact is a figure as printed, with its exact value.
func exact(printed string, v *float64) cell {
	c := cell{Text: printed, Class: "n"}
	if v != nil {
		c.Exact = strconv.FormatFloat(*v, 'f', -1, 64)
	}
	return c
}

func quantity(v *float64, unit string) cell { return exact(figure.Quantity(v, unit).String(), v) }

func percent(v *float64) cell {
	if v == nil {
		return exact(figure.None, nil)
	}
	return exact(figure.Rate(*v), v)
}

func points(v *float64) cell { return exact(figure.Points(v), v) }

func count[N int | int64](n N) cell {
	v := float64(n)
	return exact(figure.Count(v), &v)
}

// amount is money, in 元, printed in the scale its table has for all rows.
func amount(v float64, s figure.Scale) cell { return exact(s.Amount(v).Text, &v) }

// inScale is a figure in the unit its column names.
func inScale(v *float64, s figure.Scale) cell {
	if v == nil {
		return exact(figure.None, nil)
	}
	return exact(s.Amount(*v).Text, v)
}

// change is a difference of a value; other than money it carries no unit, its figure does.
func change(c *kpi.Change, unit string, value *float64) cell {
	if c == nil {
		return exact(figure.None, nil)
	}
	if unit != figure.Yuan && c.Diff != 0 {
		return exact(figure.Signed(c.Diff), &c.Diff)
	}
	return exact(digest.ChangeText(c, unit, value), &c.Diff)
}

// moneyScale is the unit for a column of amounts in 元: that of their sum, unless a
// small one would vanish in it.
func moneyScale(amounts ...float64) figure.Scale {
	sum := 0.0
	for _, a := range amounts {
		sum += a
	}
	s := figure.MoneyScale(sum)
	for _, a := range amounts {
		if a != 0 && a < s.Divisor/10 {
			return figure.Scale{Unit: figure.TableMoney, Divisor: figure.TableMoneyDivisor, Decimals: 1}
		}
	}
	return s
}

func light(l kpi.Light) cell {
	return cell{Text: workbook.Light.Format(l), Class: workbook.LightClass(l)}
}

// onPaper is a table of the workbook, column by column as it is.
func onPaper(t workbook.Table, class string) table {
	p := table{Class: class, Title: t.Title, Note: t.Note, Empty: t.Empty}
	for _, c := range t.Columns {
		p.Columns = append(p.Columns, column{c.Title, c.Kind != workbook.Text && c.Kind != workbook.Day && c.Kind != workbook.Light})
	}
	for _, r := range t.Rows {
		line := row{ID: r.ID, Total: r.Total}
		for i, v := range r.Cells {
			c := cell{Text: t.Columns[i].Kind.Format(v)}
			if p.Columns[i].Numeric {
				c.Class = "n"
			}
			switch n := v.(type) {
			case float64:
				c = exact(c.Text, &n)
			case int:
				c = count(n)
			case int64:
				c = count(n)
			case kpi.Light:
				c = light(n)
			}
			line.Cells = append(line.Cells, c)
		}
		p.Rows = append(p.Rows, line)
	}
	return p
}

// check holds every row to the columns: a shifted figure would be a wrong one.
func (t table) check() error {
	for i, r := range t.Rows {
		if r.Heading == "" && len(r.Cells) != len(t.Columns) {
			return fmt.Errorf("table %s: row %d: %w: %d cells, %d columns", t.Title, i+1, workbook.ErrShape, len(r.Cells), len(t.Columns))
		}
	}
	return nil
}
