package dashboard

import (
	"html/template"
	"regexp"
)

// plainCell is a cell of a workbook's table that holds nothing but text.
var plainCell = regexp.MustCompile(`<td>([^<]+)</td>`)

// linked is a workbook's table in which the ids of commitments and the names of
// districts lead to their pages: from there every number opens to its rows.
func (w *site) linked(table template.HTML) template.HTML {
	return template.HTML(plainCell.ReplaceAllStringFunc(string(table), func(cell string) string {
		text := plainCell.FindStringSubmatch(cell)[1]
		file, ok := w.doors[text]
		if !ok {
			return cell
		}
		return `<td><a href="` + file + `">` + text + `</a></td>`
	}))
}

// doorsOf are the pages that table cells lead to, by the escaped text of the cell.
// File names are slugs: nothing in them needs escaping.
func (w *site) doorsOf() map[string]string {
	doors := map[string]string{}
	for _, a := range w.areas {
		for _, r := range a.Districts {
			doors[template.HTMLEscapeString(r.Name)] = districtPage(r.Code)
		}
	}
	for _, it := range w.items() {
		doors[template.HTMLEscapeString(it.ID)] = commitmentPage(it.ID)
	}
	return doors
}
