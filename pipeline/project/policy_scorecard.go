package project

import (
	"slices"

	"citykpi/pipeline/kpi"
)

// scorecard holds a document's scorecard against its items. What is wrong with
// the whole is blamed on the document's first item.
func (v *policyCheck) scorecard(d kpi.Document) {
	var first *kpi.Commitment
	for i, c := range d.Commitments {
		if c.Kind == kpi.ScorecardItem {
			if first == nil {
				first = &d.Commitments[i]
			}
			v.scorecardItem(c)
		} else if c.Points != 0 || c.Bonus || len(c.Conditions) > 0 {
			v.bad(c, "points, bonus and conditions belong to kind scorecard_item")
		}
	}
	switch {
	case first == nil && d.Scorecard != nil:
		v.bad(v.head(d, "scorecard"), "scorecard without a commitment of kind scorecard_item")
	case first != nil && d.Scorecard == nil:
		v.bad(*first, "a scorecard item needs scorecard: full, cap, grades … at the head of the document")
	case first != nil:
		for _, problem := range d.Scorecard.Check(d.Commitments) {
			v.bad(*first, "%s", problem)
		}
	}
}

func (v *policyCheck) scorecardItem(c kpi.Commitment) {
	if c.Points <= 0 {
		v.bad(c, "points are missing: write what the item is worth")
	}
	if c.Model != "" && len(c.Conditions) == 0 {
		v.bad(c, "no conditions: without them no points can be computed; write them, or leave out kpi")
	}
	var known []string
	if m, ok := v.models.Find(evidenceModel); ok {
		known = m.Spec.Columns["kind"].Values
	}
	for _, condition := range c.Conditions {
		for _, problem := range condition.Check() {
			v.bad(c, "%s", problem)
		}
		for _, kind := range condition.Evidence {
			if slices.Contains(known, kind) {
				continue
			}
			hint := ""
			if near := kpi.Nearest(kind, known); near != "" {
				hint = "; did you mean " + near + "?"
			}
			v.bad(c, "condition %s: no evidence is of kind %q%s; the kinds are listed in sql/core/consortium_evidence.yml",
				condition.Name, kind, hint)
		}
	}
}

// evidenceModel lists, as the values of its column kind, what conditions may name.
const evidenceModel = "core.consortium_evidence"
