//go:build duckdb_arrow

package warehouse

import (
	"cmp"
	"database/sql/driver"

	"citykpi/pipeline/kpi"
)

// awardRuleColumns are those of core.award_rule: one row per award rule of every
// document. family is the id shared by a rule and its twin. Null: the document
// gives no such figure.
const awardRuleColumns = `rule_id varchar, document varchar, status varchar, jurisdiction_code varchar, article varchar, name varchar,
	rate double, each_amount double, cap double, per varchar, per_year boolean, times varchar, months integer, window_from varchar, tier varchar, lead boolean, family varchar`

// awardRules are the rows of core.award_rule, core.award_clause and core.award_grade. A rule
// without an award block only totals what was paid.
func awardRules(documents []kpi.Document) (rules, clauses, grades [][]driver.Value) {
	for _, d := range documents {
		for _, c := range d.Commitments {
			if c.Kind != kpi.AwardRule {
				continue
			}
			a := kpi.Award{}
			if c.Award != nil {
				a = *c.Award
			}
			rules = append(rules, row(c.ID, d.ID, d.Status, d.Region, c.Article, c.Name,
				orNull(a.Rate), orNull(a.Each), orNull(a.Cap), a.Per, a.PerYear, a.Times, a.Months, cmp.Or(a.From, "payment"), a.Tier, a.Lead, family(c.ID, a.Twin)))
			for _, clause := range a.Clauses {
				clauses = append(clauses, row(clause, c.ID))
			}
			for _, grade := range a.Grades {
				grades = append(grades, row(c.ID, grade))
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
