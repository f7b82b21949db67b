package dashboard

import (
	"fmt"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// restatements is a table of figures of closed quarters that read differently now; several items
// share it where each row names its own.
func (w *site) restatements(id string, several bool) *rows {
	columns := [][]column{asText.of("季度")}
	if several {
		columns = append(columns, asText.of("编号"), asWords.of("事项"))
	} else {
		columns = append(columns, asWords.of("口径"))
	}
	return w.rows(id, append(columns, asText.of("地区"), asNumber.of("原公布", "现为"), asText.of("单位", "原因"),
		asNumber.of("新增（条）", "减少（条）", "变动（条）"))...)
}

func (w *site) addRestatement(to *rows, r kpi.Restatement, scale figure.Scale, named ...any) {
	cells := append([]any{r.Quarter.String()}, named...)
	to.add(append(cells, w.region(r.Region), amount(scale, r.Old).Text, amount(scale, r.New).Text, scale.Unit,
		r.Reasons(), r.Came, r.Went, r.Changed)...)
}

// restated lists all of them on the page about data.
func (w *site) restated(v *qualityView) error {
	v.Restated = w.restatements("q-restated", true)
	v.Restated.Empty = "已关账季度的数字没有变动"
	causes := map[kpi.Cause]int{}
	for _, r := range w.d.Snapshot.Restated {
		it, _ := w.d.Find(r.ID)
		name := it.Name
		if r.Measure != "" {
			name += "·" + w.d.Measure(r)
		}
		w.addRestatement(v.Restated, r, figure.TabularVersus(w.d.RestatementUnit(r), r.Old, r.New), r.ID, name)
		causes[r.Cause]++
	}
	for _, c := range kpi.Causes {
		if causes[c] > 0 {
			v.Causes = append(v.Causes, stat{Name: c.Chinese(), fig: fig{Text: fmt.Sprintf("%d 个数字", causes[c])}})
		}
	}
	return v.Restated.end()
}

// restatedOf lists those of one item on its own page; one that stands as published has no such section.
func (w *site) restatedOf(v *commitmentView, it digest.Item) error {
	list := w.d.Snapshot.RestatedOf(it.ID, "")
	if len(list) == 0 {
		return nil
	}
	v.RestatedNote = restatedNote(w.d, it)
	v.RestatedAll = where("quality.html", "q-restated", "编号", it.ID)
	v.Restated = w.restatements("restated-"+it.ID, false)
	for _, r := range list {
		unit := w.d.RestatementUnit(r)
		w.addRestatement(v.Restated, r, figure.ScaleFor(unit, it.At.Value).Telling(unit, r.Old, r.New), w.d.Measure(r))
	}
	return v.Restated.end()
}

// restatedNote says how the item's own figure was restated: 2026Q3 公布 3,312 家，现为
// 3,318 家（迟报数据）; "" where it stands as published.
func restatedNote(d *digest.Digest, it digest.Item) string {
	var notes []string
	for _, r := range d.Snapshot.RestatedOf(it.ID, it.At.Region) {
		if r.Measure == "" {
			scale := figure.Versus(it.UnitName(), r.Old, r.New)
			notes = append(notes, fmt.Sprintf("%s公布 %s，现为 %s（%s）",
				r.Quarter.Chinese(), amount(scale, r.Old), amount(scale, r.New), r.Reasons()))
		}
	}
	return strings.Join(notes, "；")
}

// amount is a figure in a scale, or the dash of one that does not exist.
func amount(s figure.Scale, v *float64) figure.Amount {
	if v == nil {
		return figure.Amount{Text: figure.None}
	}
	return s.Amount(*v)
}
