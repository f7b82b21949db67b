package dashboard

import (
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
)

// amended lists the rows of an item's sources that withdraw, replace or bring back others; one that
// has none has no such section.
func (w *site) amended(v *commitmentView, it digest.Item) error {
	sources := w.d.Snapshot.Answers[it.Model]
	if it.Of != nil && it.To != nil {
		sources = slices.Concat(sources, w.d.Snapshot.Answers[it.Of.Model], w.d.Snapshot.Answers[it.To.Model])
	}
	of := func(c kpi.Correction) bool { return slices.Contains(sources, c.Source) }
	if !slices.ContainsFunc(w.detail.Corrections, of) {
		return nil
	}
	v.Amended = w.rows("amended-"+slug(it.ID), column{"处理", asText}, column{"数据", asText}, column{"主键", asWords}, column{"收到日期", asText},
		column{"文件", asWords}, column{"工作表", asText}, column{"行", asNumber}, column{"原文件", asWords}, column{"原表", asText}, column{"原行号", asNumber})
	for _, c := range w.detail.Corrections {
		if !of(c) {
			continue
		}
		old, row := c.OldFile, any(c.OldRow)
		if old == "" {
			old, row = "原行未报送", nil
		}
		v.Amended.add(c.Words, c.Name, c.Key, c.On.String(), c.File, c.Sheet, c.Row, old, c.Old, row)
	}
	return v.Amended.end()
}
