package warehouse

import (
	"cmp"

	"citykpi/pipeline/kpi"
)

// awardRules are the rows of core.award_rule, core.award_clause and core.award_grade. A rule
// without an award block only totals what was paid; family is the id shared by a rule and its twin.
func awardRules(documents []kpi.Document) (rules, clauses, grades []values) {
	for _, d := range documents {
		for _, c := range d.Commitments {
			if c.Kind != kpi.AwardRule {
				continue
			}
			a := kpi.Award{}
			if c.Award != nil {
				a = *c.Award
			}
			rules = append(rules, values{
				"rule_id": c.ID, "document": d.ID, "status": d.Status, "jurisdiction_code": d.Region, "article": c.Article, "name": c.Name,
				"rate": orNull(a.Rate), "each_amount": orNull(a.Each), "cap": orNull(a.Cap), "per": a.Per, "per_year": a.PerYear,
				"times": a.Times, "months": a.Months, "window_from": cmp.Or(a.From, "payment"),
				"tier": a.Tier, "lead": a.Lead, "family": family(c.ID, a.Twin),
			})
			for _, clause := range a.Clauses {
				clauses = append(clauses, values{"clause": clause, "rule_id": c.ID})
			}
			for _, grade := range a.Grades {
				grades = append(grades, values{"rule_id": c.ID, "grade": grade})
			}
		}
	}
	return rules, clauses, grades
}

func family(id, twin string) string {
	if twin == "" {
		return id
	}
	return min(id, twin)
}

func orNull(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}
