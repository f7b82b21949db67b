package kpi

import (
	"slices"
	"testing"
)

// A period that lies before the first filing is not known to be missed; what was done then is known, and so is
// that nothing more was in a period of which rows came.
func TestNothingIsMissedBeforeTheFirstFiling(t *testing.T) {
	doc := Document{Issued: Date{2025, 1, 1}, Region: "230000"}
	line := map[Date]float64{{2024, 12, 31}: 0, {2025, 3, 31}: 0, {2025, 6, 30}: 1, {2025, 9, 30}: 1, {2025, 12, 31}: 1,
		{2026, 3, 31}: 1, {2026, 6, 30}: 2, {2026, 9, 30}: 2}
	on := Date{2026, 9, 30}
	for _, c := range []struct {
		name, every string
		cover       Cover
		due         int
		missed      []string
		unknown     int // how many
		light       Light
	}{
		{"filed since ever", "quarter", Cover{}, 7, []string{"2025年第一季度", "2025年第三季度", "2025年第四季度", "2026年第一季度", "2026年第三季度"}, 0, Red},
		{"filed since 2026Q2", "quarter", Cover{Begun: Date{2026, 4, 1}, Every: "quarter", Filed: []Date{{2026, 6, 30}, on},
			Until: on}, 3, []string{"2026年第三季度"}, 4, Red},
		{"a quarter was passed over", "quarter", Cover{Begun: Date{2025, 1, 1}, Every: "quarter",
			Filed: []Date{{2025, 3, 31}, {2025, 6, 30}, {2025, 12, 31}, {2026, 3, 31}, {2026, 6, 30}, on}, Until: on},
			6, []string{"2025年第一季度", "2025年第四季度", "2026年第一季度", "2026年第三季度"}, 1, Red},
		{"the newest is not filed yet", "quarter",
			Cover{Begun: Date{2026, 4, 1}, Every: "quarter", Filed: []Date{{2026, 6, 30}}, Until: Date{2026, 6, 30}}, 2, nil, 5, Green},
		{"lists that are whole pass over nothing", "quarter",
			Cover{Begun: Date{2025, 4, 1}, Every: "quarter", Filed: []Date{{2025, 6, 30}, on}, Until: on, Covers: TellsAll},
			6, []string{"2025年第三季度", "2025年第四季度", "2026年第一季度", "2026年第三季度"}, 1, Red},
		{"nor do those that have the year so far, but a year without any", "half_year",
			Cover{Begun: Date{2024, 1, 1}, Every: "quarter", Filed: []Date{{2024, 12, 31}, on}, Until: on, Covers: TellsYear},
			2, nil, 1, Green},
		{"with rows of before", "quarter", Cover{Begun: Date{2026, 4, 1}, Told: []Date{{2025, 9, 30}}}, 4,
			[]string{"2025年第三季度", "2026年第三季度"}, 3, Red},
		{"a half year of which one quarter was filed", "half_year", Cover{Begun: Date{2025, 10, 1}}, 2, nil, 1, Green},
		// done in 2025
		{"none that is known has ended", "year", Cover{Begun: Date{2026, 9, 1}, Told: []Date{{2024, 12, 31}}}, 1, nil, 0, Green},
	} {
		k := Commitment{ID: "O", Kind: Obligation, Every: c.every}
		a := Attain(doc, k, doc.Region, on, Series{{ID: "O", Region: doc.Region}: line}, c.cover, DefaultThresholds)
		if a.Due != c.due || !slices.Equal(a.Missed, c.missed) || len(a.Unknown) != c.unknown || a.Light != c.light {
			t.Errorf("%s: due %d, missed %v, unknown %v, %s", c.name, a.Due, a.Missed, a.Unknown, a.Light)
		}
		if n := len(Periods(doc, k, line, c.cover, on)); n != c.due {
			t.Errorf("%s: %d periods, %d due", c.name, n, c.due)
		}
	}
}

// The same of what each of several must do, unless rows list who had to.
func TestNobodyMissedWhatLiesBeforeTheFirstFiling(t *testing.T) {
	doc := Document{Issued: Date{2025, 1, 1}, Region: "230000"}
	c := Commitment{ID: "O", Kind: Obligation, Every: "quarter", Each: "市（地）"}
	on := Date{2026, 3, 31}
	duties := func(listed bool) (list []Duty) {
		for i, end := range []Date{{2025, 9, 30}, {2025, 12, 31}, on} {
			for j, name := range []string{"甲市", "乙市"} {
				d := Duty{ID: "O", Subject: name, Period: end, Due: end, Listed: listed}
				if j <= i { // 甲 always, 乙 not in the first
					d.Done = end
				}
				list = append(list, d)
			}
		}
		return list
	}
	line := map[Date]float64{{2025, 6, 30}: 0, {2025, 9, 30}: 1, {2025, 12, 31}: 3, on: 5}
	for _, w := range []struct {
		name         string
		listed       bool
		told         []Date
		due, unknown int
	}{
		{"rows of one prefecture tell of all", false, []Date{{2025, 9, 30}}, 3, 0},
		{"none tell of any but who did", false, nil, 2, 1},
		{"all are listed", true, nil, 3, 0},
	} {
		cover := Cover{Begun: Date{2026, 1, 1}, Told: w.told}
		a := Attain(doc, c, doc.Region, on, Series{{ID: "O", Region: doc.Region}: line}, cover, DefaultThresholds)
		a.JudgeEach(doc, c, duties(w.listed), DefaultThresholds)
		if a.Due != w.due || len(a.Unknown) != w.unknown || len(a.Missed) != w.due-2 ||
			len(EachPeriods(doc, c, duties(w.listed), cover, on)) != w.due {
			t.Errorf("%s: due %d, missed %v, unknown %v", w.name, a.Due, a.Missed, a.Unknown)
		}
	}
}

// A zero of a quarter that was not filed is not known; what was filed stands, and so does what is carried on.
func TestKnownLine(t *testing.T) {
	q := func(year, n int) Date { return Quarter{year, n}.End() }
	line := map[Date]float64{q(2024, 3): 0, q(2024, 4): 0, q(2025, 1): 0, q(2025, 2): 0, q(2025, 3): 7, q(2025, 4): 0, q(2026, 1): 0}
	filed := Cover{Every: "quarter", Begun: Quarter{2024, 4}.Start(), Filed: []Date{q(2024, 4), q(2025, 3), q(2025, 4)}, Until: q(2025, 4)}
	for _, c := range []struct {
		name  string
		cover Cover
		told  []Date
		gone  []Date
	}{
		{"filed whenever it was", Cover{}, nil, nil},
		{"before the first filing, and passed over", filed, nil, []Date{q(2024, 3), q(2025, 1), q(2025, 2)}},
		{"with rows of a quarter that was passed over", filed, []Date{q(2025, 2)}, []Date{q(2024, 3), q(2025, 1)}},
	} {
		c.cover.Told = c.told
		got := c.cover.Known(line)
		for on := range line {
			if _, ok := got[on]; ok == slices.Contains(c.gone, on) {
				t.Errorf("%s: %s is there: %v", c.name, on, ok)
			}
		}
		if len(line) != 7 {
			t.Fatal("the line itself was changed")
		}
	}
}
