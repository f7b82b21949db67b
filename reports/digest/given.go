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
	if it.Commitment.BindsEach() {
		return givenOfEach(it, g)
	}
	verdict := outcomeText(g.Outcome, g.Done)
	if it.judgedOn(g.Deadline) == nil {
		verdict = g.Deadline.Chinese() + "到期" + verdict
	}
	verdict += "，"
	if g.Outcome == kpi.TooLate {
		verdict += "到期时 "
	}
	return it.closing(g) + "关账时为" + verdict + it.valueGiven(g) + reopenedText(g) + "，其后" + it.since(g)
}

// closing is the day of a closing, and its quarter where others were closed on that day.
func (it Item) closing(g kpi.Given) string {
	if slices.ContainsFunc(it.At.Given, func(o kpi.Given) bool { return o.On == g.On && o.Quarter != g.Quarter }) {
		return g.On.Chinese() + g.Quarter.Chinese()
	}
	return g.On.Chinese()
}

// outcomeText is a verdict with the day of what came late: 逾期完成（2026年2月13日）.
func outcomeText(o kpi.Judgement, done kpi.Date) string {
	switch q := kpi.QuarterOf(done); {
	case done.IsZero():
		return o.Chinese()
	case q.End() == done:
		return o.Chinese() + "（" + q.Chinese() + "末）"
	}
	return o.Chinese() + "（" + done.Chinese() + "）"
}

// givenOfEach is how many of several did or kept it, as a closing had it, and who did not:
// 2026年1月12日关账时为 3／5 个，未办甲、乙，其后补报.
func givenOfEach(it Item, g kpi.Given) string {
	text, not := it.closing(g)+"关账时为", "未办"
	if it.Kind == kpi.Constraint {
		not = "不符合的有"
	}
	if g.Value != nil {
		text += fmt.Sprintf(" %s／%s 个", figure.Count(*g.Value), figure.Count(g.Wanted))
	}
	if len(g.Not) > 0 {
		text += "，" + not + strings.Join(g.Not, "、")
	}
	return text + reopenedText(g) + "，其后" + changed(g.Cause)
}

// reopenedText says that a closing was given up, and why.
func reopenedText(g kpi.Given) string {
	if g.Reopened.IsZero() {
		return ""
	}
	return fmt.Sprintf("，%s重新开放（%s）", g.Reopened.Chinese(), g.Reason)
}

// changed is what has come since a quarter was closed.
func changed(by kpi.Cause) string {
	if words, ok := came[by]; ok {
		return words
	}
	return "数据有变"
}

// GivenOfPeriod says what closings said of one period of what each of several must do or keep, "" where that stands.
func GivenOfPeriod(it Item, p kpi.EachPeriod) string { return givenOn(it, p.End) }

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
			if p := it.At.PeriodOf(g.Deadline); p != nil {
				text = fmt.Sprintf("%s：%s，现为 %d／%d 个", p.Name, text, p.Did(), p.Had)
			} else if v := it.judgedOn(g.Deadline); v != nil {
				text = dueText(it, g.Deadline) + "：" + text + "，现为" + outcomeText(v.Outcome, v.Done)
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
	if it.Kind == kpi.Ratio && *g.Value == g.Wanted {
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
		return changed(g.Cause)
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
	return givenTexts(it, func(g kpi.Given) bool { return !it.Commitment.BindsEach() && it.judgedOn(g.Deadline) == nil })
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
