package kpi

import "testing"

func TestReasons(t *testing.T) {
	for want, r := range map[string]Restatement{
		"迟报数据": {Cause: LateData, Came: 3, Went: 1},
		"更正数据": {Cause: CorrectedData, Came: 6, Went: 6, Corrected: 12},
		"更正数据 6 条、撤销数据 6 条": {Cause: CorrectedData, Went: 12, Corrected: 6, Withdrawn: 6},
		"撤销数据 1 条、迟报数据 7 条": {Cause: WithdrawnData, Came: 7, Went: 1, Withdrawn: 1},
		"口径调整": {Cause: ChangedDefinition, Came: 2, Went: 1, Corrected: 1},
		"迟报数据；到期结论随之改变": {Cause: LateData, Came: 1, Turned: true},
		"口径调整；到期结论随之改变": {Cause: ChangedDefinition, Turned: true},
	} {
		if got := r.Reasons(); got != want {
			t.Errorf("%+v: %s, want %s", r, got, want)
		}
	}
}

func TestRestatedOf(t *testing.T) {
	s := &Snapshot{Restated: []Restatement{{ID: "D-1", Region: "320100"}, {ID: "D-1", Region: "320115"}, {ID: "D-2", Region: "320100"}}}
	for region, want := range map[string]int{"": 2, "320100": 1, "320115": 1, "320116": 0} {
		if got := s.RestatedOf("D-1", region); len(got) != want {
			t.Errorf("in %q: %+v, want %d", region, got, want)
		}
	}
}

// What is exactly what was promised keeps it, a bound as well as a target.
func TestReached(t *testing.T) {
	for _, tt := range []struct {
		target Target
		value  float64
		want   bool
	}{
		{Target{AtMost: ptr(3)}, 3, true}, {Target{AtMost: ptr(3)}, 3.01, false}, {Target{AtLeast: ptr(3)}, 3, true},
		{Target{AtLeast: ptr(3)}, 2.99, false},
		{Target{AtLeast: ptr(100), Tolerance: .05}, 95, true}, {Target{AtLeast: ptr(100), Tolerance: .05}, 94.9, false},
	} {
		if got := tt.target.Reached(tt.value); got != tt.want {
			t.Errorf("%v of %+v: %v", tt.value, tt.target, got)
		}
	}
}

func TestTurns(t *testing.T) {
	due := Date{Year: 2025, Month: 12, Day: 31}
	end := Commitment{Kind: Stock, Target: &Target{AtLeast: ptr(3), By: due}}
	year := Commitment{Kind: AnnualFlow, Target: &Target{AtLeast: ptr(3), Per: "year", FirstFullYear: 2024}}
	for _, tt := range []struct {
		name    string
		c       Commitment
		on      Date
		was, is *float64
		want    bool
	}{
		{"reached after all", end, due, ptr(2), ptr(3), true},
		{"missed after all", end, due, ptr(3), ptr(2), true},
		{"more, and still missed", end, due, ptr(1), ptr(2), false},
		{"nothing was published", end, due, nil, ptr(3), true},
		{"before it falls due", end, Date{Year: 2025, Month: 9, Day: 30}, ptr(2), ptr(3), false},
		{"a year", year, due, ptr(2), ptr(3), true},
		{"a year's first half", year, Date{Year: 2025, Month: 6, Day: 30}, ptr(2), ptr(3), false},
		{"a year before the first", year, Date{Year: 2023, Month: 12, Day: 31}, ptr(2), ptr(3), false},
		{"a year's ceiling", Commitment{Kind: AnnualFlow, Target: &Target{AtMost: ptr(2), Per: "year", FirstFullYear: 2024}},
			due, ptr(2), ptr(3), false},
		{"no target", Commitment{}, due, ptr(2), ptr(3), false},
	} {
		if got := tt.c.Turns(tt.on, tt.was, tt.is); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
