package kpi

import "testing"

func TestAwaited(t *testing.T) {
	doc := Document{Issued: Date{2022, 9, 1}, Region: "320100"}
	key := Key{ID: "X", Region: doc.Region}
	due, filed := YearEnd(2025), Date{2025, 9, 30}
	once := &Target{AtLeast: ptr(5), By: due}
	yearly := &Target{AtLeast: ptr(5), Per: "year", FirstFullYear: 2023}
	for _, c := range []struct {
		name    string
		kind    Kind
		target  *Target
		value   float64
		until   Date
		light   Light
		awaits  Date
		outcome Judgement
	}{
		{"a level that is missing", Stock, once, 4, filed, Awaited, due, ""},
		{"a level that was reached may be lost", Stock, once, 5, filed, Awaited, due, ""},
		{"a sum that was reached cannot be", Cumulative, once, 5, filed, Met, Date{}, InTime},
		{"a sum that is missing", Cumulative, once, 4, filed, Awaited, due, ""},
		{"what is complete stays so", Milestone, &Target{AtLeast: ptr(2), By: due}, 2, filed, Met, Date{}, InTime},
		{"what is under way", Milestone, &Target{AtLeast: ptr(2), By: due}, 1, filed, Awaited, due, ""},
		{"data of the day", Stock, once, 4, due, Overdue, Date{}, NotDone},
		{"a year that was reached", AnnualFlow, yearly, 5, filed, Met, Date{}, InTime},
		{"a year that is missing", AnnualFlow, yearly, 4, filed, Awaited, due, ""},
		{"a year that is told", AnnualFlow, yearly, 4, due, Overdue, Date{}, NotDone},
	} {
		s := Series{key: {filed: c.value, due: c.value}}
		a := Attain(doc, Commitment{ID: "X", Kind: c.kind, Target: c.target}, doc.Region, due, s,
			Cover{Until: c.until, Every: "quarter"}, DefaultThresholds)
		var outcome Judgement
		if a.Verdict != nil {
			outcome = a.Verdict.Outcome
		}
		if a.Light != c.light || a.Awaits != c.awaits || outcome != c.outcome || a.Light == Awaited && (a.Gap != nil || len(a.Years) > 0) {
			t.Errorf("%s: %s %q, awaits %s", c.name, a.Light, outcome, a.Awaits)
		}
	}
	if Awaited.Concern() != 0 || Awaited.Judges() || Awaited.Order() > Green.Order() {
		t.Errorf("concern %d, judges %v, order %d", Awaited.Concern(), Awaited.Judges(), Awaited.Order())
	}
}

// A file of a later period tells nothing of one that was passed over, and a year of which a period was passed
// over is not known to be missed.
func TestAPeriodThatWasPassedOver(t *testing.T) {
	doc := Document{Issued: Date{2022, 9, 1}, Region: "320100"}
	key := Key{ID: "X", Region: doc.Region}
	due, asOf := YearEnd(2025), Date{2026, 3, 31}
	q3 := Date{2025, 9, 30}
	once, yearly := &Target{AtLeast: ptr(5), By: due}, &Target{AtLeast: ptr(5), Per: "year", FirstFullYear: 2025}
	for _, c := range []struct {
		name   string
		kind   Kind
		target *Target
		value  float64 // on the day
		filed  []Date
		awaits bool
	}{
		{"the deadline's quarter was not filed", Stock, once, 4, []Date{q3, asOf}, true},
		{"nor is what was reached", Stock, once, 5, []Date{q3, asOf}, true},
		{"but what lasts", Cumulative, once, 5, []Date{q3, asOf}, false},
		{"the first file tells of what lies behind it", Stock, once, 4, []Date{asOf}, false},
		{"it was filed", Stock, once, 4, []Date{q3, due, asOf}, false},
		{"a quarter of the year was not", AnnualFlow, yearly, 4, []Date{{2025, 3, 31}, q3, due, asOf}, true},
		{"the year was missed", AnnualFlow, yearly, 4, []Date{{2025, 3, 31}, {2025, 6, 30}, q3, due, asOf}, false},
		{"its first file tells of its own quarter", AnnualFlow, yearly, 4, []Date{due, asOf}, true},
		{"by which it was reached", AnnualFlow, yearly, 5, []Date{due, asOf}, false},
		{"nothing came between two files", AnnualFlow, yearly, 4, []Date{{2024, 12, 31}, due, asOf}, true},
		{"reached in spite of it", AnnualFlow, yearly, 5, []Date{{2025, 3, 31}, q3, due, asOf}, false},
	} {
		s := Series{key: {q3: c.value, due: c.value, asOf: 1}}
		if c.kind != AnnualFlow {
			s[key][asOf] = c.value
		}
		a := Attain(doc, Commitment{ID: "X", Kind: c.kind, Target: c.target}, doc.Region, asOf, s,
			Cover{Until: asOf, Every: "quarter", Filed: c.filed, Begun: PeriodStart("quarter", c.filed[0])}, DefaultThresholds)
		if judged := a.Verdict != nil || len(a.Years) > 0; judged == c.awaits || (a.Awaits == due) != c.awaits {
			t.Errorf("%s: verdict %v, years %v, awaits %s", c.name, a.Verdict, a.Years, a.Awaits)
		}
	}
}

// Of a year whose first quarters lie before the first filing, the file's rows tell whether it is of them as well;
// where each file has the year so far, it is.
func TestAFirstYearIsToldByItsRows(t *testing.T) {
	due := YearEnd(2024)
	quarters := func(n ...int) (list []Date) {
		for _, n := range n {
			list = append(list, Quarter{2024, n}.End())
		}
		return list
	}
	for _, c := range []struct {
		name  string
		cover Cover
		tells bool
	}{
		{"of its own quarter only", Cover{Begun: Quarter{2024, 4}.Start()}, false},
		{"rows of one quarter more", Cover{Begun: Quarter{2024, 4}.Start(), Told: quarters(2)}, false},
		{"rows of all", Cover{Begun: Quarter{2024, 4}.Start(), Told: quarters(1, 2, 3)}, true},
		{"the year so far", Cover{Begun: Date{2024, 1, 1}, Covers: TellsYear}, true},
		{"filed since before", Cover{Begun: Quarter{2023, 4}.Start()}, true},
	} {
		c.cover.Until, c.cover.Every, c.cover.Filed = due, "quarter", []Date{due}
		if c.cover.Begun.Year == 2023 {
			c.cover.Filed = append([]Date{YearEnd(2023)}, append(quarters(1, 2, 3), due)...)
		}
		if got := c.cover.tellsYear(due); got != c.tells {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// What is short while some districts have not filed their part is not known to be missed.
func TestSomeHaveNotFiled(t *testing.T) {
	due := YearEnd(2025)
	for _, c := range []struct {
		name    string
		outcome Judgement
		end     Date
		not     []string
		light   Light
	}{
		{"some have not", NotDone, due, []string{"玄武区"}, Awaited},
		{"all have", NotDone, due, nil, Overdue},
		{"reached without them", InTime, due, []string{"玄武区"}, Met},
		{"of a later day", NotDone, due.AddDays(90), []string{"玄武区"}, Overdue},
	} {
		a := Attainment{Verdict: &Verdict{Deadline: due, Outcome: c.outcome},
			Years: []Verdict{{Deadline: due, Outcome: c.outcome}}, Gap: ptr(-3.0)}
		a.Light = a.Verdict.Light()
		a.FiledBy(&EachPeriod{End: c.end, Had: 12, Not: c.not})
		awaits := c.light == Awaited
		if a.Light != c.light || (a.Verdict == nil) != awaits || (len(a.Years) == 0) != awaits || (a.Gap == nil) != awaits ||
			(a.Awaits == due) != awaits || a.Filed == nil {
			t.Errorf("%s: %+v", c.name, a)
		}
	}
}
