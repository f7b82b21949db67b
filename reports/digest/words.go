package digest

import (
	"fmt"
	"math"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// Summary is the state of everything in a sentence or two of official Chinese.
func (d *Digest) Summary() string {
	total := len(d.Commitments)
	if total == 0 {
		return "尚未载入政策文件，暂无承诺事项。"
	}
	answered := total - d.count(kpi.NoData)
	if answered == 0 {
		return fmt.Sprintf("截至 %s，共 %d 项承诺，均未接入数据，暂不能评价进度。", d.AsOf().Chinese(), total)
	}
	parts := []string{}
	add := func(n int, format string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf(format, n))
		}
	}
	add(d.count(kpi.Met), "已完成 %d 项")
	add(d.count(kpi.Green), "达到序时进度 %d 项")
	if behind := d.Attention(); len(behind) > 0 {
		parts = append(parts, fmt.Sprintf("滞后 %d 项（%s）", len(behind), d.lagging()))
	}
	add(d.count(kpi.NoLight), "仅监测 %d 项")
	add(d.count(kpi.NoData), "无数据 %d 项")
	s := fmt.Sprintf("截至 %s，共 %d 项承诺，其中%s。", d.AsOf().Chinese(), total, strings.Join(parts, "，"))
	if behind := d.Attention(); len(behind) > 0 {
		return s + Worst(behind[0])
	}
	return s
}

func (d *Digest) lagging() string {
	var parts []string
	for _, l := range []kpi.Light{kpi.Red, kpi.Orange, kpi.Yellow} {
		if n := d.count(l); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", l.Chinese(), n))
		}
	}
	return strings.Join(parts, "、")
}

// Worst says how far the item that lags most is behind.
func Worst(it Item) string {
	s := "滞后最多的是“" + strip(it.Name) + "”"
	if it.At.Gap != nil {
		s += fmt.Sprintf("，低于序时进度 %s 个百分点", figure.Number(math.Abs(*it.At.Gap), 1))
	}
	if it.At.Left != nil {
		s += "，还差 " + plain(it.At.Left, it.UnitName())
	}
	return s + "。"
}

// strip takes the quotation marks of a name off where it is quoted itself.
func strip(name string) string {
	return strings.NewReplacer("“", "", "”", "").Replace(name)
}

// Sentence is how one commitment stands: 完成 1424 家，完成率 142.4%，高于序时进度
// 42.4 个百分点，环比增加 35 家，同比增加 210 家。
func Sentence(it Item) string {
	if it.At.Value == nil {
		return it.At.Source.Chinese() + "。"
	}
	switch it.Kind {
	case kpi.Milestone:
		return kpi.Stage(*it.At.Value) + carried(it) + "。"
	case kpi.Obligation:
		return done(it) + carried(it) + "。"
	}
	verb := "完成"
	if it.Target == nil || it.Kind == kpi.Stock && it.Target.Comparator() != ">=" {
		verb = "为"
	}
	parts := []string{verb + " " + plain(it.At.Value, it.UnitName())}
	if it.At.Rate != nil && !it.Ceiling() {
		parts = append(parts, "完成率 "+figure.Percent(it.At.Rate))
	}
	if p := Pace(it); p != "" {
		parts = append(parts, p)
	}
	if it.Light() != kpi.Met && it.At.Left != nil && *it.At.Left > 0 {
		parts = append(parts, "还差 "+plain(it.At.Left, it.UnitName()))
	}
	if it.At.Required != nil {
		parts = append(parts, "此后每季度需完成 "+plain(it.At.Required, it.UnitName()))
	}
	parts = append(parts, moved("环比", it.At.Quarter, it.UnitName())...)
	parts = append(parts, moved("同比", it.At.Year, it.UnitName())...)
	return strings.Join(parts, "，") + carried(it) + "。"
}

// carried says from when a figure is carried forward.
func carried(it Item) string {
	if it.At.Carried.IsZero() {
		return ""
	}
	return "（沿用 " + it.At.Carried.Chinese() + "数据）"
}

// mostMissed is how many missed periods a sentence names.
const mostMissed = 4

// done is how an obligation stands: 累计 9 次，应完成 8 期，缺 1 期（2024上半年）.
func done(it Item) string {
	s := "累计 " + plain(it.At.Value, it.UnitName())
	if it.At.Due == 0 {
		return s
	}
	s += fmt.Sprintf("，应完成 %d 期", it.At.Due)
	if n := len(it.At.Missed); n > 0 {
		named := it.At.Missed[max(0, n-mostMissed):]
		return s + fmt.Sprintf("，缺 %d 期（%s%s）", n, strings.Join(named, "、"), more(n > len(named)))
	}
	return s + "，无缺期"
}

func more(cut bool) string {
	if cut {
		return " 等"
	}
	return ""
}

// Pace says where the item is against 序时进度, and that its time is over.
func Pace(it Item) string {
	if it.Ceiling() && it.At.Value != nil {
		if *it.At.Value <= it.Target.Value() {
			return "未超过上限 " + strings.TrimPrefix(TargetText(it), "≤")
		}
		return "超过上限 " + strings.TrimPrefix(TargetText(it), "≤")
	}
	if it.At.Gap == nil {
		return ""
	}
	points := figure.Number(math.Abs(*it.At.Gap), 1)
	switch {
	case it.Overdue:
		return fmt.Sprintf("已过期限，低于序时进度 %s 个百分点", points)
	case points == "0.0":
		return "与序时进度持平"
	case *it.At.Gap < 0:
		return fmt.Sprintf("低于序时进度 %s 个百分点", points)
	}
	return fmt.Sprintf("高于序时进度 %s 个百分点", points)
}

func moved(word string, c *kpi.Change, unit string) []string {
	if c == nil {
		return nil
	}
	diff, unit := math.Abs(c.Diff), figure.DifferenceUnit(unit)
	switch {
	case c.Diff > 0:
		return []string{word + "增加 " + plain(&diff, unit)}
	case c.Diff < 0:
		return []string{word + "减少 " + plain(&diff, unit)}
	}
	return []string{word + "持平"}
}

// plain is a quantity as running text has it, without separators.
func plain(v *float64, unit string) string {
	return strings.ReplaceAll(figure.Quantity(v, unit).String(), ",", "")
}

// TargetText is the target as people say it: 1,000 家, ≤5 天, 300–500 名.
func TargetText(it Item) string {
	t := it.Target
	if t == nil {
		return figure.None
	}
	low := t.Value()
	text := round(low, it.UnitName())
	switch t.Comparator() {
	case "<=":
		return "≤" + text
	case "between":
		return round(low, "") + "–" + round(*t.High(), it.UnitName())
	}
	return text
}

// round is a quantity without decimals that say nothing: targets are round.
func round(v float64, unit string) string {
	if unit != figure.Yuan {
		return figure.Quantity(&v, unit).String()
	}
	s := figure.MoneyScale(v)
	return figure.Count(v/s.Divisor) + " " + s.Unit
}

// DataNote says how fresh the figure is.
func (d *Digest) DataNote(it Item) string {
	switch {
	case it.At.Value == nil:
		return it.At.Source.Chinese()
	case !it.At.Carried.IsZero():
		return "沿用 " + it.At.Carried.String()
	}
	return d.AsOf().String()
}
