package kpi

import (
	"testing"
)

func day(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTimeProgress(t *testing.T) {
	cases := []struct {
		name       string
		target     Target
		issued, on string
		want       float64
		ok         bool
	}{
		{"eleven months of a year", Target{Per: "year"}, "2022-09-01", "2023-11-30", 100 * 11. / 12, true},
		{"a month counts once complete", Target{Per: "year"}, "2022-09-01", "2023-11-29", 100 * 10. / 12, true},
		{"months over years", Target{By: Date{2025, 12, 31}}, "2022-09-01", "2024-09-30", 100 * 25. / 40, true},
		{"past the deadline", Target{By: Date{2025, 12, 31}}, "2022-09-01", "2026-09-30", 100, true},
		{"before the issue", Target{By: Date{2025, 12, 31}}, "2022-09-01", "2022-06-30", 0, true},
		{"no deadline", Target{}, "2022-09-01", "2024-09-30", 0, false},
		{"a yearly batch is not due before the year's end", Target{Per: "year", Every: "year"}, "2022-09-01", "2023-12-30", 0, true},
		{"and then it is", Target{Per: "year", Every: "year"}, "2022-09-01", "2023-12-31", 100, true},
		{"nothing is due before the half year is over", Target{Per: "year", Every: "half_year"}, "2022-09-01", "2023-06-29", 0, true},
		{"half is due from then on", Target{Per: "year", Every: "half_year"}, "2022-09-01", "2023-11-30", 50, true},
		{"a quarter at a time", Target{Per: "year", Every: "quarter"}, "2022-09-01", "2023-08-31", 50, true},
	}
	for _, c := range cases {
		got, ok := TimeProgress(c.target, day(t, c.issued), day(t, c.on))
		if ok != c.ok || diff(got, c.want) {
			t.Errorf("%s: %v %v, want %v %v", c.name, got, ok, c.want, c.ok)
		}
	}
}

func diff(a, b float64) bool { return a-b > 1e-9 || b-a > 1e-9 }

func TestLights(t *testing.T) {
	dated := &Target{AtLeast: ptr(100), Unit: "家", By: Date{2025, 12, 31}}
	yearly := &Target{AtLeast: ptr(100), Unit: "名", Per: "year", FirstFullYear: 2023}
	cases := []struct {
		name  string
		c     Commitment
		on    string
		value *float64
		gap   *float64
		want  Light
	}{
		{"met early is met, not green", Commitment{Target: dated}, "2024-09-30", ptr(142), ptr(79.5), Met},
		{"exactly on pace", Commitment{Target: dated}, "2024-09-30", ptr(62.5), ptr(0), Green},
		{"a hair behind", Commitment{Target: dated}, "2024-09-30", ptr(62), ptr(-0.1), Yellow},
		{"ten points behind is still yellow", Commitment{Target: dated}, "2024-09-30", ptr(52), ptr(-10), Yellow},
		{"more than ten is orange", Commitment{Target: dated}, "2024-09-30", ptr(52), ptr(-10.1), Orange},
		{"thirty is still orange", Commitment{Target: dated}, "2024-09-30", ptr(32), ptr(-30), Orange},
		{"more than thirty is red", Commitment{Target: dated}, "2024-09-30", ptr(30), ptr(-30.1), Red},
		{"expected is never red", Commitment{Target: dated, Expected: true}, "2024-09-30", ptr(1), ptr(-60), Orange},
		{"no value", Commitment{Target: dated}, "2024-09-30", nil, nil, NoData},
		{"no target", Commitment{}, "2024-09-30", ptr(5), nil, NoLight},
		{"no deadline", Commitment{Target: &Target{AtLeast: ptr(9), Unit: "个"}}, "2024-09-30", ptr(5), nil, NoLight},
		{"before the first full year", Commitment{Target: yearly}, "2022-12-31", ptr(5), ptr(-95), NoLight},
		{"ceiling kept", Commitment{Target: &Target{AtMost: ptr(20), Unit: "家"}}, "2024-09-30", ptr(20), nil, Green},
		{"ceiling broken", Commitment{Target: &Target{AtMost: ptr(20), Unit: "家"}}, "2024-09-30", ptr(21), nil, Red},
		{"a bound with nothing to hold yet", Commitment{Kind: Constraint, Target: &Target{AtLeast: ptr(10), Unit: "年"}},
			"2024-09-30", nil, nil, NoData},
		{"a share that must hold", Commitment{Kind: Ratio, Target: &Target{AtLeast: ptr(80), Bound: true, Unit: "%"}},
			"2024-09-30", ptr(79.99), nil, Red},
		{"a share to reach some day", Commitment{Kind: Ratio, Target: &Target{AtLeast: ptr(80), Unit: "%"}}, "2024-09-30",
			ptr(79.99), nil, NoLight},
		{"inside a range", Commitment{Target: &Target{Between: &[2]float64{7, 9}, Unit: "名"}}, "2024-09-30", ptr(7), nil, Met},
		{"a share that holds", Commitment{Kind: Ratio, Target: &Target{AtLeast: ptr(80), Bound: true, Unit: "%"}}, "2024-09-30",
			ptr(80), nil, Green},
		{"a bound that holds", Commitment{Kind: Constraint, Target: &Target{AtLeast: ptr(10), Unit: "年"}}, "2024-09-30",
			ptr(12), nil, Green},
		{"a range that binds and holds", Commitment{Kind: Constraint, Target: &Target{Between: &[2]float64{28, 28}, Unit: "个"}},
			"2024-09-30", ptr(28), nil, Green},
		{"above a range that binds", Commitment{Kind: Constraint, Target: &Target{Between: &[2]float64{7, 9}, Unit: "名"}},
			"2024-09-30", ptr(10), nil, Red},
		{"above a range to reach", Commitment{Kind: Cumulative, Target: &Target{Between: &[2]float64{2, 3}, Unit: "名"}},
			"2024-09-30", ptr(4), nil, Met},
		{"about a hundred is met at ninety", Commitment{Target: &Target{AtLeast: ptr(100), Tolerance: 0.1, Unit: "名"}},
			"2024-09-30", ptr(90), ptr(20), Met},
		{"and not below", Commitment{Target: &Target{AtLeast: ptr(100), Tolerance: 0.1, Unit: "名"}}, "2024-09-30", ptr(89),
			ptr(-5), Yellow},
	}
	for _, c := range cases {
		if got := DefaultThresholds.Judge(c.c, day(t, c.on), c.value, c.gap); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAttain(t *testing.T) {
	doc := Document{ID: "NJ88", Issued: Date{2022, 9, 1}, Region: "320100"}
	c := Commitment{ID: "NJ88-005", Kind: Stock, Target: &Target{AtLeast: ptr(300), Unit: "家", By: Date{2025, 12, 31}}}
	s := Series{{ID: c.ID, Region: "320100"}: {
		{2023, 9, 30}: 150, {2024, 6, 30}: 210, {2024, 9, 30}: 230,
	}, {ID: c.ID, Region: "320115"}: {{2024, 9, 30}: 60}}
	a := Attain(doc, c, "320100", Date{2024, 9, 30}, s, Cover{}, DefaultThresholds)
	if *a.Value != 230 || diff(*a.Rate, 230./3) || diff(*a.Time, 62.5) || diff(*a.Gap, 230./3-62.5) || *a.Left != 70 {
		t.Errorf("value %v rate %v time %v gap %v left %v", *a.Value, *a.Rate, *a.Time, *a.Gap, *a.Left)
	}
	if *a.Required != 14 { // 70 over the five quarters to the end of 2025
		t.Errorf("required %v a quarter, want 14", *a.Required)
	}
	if *a.Forecast != 330 { // 80 in four quarters, five quarters left
		t.Errorf("forecast %v, want 330", *a.Forecast)
	}
	if a.Quarter.Diff != 20 || a.Year.Diff != 80 || a.Light != Green {
		t.Errorf("quarter %+v year %+v light %q", a.Quarter, a.Year, a.Light)
	}
	district := Attain(doc, c, "320115", Date{2024, 9, 30}, s, Cover{}, DefaultThresholds)
	if *district.Value != 60 || district.Rate != nil || district.Light != NoLight {
		t.Errorf("a district has a value and no target: %+v", district)
	}
}

// A yearly batch is owed by the end of the year, whatever the months before say.
func TestBatchesAreDueAtTheirRhythm(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2022, 9, 1}, Region: "320100"}
	k := Key{ID: "B", Region: "320100"}
	for _, c := range []struct {
		name, every string
		target      float64
		on          Date
		value       float64
		want        Light
	}{
		{"none yet in September", "year", 1, Date{2025, 9, 30}, 0, Green},
		{"none by the end of the year", "year", 1, Date{2025, 12, 31}, 0, Overdue},
		{"one at last", "year", 1, Date{2025, 12, 31}, 1, Met},
		{"the next year begins anew", "year", 1, Date{2026, 3, 31}, 0, Green},
		{"without a rhythm it would be red", "", 1, Date{2025, 9, 30}, 0, Red},
		{"thirteen by June", "half_year", 26, Date{2025, 6, 30}, 13, Green},
		{"one short in June", "half_year", 26, Date{2025, 6, 30}, 12, Yellow},
		{"no more needed in September", "half_year", 26, Date{2025, 9, 30}, 13, Green},
		{"half of it at the end", "half_year", 26, Date{2025, 12, 31}, 13, Overdue},
	} {
		commitment := Commitment{ID: "B", Kind: AnnualFlow,
			Target: &Target{AtLeast: &c.target, Per: "year", Every: c.every, FirstFullYear: 2023}}
		a := Attain(doc, commitment, "320100", c.on, Series{k: {c.on: c.value}}, Cover{}, DefaultThresholds)
		if a.Light != c.want || c.every != "" && (a.Required != nil || a.Forecast != nil) {
			t.Errorf("%s: %q required %v forecast %v, want %q", c.name, a.Light, a.Required, a.Forecast, c.want)
		}
	}
}

func TestFlowChangesCompareQuarters(t *testing.T) {
	k := Key{ID: "NJ88-028", Region: "320100"}
	s := Series{k: {
		{2025, 3, 31}: 900, {2025, 6, 30}: 2000, {2025, 9, 30}: 3300,
		{2025, 12, 31}: 5000, {2026, 3, 31}: 1000, {2026, 6, 30}: 2500,
	}}
	at := func(on Date) (quarter, year *Change) {
		a := Attain(Document{Region: k.Region}, Commitment{ID: k.ID, Kind: AnnualFlow}, k.Region, on, s, Cover{}, DefaultThresholds)
		return a.Quarter, a.Year
	}
	q, y := at(Date{2026, 6, 30})
	if q.Diff != 500 { // 1500 in the second quarter after 1000 in the first
		t.Errorf("quarter %+v, want 500", q)
	}
	if y.Diff != 500 { // 2500 in the half year after 2000
		t.Errorf("year %+v, want 500", y)
	}
	q, _ = at(Date{2026, 3, 31})
	if q.Diff != -700 { // 1000 after the 1700 of the last quarter of 2025
		t.Errorf("quarter %+v, want -700", q)
	}
}

func TestRank(t *testing.T) {
	got := Rank(map[string]*float64{"a": ptr(3), "b": ptr(5), "c": ptr(5), "d": nil})
	if got["b"] != 1 || got["c"] != 1 || got["a"] != 3 || got["d"] != 0 {
		t.Errorf("%v", got)
	}
}

func TestQuarters(t *testing.T) {
	q, err := ParseQuarter("2026Q3")
	if err != nil || q.End() != (Date{2026, 9, 30}) || q.Start() != (Date{2026, 7, 1}) || q.Add(2).String() != "2027Q1" ||
		q.Add(-3).String() != "2025Q4" {
		t.Errorf("%v %v", q, err)
	}
	if _, err := ParseQuarter("2026Q5"); err == nil {
		t.Error("2026Q5 is no quarter")
	}
	if got := LastQuarterEnd(Date{2026, 11, 22}); got != (Date{2026, 9, 30}) {
		t.Errorf("last quarter end before 2026-11-22: %v", got)
	}
	if got := LastQuarterEnd(Date{2026, 9, 30}); got != (Date{2026, 9, 30}) {
		t.Errorf("last quarter end on 2026-09-30: %v", got)
	}
	if n := len(QuarterEnds(Date{2022, 9, 30}, Date{2026, 9, 30})); n != 17 {
		t.Errorf("%d quarter ends, want 17", n)
	}
}

func TestDates(t *testing.T) {
	for _, bad := range []string{"2023-02-29", "2023-13-01", "20230101", "", "2023-1-1"} {
		if d, err := ParseDate(bad); err == nil {
			t.Errorf("%q read as %v", bad, d)
		}
	}
	if d := (Date{2024, 2, 28}).AddDays(2); d != (Date{2024, 3, 1}) {
		t.Errorf("two days after 2024-02-28: %v", d)
	}
	if !(Date{2024, 2, 28}).Before(Date{2024, 10, 1}) || OpenEnd.Before(Date{2999, 1, 1}) {
		t.Error("order of dates")
	}
}

func TestNearest(t *testing.T) {
	ids := []string{"NJ88-003", "NJ88-005", "NJ88-020"}
	if got := Nearest("NJ88-05", ids); got != "NJ88-005" {
		t.Errorf("%q", got)
	}
	if got := Nearest("something else", ids); got != "" {
		t.Errorf("%q is near nothing", got)
	}
}

// Changes compare dates that the data cover alike; what is filed once a year is held
// against the pace of its newest report.
func TestChangesAndPaceFollowTheDataDate(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2023, 1, 1}, Region: "230000"}
	now := Date{2026, 9, 30}
	line := map[Date]float64{
		{2024, 12, 31}: 100, {2025, 3, 31}: 110, {2025, 6, 30}: 120, {2025, 9, 30}: 130, {2025, 12, 31}: 150,
		{2026, 3, 31}: 150, {2026, 6, 30}: 160, {2026, 9, 30}: 160,
	}
	target := &Target{AtLeast: ptr(200), Unit: "元", By: Date{2026, 12, 31}}
	for _, c := range []struct {
		name          string
		cover         Cover
		data          Date
		time          float64
		quarter, year *Change
		light         Light
	}{
		{"filed up to the date", Cover{Until: now, Every: "quarter"}, now, 100 * 45. / 48, &Change{0, ptr(0)},
			&Change{30, ptr(100 * 30. / 130)}, Orange},
		{"filed a quarter ago", Cover{Until: Date{2026, 6, 30}, Every: "quarter"}, Date{2026, 6, 30}, 100 * 45. / 48,
			&Change{10, ptr(100 * 10. / 150)}, &Change{40, ptr(100 * 40. / 120)}, Orange},
		{"filed once a year", Cover{Until: Date{2025, 12, 31}, Every: "year"}, Date{2025, 12, 31}, 75, nil, &Change{50, ptr(50)}, Green},
		{"a year's report that is owed", Cover{Until: Date{2024, 12, 31}, Every: "year"}, Date{2024, 12, 31}, 75, nil, nil, Green},
		{"filed into a quarter that runs", Cover{Until: Date{2026, 8, 31}}, Date{2026, 8, 31}, 100 * 45. / 48,
			&Change{10, ptr(100 * 10. / 150)}, &Change{40, ptr(100 * 40. / 120)}, Orange},
		{"filed beyond the date", Cover{Until: Date{2026, 11, 30}, Every: "quarter"}, now, 100 * 45. / 48, &Change{0, ptr(0)},
			&Change{30, ptr(100 * 30. / 130)}, Orange},
	} {
		s := Series{{ID: "X", Region: doc.Region}: line}
		a := Attain(doc, Commitment{ID: "X", Kind: Cumulative, Target: target}, doc.Region, now, s, c.cover, DefaultThresholds)
		if a.Data != c.data || diff(*a.Time, c.time) || !sameChange(a.Quarter, c.quarter) || !sameChange(a.Year, c.year) ||
			a.Light != c.light {
			t.Errorf("%s: data %s time %v quarter %+v year %+v %s", c.name, a.Data, *a.Time, a.Quarter, a.Year, a.Light)
		}
	}
}

// A light changes beyond its threshold and not on it, and a rate of whole numbers is not a
// little more than it is.
func TestThresholdsAreMet(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2022, 9, 1}, Region: "320100"}
	at := func(target, value float64, by, on Date) Attainment {
		k := Commitment{ID: "X", Kind: Cumulative, Target: &Target{AtLeast: &target, By: by}}
		return Attain(doc, k, doc.Region, on, Series{{ID: "X", Region: doc.Region}: {on: value}}, Cover{}, DefaultThresholds)
	}
	for _, c := range []struct {
		target, value float64
		by, on        Date
		light         Light
		rate          float64
	}{
		{600, 440, Date{2023, 2, 28}, Date{2023, 1, 31}, Yellow, 440. / 6}, // five of six months: ten points behind
		{600, 320, Date{2023, 2, 28}, Date{2023, 1, 31}, Orange, 320. / 6}, // thirty
		{600, 439, Date{2023, 2, 28}, Date{2023, 1, 31}, Orange, 439. / 6},
		{600, 500, Date{2023, 2, 28}, Date{2023, 1, 31}, Green, 500. / 6},
		{40, 44, Date{2023, 2, 28}, Date{2023, 1, 31}, Met, 110},
		{100, 29, Date{2023, 2, 28}, Date{2023, 1, 31}, Red, 29},
	} {
		if a := at(c.target, c.value, c.by, c.on); a.Light != c.light || *a.Rate != c.rate {
			t.Errorf("%v of %v: %s, %v %%", c.value, c.target, a.Light, *a.Rate)
		}
	}
}

// What is reported once a year is judged when the report is due, not when the year is over:
// its pace does not run on before it could have been told, and a deadline that it does not reach has no verdict.
func TestAYearsReportIsJudgedWhenItIsDue(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2023, 1, 1}, Region: "230000"}
	k := Commitment{ID: "X", Kind: Cumulative, Expected: true, Target: &Target{AtLeast: ptr(200), Unit: "元", By: Date{2026, 12, 31}}}
	line := map[Date]float64{}
	for q := (Quarter{2025, 4}); q.Year < 2028; q = q.Add(1) {
		line[q.End()] = 150
	}
	filed := Cover{Until: Date{2025, 12, 31}, Every: "year", Days: 120}
	for _, c := range []struct {
		on    Date
		cover Cover
		time  float64
		light Light
	}{
		{Date{2026, 3, 31}, Cover{Until: Date{2024, 12, 31}, Every: "year", Days: 120}, 50, Green}, // 2025's is due on 30 April
		{Date{2026, 6, 30}, Cover{Until: Date{2024, 12, 31}, Every: "year", Days: 120}, 75, Green},
		{Date{2026, 12, 31}, filed, 75, Awaited},
		{Date{2027, 3, 31}, filed, 75, Awaited},
		{Date{2027, 6, 30}, filed, 100, Awaited}, // it has not come
		{Date{2027, 3, 31}, Cover{Until: Date{2026, 12, 31}, Every: "year", Days: 120}, 100, Overdue},
		{Date{2026, 12, 31}, Cover{Until: Date{2026, 9, 30}, Every: "quarter", Days: 15}, 100, Awaited},
	} {
		a := Attain(doc, k, doc.Region, c.on, Series{{ID: "X", Region: doc.Region}: line}, c.cover, DefaultThresholds)
		if diff(*a.Time, c.time) || a.Light != c.light {
			t.Errorf("%s on %s: time %v, %s, want %v, %s", c.cover.Until, c.on, *a.Time, a.Light, c.time, c.light)
		}
	}
}

func sameChange(a, b *Change) bool {
	if a == nil || b == nil {
		return a == b
	}
	return !diff(a.Diff, b.Diff) && !diff(*a.Percent, *b.Percent)
}

// What is counted in one year only is compared by the measure that counts every year.
func TestAYearIsComparedWithAYear(t *testing.T) {
	doc := Document{ID: "D", Issued: Date{2025, 1, 1}, Region: "320100"}
	c := Commitment{ID: "X", Kind: Cumulative, Flow: "year", Target: &Target{AtLeast: ptr(1000), By: Date{2025, 12, 31}}}
	s := Series{
		{ID: "X", Region: doc.Region}:                  {{2024, 12, 31}: 0, {2025, 9, 30}: 700, {2025, 12, 31}: 990, {2026, 9, 30}: 990},
		{ID: "X", Measure: "year", Region: doc.Region}: {{2024, 12, 31}: 930, {2025, 9, 30}: 700, {2025, 12, 31}: 990, {2026, 9, 30}: 760},
	}
	a := Attain(doc, c, doc.Region, Date{2026, 9, 30}, s, Cover{Until: Date{2026, 9, 30}, Every: "quarter"}, DefaultThresholds)
	if a.Data != (Date{2025, 12, 31}) || a.Year == nil || a.Year.Diff != 60 || a.Quarter != nil {
		t.Errorf("data %s year %+v quarter %+v, want the whole of 2025 against that of 2024", a.Data, a.Year, a.Quarter)
	}
}
