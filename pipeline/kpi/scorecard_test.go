package kpi

import (
	"strings"
	"testing"
)

// card is a scorecard that is right, with items of 60 and 40 points and a bonus.
func card() (Scorecard, []Commitment) {
	s := Scorecard{Full: 100, Cap: 100, Subsidy: "A", FailedYears: 2, Consequence: "摘牌重组", Review: "人工确认",
		Grades: []Grade{{"优秀", 90, "full"}, {"合格", 60, "by_score"}, {"不合格", 0, "none"}}}
	return s, []Commitment{
		{ID: "A", Kind: AwardRule, Award: &Award{Cap: ptr(1e6)}},
		{ID: "S1", Kind: ScorecardItem, Points: 60}, {ID: "S2", Kind: ScorecardItem, Points: 40},
		{ID: "B1", Kind: ScorecardItem, Points: 5, Bonus: true},
	}
}

func TestScorecardCheck(t *testing.T) {
	for _, c := range []struct {
		name, want string
		spoil      func(*Scorecard, []Commitment)
	}{
		{"right", "", func(*Scorecard, []Commitment) {}},
		{"a point short", "add up to 99 points, want 100", func(_ *Scorecard, list []Commitment) { list[1].Points = 59 }},
		{"a bonus counted in", "add up to 105 points", func(_ *Scorecard, list []Commitment) { list[3].Bonus = false }},
		{"a cap below the whole", "cap 90 lies below full 100", func(s *Scorecard, _ []Commitment) { s.Cap = 90 }},
		{"a subsidy nobody pays", `subsidy "Z" is not an award rule`, func(s *Scorecard, _ []Commitment) { s.Subsidy = "Z" }},
		{"a subsidy without a cap", `subsidy "A" is not an award rule of this document with a cap`,
			func(_ *Scorecard, list []Commitment) { list[0].Award = nil }},
		{"grades upside down", "grade 合格 must begin below 优秀", func(s *Scorecard, _ []Commitment) { s.Grades[1].AtLeast = 95 }},
		{"no failing grade", "the worst begins at 0", func(s *Scorecard, _ []Commitment) { s.Grades = s.Grades[:2] }},
		{"an unheard-of payment", `grade 优秀 pays "double"`, func(s *Scorecard, _ []Commitment) { s.Grades[0].Pays = "double" }},
		{"no consequence", "needs failed_years, consequence and review", func(s *Scorecard, _ []Commitment) { s.FailedYears = 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, list := card()
			c.spoil(&s, list)
			got := strings.Join(s.Check(list), "\n")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		name  string
		c     Condition
		wants string
		bad   string
	}{
		{"at least", Condition{Name: "项目", Evidence: []string{"contract"}, Count: "subjects", AtLeast: ptr(10), Unit: "项"}, "≥10项", ""},
		{"above", Condition{Name: "实付", Evidence: []string{"payment"}, Count: "amount", Above: ptr(3000000), Unit: "元"}, "＞3000000元", ""},
		{"a range", Condition{Name: "委员", Evidence: []string{"committee_member"}, Count: "subjects", AtLeast: ptr(7),
			AtMost: ptr(9), Unit: "名"}, "≥7且≤9名", ""},
		{"upside down", Condition{Name: "委员", Evidence: []string{"x"}, Count: "rows", AtLeast: ptr(9), AtMost: ptr(7),
			Unit: "名"}, "≥9且≤7名", "upside down"},
		{"no bound", Condition{Name: "委员", Evidence: []string{"x"}, Count: "rows", Unit: "名"}, "名", "no bound"},
		{"two lower bounds", Condition{Name: "委员", Evidence: []string{"x"}, Count: "rows", AtLeast: ptr(1), Above: ptr(1),
			Unit: "名"}, "≥1且＞1名", "both at_least and above"},
		{"an unknown count", Condition{Name: "委员", Evidence: []string{"x"}, Count: "heads", AtLeast: ptr(1), Unit: "名"}, "≥1名",
			`counts "heads"`},
		{"no evidence", Condition{Name: "委员", Count: "rows", AtLeast: ptr(1), Unit: "名"}, "≥1名", "needs name, evidence and unit"},
		{"each of nothing", Condition{Name: "会", Evidence: []string{"x"}, Count: "rows", AtLeast: ptr(1), Unit: "场",
			Each: &Bound{Of: "heads", AtLeast: ptr(30)}}, "≥1场", "each needs of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.c.Wants(); got != c.wants {
				t.Errorf("wants %q, want %q", got, c.wants)
			}
			if got := strings.Join(c.c.Check(), "\n"); c.bad == "" && got != "" || !strings.Contains(got, c.bad) {
				t.Errorf("check %q, want %q", got, c.bad)
			}
		})
	}
}

func TestConstraintsHaveNoPace(t *testing.T) {
	doc := Document{ID: "D", Region: "320600"}
	for _, c := range []struct {
		name     string
		target   Target
		expected bool
		value    float64
		want     Light
	}{
		{"within a ceiling", Target{AtMost: ptr(20)}, false, 20, Green},
		{"above a ceiling", Target{AtMost: ptr(3)}, false, 3.01, Red},
		{"above a ceiling in principle", Target{AtMost: ptr(20)}, true, 21, Orange},
		{"on a floor", Target{AtLeast: ptr(1)}, false, 1, Green},
		{"below a floor", Target{AtLeast: ptr(1)}, false, 0, Red},
		{"below a range", Target{Between: &[2]float64{7, 9}}, false, 6, Red},
	} {
		k := Commitment{ID: "C", Kind: Constraint, Target: &c.target, Expected: c.expected}
		on := Date{2025, 9, 30}
		got := Attain(doc, k, "320600", on, Series{{ID: "C", Region: "320600"}: {on: c.value}}, Cover{}, DefaultThresholds).Light
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
