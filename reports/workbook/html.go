package workbook

import (
	"bytes"
	"html/template"
	"strconv"

	"citykpi/pipeline/kpi"
)

var tableTemplate = template.Must(template.New("table").Parse(`<div class="scroll"><table class="data{{if .Sortable}} sortable{{end}}">
<thead><tr>{{range .Columns}}<th scope="col"{{if .Numeric}} class="n"{{end}}>{{.Title}}</th>{{end}}</tr></thead>
<tbody>{{range .Rows}}
<tr{{with .ID}} id="{{.}}"{{end}}{{if .Total}} class="total"{{end}}>{{range .Cells}}<td` +
	`{{with .Class}} class="{{.}}"{{end}}{{with .Sort}} data-v="{{.}}"{{end}}>{{if .Href}}<a href="{{.Href}}"` +
	`{{with .Count}} data-count="{{.}}"{{end}}{{with .Sum}} data-sum="{{.}}"{{end}}{{with .Of}} data-of="{{.}}"{{end}}>` +
	`{{.Text}}</a>{{else}}{{.Text}}{{end}}</td>{{end}}</tr>{{else}}
<tr><td class="none" colspan="{{len .Columns}}">{{.Empty}}</td></tr>{{end}}
</tbody></table></div>`))

type htmlColumn struct {
	Title   string
	Numeric bool
}

type htmlCell struct{ Text, Class, Sort, Href, Count, Sum, Of string }

type htmlRow struct {
	ID    string
	Total bool
	Cells []htmlCell
}

type htmlTable struct {
	Columns  []htmlColumn
	Rows     []htmlRow
	Sortable bool
	Empty    string
}

// HTML is the table as markup: every cell escaped, numbers in td.n with the
// exact value in data-v, lights in td.light-<light>. The page brings the style.
func (t Table) HTML() (template.HTML, error) { return t.html(false) }

// SortableHTML is HTML with the class the dashboard's script sorts by.
func (t Table) SortableHTML() (template.HTML, error) { return t.html(true) }

func (t Table) html(sortable bool) (template.HTML, error) {
	if err := t.check(); err != nil {
		return "", err
	}
	view := htmlTable{Sortable: sortable, Empty: t.empty()}
	for _, c := range t.Columns {
		view.Columns = append(view.Columns, htmlColumn{c.Title, c.Kind.numeric()})
	}
	for _, r := range t.Rows {
		row := htmlRow{ID: r.ID, Total: r.Total}
		for i, cell := range r.Cells {
			row.Cells = append(row.Cells, toHTML(t.Columns[i].Kind, cell))
		}
		view.Rows = append(view.Rows, row)
	}
	var b bytes.Buffer
	if err := tableTemplate.Execute(&b, view); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

func toHTML(k Kind, cell any) htmlCell {
	if l, ok := cell.(Link); ok {
		c := toHTML(k, l.Value)
		switch c.Href, c.Of = l.Href, l.Column; {
		case !l.Sum:
			c.Count = c.Sort
		case l.Column != "":
			c.Sum = c.Sort
		}
		return c
	}
	c := htmlCell{Text: k.Format(cell)}
	if k.numeric() {
		c.Class = "n"
	}
	if v, ok := number(cell); ok {
		c.Sort = strconv.FormatFloat(v, 'f', -1, 64)
	}
	if light, ok := cell.(kpi.Light); ok {
		c.Class = LightClass(light)
		c.Sort = strconv.Itoa(light.Order())
	}
	if k == Day {
		c.Class = "day"
	}
	if text, ok := cell.(string); ok && k == Text && short(text) {
		c.Class = "short"
	}
	return c
}

// short reports whether a text is better kept on one line: a code, a unit, a district.
func short(text string) bool {
	width := 0
	for _, r := range text {
		width++
		if r > 0xff {
			width++
		}
	}
	return width <= 10
}

// LightClass is the class that colours a light: light-red.
func LightClass(l kpi.Light) string {
	if l == kpi.NoLight {
		return "light light-none"
	}
	return "light light-" + string(l)
}
