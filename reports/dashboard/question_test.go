package dashboard

import (
	"testing"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
)

// TestQuestion holds what is asked about an item that is off track to its own figures.
func TestQuestion(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	asOf := kpi.Date{Year: 2026, Month: time.September, Day: 30}
	key := kpi.Key{ID: "X", Region: "320100"}
	d := digest.Read(&kpi.Snapshot{
		Release: kpi.Release{AsOf: asOf}, Region: kpi.Region{Code: "320100"},
		Series: kpi.Series{key: {asOf: 2054, {Year: 2026, Month: time.June, Day: 30}: 1190}},
	})
	yearly := &kpi.Target{AtLeast: v(5000), Unit: "名", Per: "year"}
	for _, c := range []struct {
		name string
		c    kpi.Commitment
		at   kpi.Attainment
		want string
	}{
		{"one quarter left", kpi.Commitment{Kind: kpi.AnnualFlow, Target: yearly},
			kpi.Attainment{Value: v(2054), Left: v(2946), Required: v(2946)},
			"三季度增 864 名，四季度须增 2,946 名，差额如何补？"},
		{"several quarters left",
			kpi.Commitment{Kind: kpi.Cumulative, Target: &kpi.Target{AtLeast: v(5000), Unit: "名",
				By: kpi.Date{Year: 2027, Month: time.December, Day: 31}}},
			kpi.Attainment{Value: v(2054), Left: v(2946), Required: v(590)}, "三季度增 864 名，此后每季度须增 590 名，差额如何补？"},
		{"a share", kpi.Commitment{Kind: kpi.Ratio, Target: &kpi.Target{AtLeast: v(90), Unit: "%", By: kpi.YearEnd(2026)}},
			kpi.Attainment{Value: v(2054), Left: v(12.5), Required: v(13)},
			"三季度增 864 个百分点，四季度须提高 13 个百分点，差额如何补？"},
		{"a ceiling", kpi.Commitment{Kind: kpi.Constraint, Target: &kpi.Target{AtMost: v(20), Unit: "家"}},
			kpi.Attainment{Value: v(23)}, "现为 23 家，超出上限（20 家）3 家，如何压降？"},
		{"a floor", kpi.Commitment{Kind: kpi.Constraint, Target: &kpi.Target{AtLeast: v(10), Unit: "年"},
			Also: []kpi.Measure{{Name: "short", Unit: "项", Breaks: true}}},
			kpi.Attainment{Value: v(8), Left: v(2), Also: map[string]*float64{"short": v(1)}}, "最低为 8 年，低于要求（10 年）2 年，涉及 1 项，如何整改？"},
		{"periods missed", kpi.Commitment{Kind: kpi.Obligation, Unit: "次"},
			kpi.Attainment{Value: v(7), Due: 8, Missed: []string{"2025年上半年"}}, "2025年上半年未办，何故？下一期如何安排？"},
		{"overdue", kpi.Commitment{Kind: kpi.Stock, Target: &kpi.Target{AtLeast: v(10000), Unit: "家", By: kpi.YearEnd(2025)}},
			kpi.Attainment{Value: v(9535), Left: v(465), Light: kpi.Overdue},
			"期限 2025年12月31日已过，还差 465 家，何时补齐？"},
		{"a year that is over", kpi.Commitment{Kind: kpi.Cumulative, Flow: "year",
			Target: &kpi.Target{AtLeast: v(10000), Unit: "家", By: kpi.YearEnd(2025)}},
			kpi.Attainment{Value: v(9535), Left: v(465), Light: kpi.Overdue},
			"2025年未达目标，差 465 家，何故？"},
		{"fallen back", kpi.Commitment{Kind: kpi.Stock, Target: &kpi.Target{AtLeast: v(300), Unit: "家", By: kpi.YearEnd(2025)}},
			kpi.Attainment{Value: v(290), Left: v(10), Light: kpi.Fallen},
			"曾达到目标，现差 10 家，何故回落？"},
		{"nothing known", kpi.Commitment{Kind: kpi.Stock}, kpi.Attainment{Value: v(1)}, "何时赶上序时进度？"},
	} {
		c.c.ID, c.at.Region, c.at.AsOf = "X", "320100", asOf
		if got := question(d, digest.Item{Commitment: c.c, At: c.at}); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
