package digest

import (
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// UnknownPeriods says of which periods nothing was filed, so that nobody knows whether it was done, and from when on
// there is any filing; "" where there are none.
func UnknownPeriods(a kpi.Attainment) string {
	n := len(a.Unknown)
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("另有 %d 期未报送、情况不明，不计缺办（%s）", n, UnknownNames(a))
}

// UnknownNames are those periods, of many the first and the last, and the day from which there is any filing.
func UnknownNames(a kpi.Attainment) string {
	names := strings.Join(a.Unknown, "、")
	if n := len(a.Unknown); n > mostMissed {
		names = a.Unknown[0] + "至" + a.Unknown[n-1] + "间"
	}
	if !a.Cover.Begun.IsZero() {
		names += "；" + a.Cover.Begun.Chinese() + "起有报送"
	}
	return names
}

// RateOf says what an attainment in percent is of, where it is not of the whole target: of what is due
// every period it is of the newest, since nobody makes up a period that is over.
func RateOf(it Item) string {
	if it.Kind == kpi.Obligation && it.At.Due > 0 && it.At.Newest == nil {
		return "最近一期"
	}
	return ""
}

// mostNamed is how many subjects a sentence names.
const mostNamed = 5

// Each is who kept the newest period of what each of several must do: 2026年第二季度应办 25
// 个报送单位，办成 22 个（88.0%），未办 3 个：甲、乙、丙; of a share, whose percentage is said before it:
// 共 28 个园区，已办 26 个，未办 2 个：甲、乙.
func Each(it Item) string {
	p := it.At.Named()
	if it.Kind == kpi.Ratio {
		return fmt.Sprintf("共 %d 个%s，已办 %d 个", p.Had, it.Commitment.Each, p.Did()) + comma(NotDone(*p))
	}
	if it.Kind == kpi.Constraint {
		return eachBound(it, *p)
	}
	s := fmt.Sprintf("%s应办 %d 个%s，办成 %d 个（%s）", p.Name, p.Had, it.Commitment.Each, p.Did(), figure.Percent(it.At.Rate))
	return s + comma(NotDone(*p))
}

// comma joins what may be said no more.
func comma(s string) string {
	if s == "" {
		return ""
	}
	return "，" + s
}

// NotDone names who did not: 未办 3 个：甲、乙、丙.
func NotDone(p kpi.EachPeriod) string {
	if len(p.Not) == 0 {
		return ""
	}
	return fmt.Sprintf("未办 %d 个：%s%s", len(p.Not), strings.Join(p.Not[:min(mostNamed, len(p.Not))], "、"), andMore(len(p.Not) > mostNamed))
}

// eachBound is who keeps a bound that each of several must: 共 5 个联合体，符合要求（每个联合体 ≤20 家）4
// 个（80.0%），不符合 1 个：甲（23 家）.
func eachBound(it Item, p kpi.EachPeriod) string {
	s := fmt.Sprintf("共 %d 个%s，符合要求（%s）%d 个（%s）", p.Had, it.Commitment.Each, TargetText(it), p.Did(), figure.Percent(it.At.Rate))
	if len(p.Not) == 0 {
		return s
	}
	named := Broken(it, p)
	most := strings.Join(named[:min(mostNamed, len(named))], "、")
	return s + fmt.Sprintf("，不符合 %d 个：%s%s", len(p.Not), most, andMore(len(named) > mostNamed))
}

// Broken names who breaks a bound, each with how many it has: 甲（23 家）; who did not do what each
// must, by name alone.
func Broken(it Item, p kpi.EachPeriod) []string {
	named := slices.Clone(p.Not)
	for i, n := range p.Numbers {
		named[i] += "（" + quantity(&n, it.UnitName()) + "）"
	}
	return named
}

// together is how many all have that a bound is asked of each.
func together(it Item) string { return "合计 " + quantity(it.At.Value, it.UnitName()) }

// Share is how many kept the newest period of how many had to: 20／25 个; "" of what is not each one's.
func Share(a kpi.Attainment) string {
	if a.Newest == nil {
		return ""
	}
	return fmt.Sprintf("%d／%d 个", a.Newest.Did(), a.Newest.Had)
}

// record is how many periods all kept.
func record(it Item) string {
	return fmt.Sprintf("应办 %d 期，全部办成 %d 期", it.At.Due, it.At.Due-len(it.At.Missed))
}

func andMore(cut bool) string {
	if cut {
		return "等"
	}
	return ""
}
