package digest

import (
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// GivenText is a verdict that a closing gave and that reads otherwise now, with what has come since:
// 2026年1月12日关账时为未完成，2／3 个，还差 1 个，其后补报.
func GivenText(it Item, g kpi.Given) string {
	verdict := g.Outcome.Chinese()
	if it.judgedOn(g.Deadline) == nil {
		verdict = g.Deadline.Chinese() + "到期" + verdict
	}
	text := g.On.Chinese() + "关账时为" + verdict + "，" + it.valueGiven(g)
	if !g.Reopened.IsZero() {
		text += fmt.Sprintf("，%s重新开放（%s）", g.Reopened.Chinese(), g.Reason)
	}
	return text + "，其后" + it.since(g)
}

// Overruled are the items with deadlines, or years, that a closing judged otherwise than they are now.
func (d *Digest) Overruled() []Item {
	var items []Item
	for _, it := range d.Commitments {
		if len(it.At.Given) > 0 {
			items = append(items, it)
		}
	}
	return items
}

// OverruledText names them with what was said and what stands: 产教融合集成平台（2025年12月31日到期：2026年1月12日关账时为未完成，
// 4／5 个，还差 1 个，其后补报，现为按期完成，5 个）.
func OverruledText(items []Item) string {
	var parts []string
	for _, it := range items {
		var said []string
		for _, g := range it.At.Given {
			text := GivenText(it, g)
			if v := it.judgedOn(g.Deadline); v != nil {
				text = dueText(it, g.Deadline) + "：" + text + "，现为" + v.Outcome.Chinese()
				if v.Value != nil {
					text += "，" + it.measured(v.Value)
				}
			}
			said = append(said, text)
		}
		parts = append(parts, it.Name+"（"+strings.Join(said, "；")+"）")
	}
	return strings.Join(parts, "；") + "。"
}

// valueGiven is the value of the day as it was known, of what was promised then.
func (it Item) valueGiven(g kpi.Given) string {
	switch {
	case g.Value == nil:
		return "无数据"
	case it.Kind == kpi.Milestone:
		return it.measured(g.Value)
	}
	scale := figure.Versus(it.UnitName(), g.Value, &g.Wanted)
	text := scale.Amount(*g.Value).Text + "／" + scale.Amount(g.Wanted).String()
	if left := g.Missing(); left > 0 {
		text += "，还差 " + figure.ScaleFor(it.UnitName(), g.Value).Difference(left, it.UnitName()).String()
	}
	return text
}

// since is what the day reads otherwise for.
func (it Item) since(g kpi.Given) string {
	t := it.Target
	switch {
	case t == nil:
		return "不再设目标"
	case it.judgedOn(g.Deadline) != nil && t.Value() != g.Wanted:
		now := t.Value()
		return "目标改为 " + it.measured(&now)
	case it.judgedOn(g.Deadline) != nil:
		if words, ok := came[g.Cause]; ok {
			return words
		}
		return "数据有变"
	case !t.By.IsZero() && t.By != g.Deadline:
		return "期限改为 " + t.By.Chinese()
	}
	return "不再有结论"
}

// came is what has come since figures were published, by why they read otherwise.
var came = map[kpi.Cause]string{kpi.LateData: "补报", kpi.CorrectedData: "更正", kpi.WithdrawnData: "撤销", kpi.ChangedDefinition: "口径调整"}

// judgedOn is the verdict that stands of a day.
func (it Item) judgedOn(deadline kpi.Date) *kpi.Verdict {
	if v := it.At.Verdict; v != nil && v.Deadline == deadline {
		return v
	}
	if i := slices.IndexFunc(it.At.Years, func(v kpi.Verdict) bool { return v.Deadline == deadline }); i >= 0 {
		return &it.At.Years[i]
	}
	return nil
}

// givenOn says what closings gave of one deadline, "" where that is what stands.
func givenOn(it Item, deadline kpi.Date) string {
	return givenTexts(it, func(g kpi.Given) bool { return g.Deadline == deadline })
}

// givenElse says what closings gave of deadlines that are none any more.
func givenElse(it Item) string {
	return givenTexts(it, func(g kpi.Given) bool { return it.judgedOn(g.Deadline) == nil })
}

func givenTexts(it Item, wanted func(kpi.Given) bool) string {
	var texts []string
	for _, g := range it.At.Given {
		if wanted(g) {
			texts = append(texts, GivenText(it, g))
		}
	}
	return strings.Join(texts, "；")
}
