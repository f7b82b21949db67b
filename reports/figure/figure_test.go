package figure

import (
	"testing"
	"time"

	"citykpi/pipeline/kpi"
)

func TestNumbersAreWrittenForReaders(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	for _, c := range []struct{ got, want string }{
		{Number(1234567.891, 1), "1,234,567.9"},
		{Number(-1234.5, 0), "−1,234"},
		{Number(-0.04, 1), "0.0"},
		{Number(999, 0), "999"},
		{Count(12.5), "12.5"},
		{Count(12.345), "12.35"},
		{Count(12.999), "13"},
		{Signed(3), "+3"},
		{Signed(-3), "−3"},
		{Signed(0), "0"},
		{Percent(v(142.44)), "142.4%"},
		{Percent(nil), "—"},
		{Percent(v(99.976)), "99.9%"}, // a target that is missed is not 100%
		{Percent(v(99.94)), "99.9%"},
		{Percent(v(100)), "100.0%"},
		{Percent(v(114.99999999999999)), "115.0%"}, // no more than how computers divide
		{Percent(v(100.02)), "100.02%"},
		{Percent(v(79.998)), "79.998%"},
		{Percent(v(87.04)), "87.0%"}, // nothing is judged by 87
		{Points(v(0.024)), "+0.02"},
		{Points(v(-10.04)), "−10.04"},
		{Points(v(0)), "0.0"},
		{Points(v(-7.25)), "−7.2"},
		{Points(v(42.44)), "+42.4"},
		{Quantity(v(361), "家").String(), "361 家"},
		{Quantity(nil, "家").String(), "—"},
		{Quantity(v(3.05e10), "元").String(), "305.00 亿元"},
		{Quantity(v(123456), "元").String(), "12.3 万元"},
		{Quantity(v(960), "元").String(), "960 元"},
		{Change(&kpi.Change{Diff: 12, Percent: v(3.44)}, "家"), "+12 家（+3.4%）"},
		{Change(&kpi.Change{Diff: -2e8}, "元"), "−2.00 亿元"},
		{Change(&kpi.Change{Diff: 0.25}, "%"), "+0.25 个百分点"},
		{Change(&kpi.Change{Diff: 21.43, Percent: v(30.001)}, "%"), "+21.43 个百分点"},
		{Change(&kpi.Change{Diff: 3, Percent: v(30.001)}, "家"), "+3 家（+30.0%）"},
		{Change(&kpi.Change{Diff: 8096.5e4, Percent: v(4.05)}, "元", v(207.77e8)), "+0.81 亿元（+4.0%）"},
		{Change(&kpi.Change{Diff: -18.9e8}, "元", v(2926e4)), "−18.90 亿元"},
		{Change(&kpi.Change{Diff: 4e5}, "元", v(207.77e8)), "+40.0 万元"}, // would be 0.00 亿元
		{Change(&kpi.Change{Diff: 12}, "家", v(1)), "+12 家"},
		{Difference(-0.15, "%"), "−0.15 个百分点"},
		{Quantity(v(3.86), "%").String(), "3.86%"},
		{Change(&kpi.Change{Percent: v(0)}, "家"), "持平"},
		{Change(nil, "家"), "—"},
		{Moment(time.Date(2026, 10, 15, 18, 3, 0, 0, time.UTC)), "2026-10-16 02:03"},
		{Moment(time.Time{}), "—"},
		{Day(kpi.Date{}), "—"},
		{Day(kpi.Date{Year: 2026, Month: 9, Day: 30}), "2026-09-30"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestTabularMoneyIsInTenThousandYuan(t *testing.T) {
	v := 25000.0
	if got, unit := Tabular(&v, Yuan); *got != 2.5 || unit != "万元" {
		t.Errorf("Tabular = %v %s, want 2.5 万元", *got, unit)
	}
	if got, unit := Tabular(&v, "家"); *got != v || unit != "家" {
		t.Errorf("Tabular = %v %s, want %v 家", *got, unit, v)
	}
}

// TestScaleForTakesTheLargest holds figures that stand together to one unit.
func TestScaleForTakesTheLargest(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	s := ScaleFor(Yuan, v(2926.1e4), nil, v(-1.04e8))
	for _, c := range []struct {
		v    float64
		want string
	}{{2926.1e4, "0.29 亿元"}, {-1.04e8, "−1.04 亿元"}, {0, "0.00 亿元"}} {
		if got := s.Amount(c.v).String(); got != c.want {
			t.Errorf("%v = %s, want %s", c.v, got, c.want)
		}
	}
	if got := ScaleFor("家", v(3), v(12345)).Amount(3).String(); got != "3 家" {
		t.Errorf("3 firms = %s", got)
	}
	if got := ScaleFor(Yuan).Amount(960).String(); got != "960 元" {
		t.Errorf("960 yuan alone = %s", got)
	}
}
