package digest

import (
	"fmt"
	"strings"

	"citykpi/pipeline/kpi"
)

// State is an item's light in a word or two; of one whose deadline has passed what
// became of it: 按期完成, 逾期完成, 逾期 9 个月, 回落.
func (it Item) State() string {
	v := it.At.Verdict
	switch {
	case v == nil || it.Light() != v.Light():
		return it.Light().Chinese()
	case it.Light() == kpi.Met:
		return v.Outcome.Chinese()
	case it.Light() == kpi.Overdue && v.Months > 0:
		return fmt.Sprintf("逾期 %d 个月", v.Months)
	case it.Light() == kpi.Overdue:
		return "到期未完成"
	}
	return it.Light().Chinese()
}

// VerdictText is the verdict of an item whose deadline has passed, "" before that:
// 逾期完成（2025年12月31日到期时 2 个，2026年2月14日完成，逾期 1 个月）; and what closings said of it otherwise.
func VerdictText(it Item) string {
	v, gone := it.At.Verdict, givenElse(it)
	text := StandingText(it)
	if v != nil {
		if given := givenOn(it, v.Deadline); given != "" {
			text = strings.TrimSuffix(text, "）") + "；" + given + "）"
		}
	}
	if text != "" && gone != "" {
		text += "；"
	}
	return text + gone
}

// awaited says what of the deadline is not known, and who is to file it; "" where all is.
func awaited(it Item) string {
	if it.At.Awaits.IsZero() {
		return ""
	}
	due := it.At.Awaits.Chinese()
	text := "数据截至 " + it.At.Data.Chinese() + "，未及期限 " + due
	if f := it.At.Filed; f != nil && f.End == it.At.Awaits && len(f.Not) > 0 {
		return fmt.Sprintf("期限 %s 的数据尚有 %d 个区未报", due, len(f.Not))
	} else if !it.At.Data.Before(it.At.Awaits) {
		text = "期限 " + due + " 以前有应报未报的数据"
	}
	if len(it.At.Cover.Units) > 0 {
		text += "，待" + strings.Join(it.At.Cover.Units, "、") + "报送"
	}
	return text
}

// StandingText is the verdict as it stands, "" before the deadline; after it, what is awaited.
func StandingText(it Item) string {
	v := it.At.Verdict
	if v == nil {
		return awaited(it)
	}
	due := dueText(it, v.Deadline)
	at := due + "时无数据"
	if v.Value != nil {
		at = due + "时 " + it.measured(v.Value)
	}
	switch v.Outcome {
	case kpi.NotDone:
		if v.Months > 0 {
			return fmt.Sprintf("未完成，逾期 %d 个月（%s）", v.Months, at)
		}
		return "到期未完成（" + due + "）"
	case kpi.TooLate:
		at += fmt.Sprintf("，%s完成", dayOf(v, v.Done))
		if v.Months > 0 {
			at += fmt.Sprintf("，逾期 %d 个月", v.Months)
		} else if v.ByDay {
			at += fmt.Sprintf("，逾期 %d 天", v.Done.Since(v.Deadline))
		}
	}
	text := v.Outcome.Chinese()
	if !v.Fell.IsZero() {
		return fmt.Sprintf("%s后回落（%s；%s起低于目标）", text, at, dayOf(v, v.Fell))
	}
	if !v.Back.IsZero() {
		at += fmt.Sprintf("；%s起曾低于目标，%s恢复", dayOf(v, v.Low), dayOf(v, v.Back))
	}
	return text + "（" + at + "）"
}

// dueText is what falls due on a day: 2025年12月31日到期, and of a yearly target 2025年.
func dueText(it Item, deadline kpi.Date) string {
	if it.Target.Per == "year" {
		return fmt.Sprintf("%d年", deadline.Year)
	}
	return deadline.Chinese() + "到期"
}

// measured is a value as running text has it, a stage in its word.
func (it Item) measured(v *float64) string {
	if it.Kind == kpi.Milestone {
		return "“" + kpi.Stage(*v) + "”"
	}
	return quantity(v, it.UnitName())
}

// dayOf is a day of a verdict; where only the ends of periods are known the quarter whose end
// showed it.
func dayOf(v *kpi.Verdict, on kpi.Date) string {
	if q := kpi.QuarterOf(on); !v.ByDay && q.End() == on {
		return q.Chinese() + "末"
	}
	return on.Chinese()
}

// YearsText is how the years of a yearly target ended: 2023年 5,120 名 按期完成; "" where none
// is over.
func YearsText(it Item) string {
	var years []string
	for _, v := range it.At.Years {
		years = append(years, fmt.Sprintf("%d年 %s %s", v.Deadline.Year, quantity(v.Value, it.UnitName()), YearText(it, v)))
	}
	if on := it.At.Awaits; !on.IsZero() && it.Target.Per == "year" {
		years = append(years, fmt.Sprintf("%d年 %s", on.Year, kpi.Awaited.Chinese()))
	}
	return strings.Join(years, "；")
}

// YearText is how one of them ended, and what a closing said of it otherwise.
func YearText(it Item, v kpi.Verdict) string {
	text := v.Outcome.Chinese()
	if given := givenOn(it, v.Deadline); given != "" {
		text += "（" + given + "）"
	}
	return text
}

// LegendTerm is one light and when it is shown.
type LegendTerm struct {
	Light kpi.Light
	Text  string
}

// Legend says when each light is shown, with the thresholds they were judged by.
func (d *Digest) Legend() []LegendTerm {
	th := d.Thresholds()
	p := func(v float64) string { return fmt.Sprintf("%g", max(v, -v)) }
	green := "不低于序时进度"
	if th.Green < 0 {
		green = "低于序时进度不超过 " + p(th.Green) + " 个百分点"
	} else if th.Green > 0 {
		green = "高于序时进度 " + p(th.Green) + " 个百分点以上"
	}
	return []LegendTerm{
		{kpi.Met, "已达到目标；期限已过的，到期当日达到目标（按期完成）"},
		{kpi.Late, "到期当日未达到目标，其后达到"},
		{kpi.Green, green + "；须始终符合的要求，现符合；经常性工作，最近一期已办"},
		{kpi.Yellow, "低于序时进度，偏差不超过 " + p(th.Yellow) + " 个百分点"},
		{kpi.Orange, "偏差超过 " + p(th.Yellow) + " 个、不超过 " + p(th.Orange) + " 个百分点；预期性事项偏差更大的也为橙"},
		{kpi.Red, "偏差超过 " + p(th.Orange) + " 个百分点；须始终符合的要求，现不符合"},
		{kpi.Fallen, "到期时或其后曾达到目标，现低于目标"},
		{kpi.Overdue, "期限已过，从未达到目标"},
		{kpi.Awaited, "期限已过，而数据截至期限之前，不作结论，报齐后判定；累计数已达到目标的除外"},
		{kpi.NoData, "未报送或未接入数据"},
		{kpi.NoLight, "文件未定目标或期限，只报数值"},
	}
}

// Thresholds are those the lights were judged by.
func (d *Digest) Thresholds() kpi.Thresholds {
	if th := d.Snapshot.Lights; th != (kpi.Thresholds{}) {
		return th
	}
	return kpi.DefaultThresholds
}
