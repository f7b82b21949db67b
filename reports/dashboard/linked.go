package dashboard

import (
	"net/url"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/workbook"
)

// where is the address of the rows of a long table that have these values in these
// columns: title, value, title, value … A day is also found by its year or quarter.
func where(file, table string, pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		between := "&"
		if i == 0 {
			between = "?"
		}
		b.WriteString(between + url.QueryEscape(pairs[i]) + "=" + url.QueryEscape(pairs[i+1]))
	}
	return file + b.String() + "#" + table
}

// counted is a count that leads to its rows. Nothing has none.
func counted(n int, href string) any {
	if n == 0 {
		return n
	}
	return workbook.Link{Value: n, Href: href}
}

// summed is an amount that leads to the rows whose column adds up to it.
func summed(v float64, column, href string) any {
	if v == 0 {
		return v
	}
	return workbook.Link{Value: v, Href: href, Sum: true, Column: column}
}

// different is how many values a column of the rows has, leading to these.
func different(n int, column, href string) any {
	if n == 0 {
		return n
	}
	return workbook.Link{Value: n, Href: href, Column: column}
}

// filesOf is the address of the files of a source among all that were loaded.
func filesOf(name string, pairs ...string) string {
	return where("runs.html", "q-batches", append([]string{"数据", name}, pairs...)...)
}

// filesFrom are those that a unit filed.
func filesFrom(name, unit string) string { return filesOf(name, "报送单位", unit) }

// lister is the commitment or indicator that a model's variant answers, whose page
// lists the rows; ok is false where there is none.
func (w *site) lister(model, variant string) (digest.Item, bool) {
	for _, it := range w.items() {
		if w.behind != nil && it.Model == model && it.Variant == variant && it.Kind != kpi.Milestone {
			return it, true
		}
	}
	return digest.Item{}, false
}

// linked is a table in which the ids of commitments and the names of districts lead to
// their pages: from there every number opens to its rows.
func (w *site) linked(t workbook.Table) workbook.Table {
	for _, row := range t.Rows {
		for i, cell := range row.Cells {
			if text, ok := cell.(string); ok && w.doors[text] != "" {
				row.Cells[i] = workbook.Link{Value: text, Href: w.doors[text]}
			}
		}
	}
	return t
}

// doorsOf are the pages that table cells lead to, by the text of the cell.
func (w *site) doorsOf() map[string]string {
	doors := map[string]string{}
	for _, a := range w.areas {
		for _, r := range a.Districts {
			doors[r.Name] = districtPage(r.Code)
		}
	}
	for _, it := range w.items() {
		doors[it.ID] = commitmentPage(it.ID)
	}
	return doors
}
