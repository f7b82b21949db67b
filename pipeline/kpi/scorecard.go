package kpi

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Scorecard is how a document turns the points of its scorecard items into a
// grade and what follows from it. The points themselves are computed in SQL
// from the items' conditions, which the warehouse gives the models as tables.
type Scorecard struct {
	Full    float64 `yaml:"full" json:"full"`       // what the items without bonus add up to
	Cap     float64 `yaml:"cap" json:"cap"`         // the score is base plus bonus, up to this
	Grades  []Grade `yaml:"grades" json:"grades"`   // its grades, the best first; the last is a failure and begins at 0
	Subsidy string  `yaml:"subsidy" json:"subsidy"` // id of the award rule whose cap is the full subsidy
	// Evaluated years of the last grade, one after another, after which the consequence follows.
	FailedYears int    `yaml:"failed_years" json:"failed_years"`
	Consequence string `yaml:"consequence" json:"consequence"` // what follows then: 摘牌重组
	Review      string `yaml:"review" json:"review"`           // what follows where an evaluation is missing: 人工确认
}

// Grade is a word for scores from a bound on, and the subsidy it brings.
type Grade struct {
	Name    string  `yaml:"name" json:"name"`         // word for it: 优秀
	AtLeast float64 `yaml:"at_least" json:"at_least"` // lowest score that has it
	// The subsidy it brings: all of it, as much of it as the score is of the full one, or none.
	Pays string `yaml:"pays" json:"pays"`
}

// Condition is one thing a scorecard item asks of a year's evidence. An item's
// points are earned when all its conditions hold, and not in part.
type Condition struct {
	Name string `yaml:"name" json:"name"` // what it is about: 合同额
	// Kinds of evidence that count, any of them; sql/core/consortium_evidence.yml lists them.
	Evidence []string `yaml:"evidence" json:"evidence"`
	// What of them is counted: pieces of evidence, different subjects (persons, firms), different quarters, or the sum of a column.
	Count   string   `yaml:"count" json:"count"`
	Each    *Bound   `yaml:"each" json:"each"`         // only evidence within it counts
	AtLeast *float64 `yaml:"at_least" json:"at_least"` // 不少于: so much or more
	Above   *float64 `yaml:"above" json:"above"`       // 超: strictly more
	AtMost  *float64 `yaml:"at_most" json:"at_most"`   // so much or less
	Unit    string   `yaml:"unit" json:"unit"`         // unit of what is counted; 元 of amounts
}

// Evidence lists the kinds of evidence that a scorecard item asks for.
func (c Commitment) Evidence() []string {
	var kinds []string
	for _, k := range c.Conditions {
		kinds = append(kinds, k.Evidence...)
	}
	return kinds
}

// Bound is what a single piece of evidence must reach to count.
type Bound struct {
	Of      string   `yaml:"of" json:"of"`             // the column that it bounds
	AtLeast *float64 `yaml:"at_least" json:"at_least"` // so much or more; one of at_least and above is written
	Above   *float64 `yaml:"above" json:"above"`       // strictly more
}

// Counts are what a condition may count: pieces of evidence, different
// subjects (persons, firms), different quarters, or the sum of a column.
var Counts = []string{"rows", "subjects", "quarters", "quantity", "amount"}

// Bounded are the columns of evidence that a bound may be of.
var Bounded = []string{"quantity", "amount"}

// Pays are what a grade may bring of the subsidy.
var Pays = []string{"full", "by_score", "none"}

// Wants is the condition's bound as people read it: ≥10项, ≥7且≤9名, ＞3000000元.
func (c Condition) Wants() string {
	var parts []string
	for _, b := range []struct {
		sign  string
		bound *float64
	}{{"≥", c.AtLeast}, {"＞", c.Above}, {"≤", c.AtMost}} {
		if b.bound != nil {
			parts = append(parts, b.sign+strconv.FormatFloat(*b.bound, 'f', -1, 64))
		}
	}
	return strings.Join(parts, "且") + c.Unit
}

// Check lists what keeps the condition from being computed, each as what to write instead.
func (c Condition) Check() []string {
	var bad []string
	if c.Name == "" || len(c.Evidence) == 0 || c.Unit == "" {
		bad = append(bad, "a condition needs name, evidence and unit")
	}
	if !slices.Contains(Counts, c.Count) {
		bad = append(bad, fmt.Sprintf("condition %s counts %q, want one of %v", c.Name, c.Count, Counts))
	}
	switch {
	case c.AtLeast == nil && c.Above == nil && c.AtMost == nil:
		bad = append(bad, fmt.Sprintf("condition %s has no bound: write at_least (不少于), above (超) or at_most", c.Name))
	case c.AtLeast != nil && c.Above != nil:
		bad = append(bad, fmt.Sprintf("condition %s has both at_least and above: keep one", c.Name))
	case c.AtMost != nil && *c.AtMost < *cmp.Or(c.AtLeast, c.Above, c.AtMost):
		bad = append(bad, fmt.Sprintf("condition %s is upside down: %s", c.Name, c.Wants()))
	}
	if e := c.Each; e != nil && (!slices.Contains(Bounded, e.Of) || (e.AtLeast == nil) == (e.Above == nil)) {
		bad = append(bad, fmt.Sprintf("condition %s: each needs of: quantity or amount, and one of at_least and above", c.Name))
	}
	return bad
}

// Check lists what is wrong with the scorecard itself and with its sum: the
// items without bonus must add up to Full.
func (s Scorecard) Check(commitments []Commitment) []string {
	var bad []string
	var sum float64
	var subsidy *Commitment
	for i, c := range commitments {
		if c.Kind == ScorecardItem && !c.Bonus {
			sum += c.Points
		}
		if c.ID == s.Subsidy {
			subsidy = &commitments[i]
		}
	}
	if sum != s.Full {
		bad = append(bad,
			fmt.Sprintf("the scorecard's items add up to %v points, want %v: correct points, or mark extra ones bonus: true", sum, s.Full))
	}
	if s.Cap < s.Full {
		bad = append(bad, fmt.Sprintf("cap %v lies below full %v", s.Cap, s.Full))
	}
	if s.FailedYears < 1 || s.Consequence == "" || s.Review == "" {
		bad = append(bad, "the scorecard needs failed_years, consequence and review")
	}
	if subsidy == nil || subsidy.Award == nil || subsidy.Award.Cap == nil {
		bad = append(bad, fmt.Sprintf("subsidy %q is not an award rule of this document with a cap", s.Subsidy))
	}
	if n := len(s.Grades); n < 2 || s.Grades[n-1].AtLeast != 0 {
		return append(bad, "grades go from the best to the worst, and the worst begins at 0")
	}
	for i, g := range s.Grades {
		if i > 0 && g.AtLeast >= s.Grades[i-1].AtLeast {
			bad = append(bad, fmt.Sprintf("grade %s must begin below %s: list the best first", g.Name, s.Grades[i-1].Name))
		}
		if !slices.Contains(Pays, g.Pays) {
			bad = append(bad, fmt.Sprintf("grade %s pays %q, want full, by_score or none", g.Name, g.Pays))
		}
	}
	return bad
}

// ScorecardResult is how one holder of a scorecard did in one year.
type ScorecardResult struct {
	Consortium  string  `json:"consortium"`
	Name        string  `json:"name"`
	Region      string  `json:"region_code"`
	Year        int     `json:"year"`
	Raw         float64 `json:"raw"`         // base plus bonus, before the cap
	Score       float64 `json:"score"`       // up to the cap; grades are read off it
	Grade       string  `json:"grade"`       // 未评价 where an evaluation is missing
	Subsidy     float64 `json:"subsidy"`     // 元
	Consequence string  `json:"consequence"` // "" | 摘牌重组 | 人工确认
}
