package kpi

import (
	"fmt"
	"slices"
	"testing"
)

// A closing keeps how every deadline that had passed was judged, and every year that was over; nothing of what is not
// judged, of districts, of bounds.
func TestJudgedByASnapshot(t *testing.T) {
	end, asOf := YearEnd(2025), Date{2026, 3, 31}
	doc := Document{ID: "D", Region: "320100", Issued: Date{2022, 9, 1}, Commitments: []Commitment{
		{ID: "due", Kind: Stock, Target: &Target{AtLeast: ptr(3), By: end}},
		{ID: "open", Kind: Stock, Target: &Target{AtLeast: ptr(3), By: YearEnd(2026)}},
		{ID: "yearly", Kind: AnnualFlow, Target: &Target{AtLeast: ptr(3), Per: "year", FirstFullYear: 2025}},
		{ID: "ceiling", Kind: AnnualFlow, Target: &Target{AtMost: ptr(3), Per: "year", FirstFullYear: 2025}},
		{ID: "silent", Kind: Stock, Target: &Target{AtLeast: ptr(3), By: end}},
		{ID: "bound", Kind: Constraint, Target: &Target{AtLeast: ptr(3), By: end}},
		{ID: "again", Kind: Obligation, Target: &Target{AtLeast: ptr(3), By: end}}}}
	series := Series{}
	for _, c := range doc.Commitments {
		for _, region := range []string{"320100", "320115"} {
			if c.ID != "silent" {
				series[Key{ID: c.ID, Region: region}] = map[Date]float64{{2024, 12, 31}: 9, {2025, 9, 30}: 1, end: 2, asOf: 3}
			}
		}
	}
	judged := func(asOf Date) (got []string) {
		s := &Snapshot{Documents: []Document{doc}}
		for _, c := range doc.Commitments {
			for _, region := range []string{"320100", "320115"} {
				s.Attainments = append(s.Attainments, Attain(doc, c, region, asOf, series, Cover{}, DefaultThresholds))
			}
		}
		for _, j := range s.Judged() {
			got = append(got, fmt.Sprint(j.ID, " ", j.Deadline, " ", *j.Value, " of ", j.Wanted, " ", j.Outcome, " missing ", j.Missing()))
		}
		return got
	}
	for on, want := range map[Date][]string{
		{2025, 9, 30}: nil,
		end:           {"due 2025-12-31 2 of 3 not_done missing 1", "yearly 2025-12-31 2 of 3 not_done missing 1"}, // on the very day
		asOf:          {"due 2025-12-31 2 of 3 too_late missing 0", "yearly 2025-12-31 2 of 3 not_done missing 1"},
	} {
		if got := judged(on); !slices.Equal(got, want) {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
	for _, c := range doc.Commitments { // what a record of values says of the day
		j := c.JudgedOn(end, 2)
		if is := c.ID == "due" || c.ID == "yearly" || c.ID == "silent"; (j != nil) != is || is &&
			(j.Outcome != NotDone || c.JudgedOn(end, 3).Outcome != InTime) {
			t.Errorf("%s: %+v", c.ID, j)
		}
		if j := c.JudgedOn(Date{2024, 12, 31}, 2); j != nil {
			t.Errorf("%s is judged on another day: %+v", c.ID, j)
		}
	}
}

// Of what each of several must do the periods are kept, with who did not; one is recalled where others did, or had to.
func TestPeriodsOfEachAreRecalled(t *testing.T) {
	end, next := Date{2025, 12, 31}, Date{2026, 3, 31}
	doc := Document{ID: "D", Region: "320100", Issued: Date{2025, 9, 1},
		Commitments: []Commitment{{ID: "D-1", Kind: Obligation, Each: "区", Every: "quarter"}}}
	snapshot := func(late Date) *Snapshot {
		duties := []Duty{{ID: "D-1", Subject: "甲", Period: end, Due: end, Done: end},
			{ID: "D-1", Subject: "乙", Period: end, Due: end, Done: late},
			{ID: "D-1", Subject: "甲", Period: next, Due: next, Done: next}}
		a := Attainment{ID: "D-1", Region: "320100", AsOf: next, Value: ptr(2)}
		a.JudgeEach(doc, doc.Commitments[0], duties, DefaultThresholds)
		return &Snapshot{Documents: []Document{doc}, Attainments: []Attainment{a}}
	}
	var given []Given
	var got []string
	for _, j := range snapshot(Date{}).Judged() {
		given = append(given, Given{Judged: j, Quarter: QuarterOf(j.Deadline)})
		got = append(got, fmt.Sprint(j.Deadline, " ", *j.Value, " of ", j.Wanted, " ", j.Outcome, " ", j.Not))
	}
	if want := []string{"2025-12-31 1 of 2 not_done [乙]", "2026-03-31 1 of 1 in_time []"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	same, filed := snapshot(Date{}), snapshot(end)
	if same.Recall(given); len(same.Attainments[0].Given) > 0 {
		t.Errorf("nothing is another: %+v", same.Attainments[0].Given)
	}
	if filed.Recall(given); len(filed.Attainments[0].Given) != 1 || filed.Attainments[0].Given[0].Deadline != end {
		t.Errorf("the fourth quarter was missed when it was closed: %+v", filed.Attainments[0].Given)
	}
	given[0].Not = []string{"甲"}
	if same.Recall(given); len(same.Attainments[0].Given) != 1 {
		t.Error("another one did not, and nothing is said")
	}
}

// What a closing said is recalled where the day is judged otherwise, has another value, another target or no
// verdict any more, in a figure that reaches the quarter; never for a district.
func TestRecalledWhereItReadsOtherwise(t *testing.T) {
	end := YearEnd(2025)
	given := func(value *float64, wanted float64, o Judgement) Given {
		return Given{Judged: Judged{ID: "D-1", Deadline: end, Value: value, Wanted: wanted, Outcome: o}, Quarter: QuarterOf(end)}
	}
	c := Commitment{ID: "D-1", Kind: Stock, Target: &Target{AtLeast: ptr(3), By: end}}
	closed := func(days int, o Judgement, done Date) Given {
		g := given(ptr(2), 3, o)
		g.Quarter, g.Done = QuarterOf(end.AddDays(days)), done
		return g
	}
	completed := func(done Date, days int) Given { return closed(days, TooLate, done) }
	open := func(days int) Given { return closed(days, NotDone, Date{}) }
	done := func(on Date) *Verdict { return &Verdict{Deadline: end, Value: ptr(2), Outcome: TooLate, Done: on} }
	stands := func(value *float64, o Judgement) *Verdict { return &Verdict{Deadline: end, Value: value, Outcome: o} }
	for _, tt := range []struct {
		name  string
		v     *Verdict
		years []Verdict
		asOf  Date
		g     Given
		want  bool
	}{
		{"the same", stands(ptr(3), InTime), nil, end, given(ptr(3), 3, InTime), false},
		{"completed late since", stands(ptr(2), TooLate), nil, end, given(ptr(2), 3, NotDone), false},
		{"late, and not at all now", stands(ptr(2), NotDone), nil, end, given(ptr(2), 3, TooLate), true},
		{"late all the same", stands(ptr(2), TooLate), nil, end, given(ptr(2), 3, TooLate), false},
		{"in time after all", stands(ptr(3), InTime), nil, end, given(ptr(2), 3, NotDone), true},
		{"not in time after all", stands(ptr(2), TooLate), nil, end, given(ptr(3), 3, InTime), true},
		{"another value", stands(ptr(4), InTime), nil, end, given(ptr(3), 3, InTime), true},
		{"a value", stands(ptr(2), NotDone), nil, end, given(nil, 3, NotDone), true},
		{"no value", stands(nil, NotDone), nil, end, given(ptr(2), 3, NotDone), true},
		{"never a value", stands(nil, NotDone), nil, end, given(nil, 3, NotDone), false},
		{"no longer completed late", stands(ptr(2), NotDone), nil, end.AddDays(90), completed(Date{2026, 2, 13}, 90), true},
		{"completed on the same day", done(Date{2026, 2, 13}), nil, end.AddDays(90), completed(Date{2026, 2, 13}, 90), false},
		{"completed on another day", done(Date{2026, 2, 20}), nil, end.AddDays(90), completed(Date{2026, 2, 13}, 90), true},
		{"completed on a day that an older record does not name", done(Date{2026, 2, 20}), nil, end.AddDays(90),
			completed(Date{}, 90), false},
		{"completed after the closing", done(Date{2026, 2, 13}), nil, end.AddDays(90), given(ptr(2), 3, NotDone), false},
		{"completed before the quarter's end, as it turned out", done(Date{2026, 2, 13}), nil, end.AddDays(90), open(90), true},
		{"another verdict of the same value", stands(ptr(3), InTime), nil, end, given(ptr(3), 3, NotDone), true},
		{"another target", stands(ptr(3), InTime), nil, end, given(ptr(3), 2, InTime), true},
		{"another deadline", &Verdict{Deadline: end.AddDays(-1), Value: ptr(3), Outcome: InTime}, nil, end, given(ptr(3), 3, InTime), true},
		{"no verdict", nil, nil, end, given(ptr(3), 3, InTime), true},
		{"the same year", nil, []Verdict{*stands(ptr(3), InTime)}, end, given(ptr(3), 3, InTime), false},
		{"another year", nil, []Verdict{*stands(ptr(4), InTime)}, end, given(ptr(3), 3, InTime), true},
		{"before the quarter is over", nil, nil, end.AddDays(-1), given(ptr(3), 3, InTime), false},
	} {
		s := &Snapshot{Documents: []Document{{ID: "D", Region: "320100", Commitments: []Commitment{c}}}, Attainments: []Attainment{
			{ID: "D-1", Region: "320100", AsOf: tt.asOf, Verdict: tt.v, Years: tt.years}, {ID: "D-1", Region: "320115", AsOf: tt.asOf}}}
		other := tt.g
		other.ID = "D-2"
		s.Recall([]Given{tt.g, other})
		if got := len(s.Attainments[0].Given) == 1; got != tt.want || len(s.Attainments[0].Given) > 1 || len(s.Attainments[1].Given) > 0 {
			t.Errorf("%s: %+v", tt.name, s.Attainments)
		}
	}
}
