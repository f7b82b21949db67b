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
	v.Amended = w.corrections("amended-" + slug(it.ID))
	for _, c := range w.detail.Corrections {
		if of(c) {
			addCorrection(v.Amended, c)
		}
	}
	return v.Amended.end()
}

// corrections is a table of rows that withdraw, replace or bring back others.
func (w *site) corrections(name string) *rows {
	return w.rows(name, asText.of("处理", "数据"), asWords.of("所指主键", "更正后主键"), asText.of("收到日期"), placed,
		asWords.of("原文件"), asText.of("原表"), asNumber.of("原行号"), asWords.of("说明"))
}

func addCorrection(to *rows, c kpi.Correction) {
	row := any(c.OldRow)
	if c.OldFile == "" {
		row = nil
	}
	to.add(c.Words, c.Name, c.Key, c.NewKey, c.On.String(), c.File, c.Sheet, c.Row, c.OldFile, c.Old, row, c.Remark)
}

// amendedAll lists what files said on purpose of rows of others, and what became of it: not rows
// that were merely filed again under their key.
func (w *site) amendedAll(v *qualityView) error {
	v.Amended = w.corrections("q-amended")
	v.Amended.Empty = "没有更正、作废或退回后补正的行"
	for _, c := range w.detail.Corrections {
		if c.Step != "again" || c.Found != "row" {
			addCorrection(v.Amended, c)
		}
	}
	return v.Amended.end()
}
