package warehouse

import (
	"context"

	"citykpi/pipeline/kpi"
)

type scorecardRows struct{ cards, grades, items, conditions []values }

// scorecards are the rows of the given tables of scorecards.
func scorecards(documents []kpi.Document) (r scorecardRows) {
	for _, d := range documents {
		if d.Scorecard == nil {
			continue
		}
		s := *d.Scorecard
		var subsidy any
		for _, c := range d.Commitments {
			if c.ID == s.Subsidy && c.Award != nil {
				subsidy = orNull(c.Award.Cap)
			}
			if c.Kind == kpi.ScorecardItem {
				r.items = append(r.items, values{"kpi_id": c.ID, "jurisdiction_code": d.Region, "name": c.Name,
					"points": c.Points, "bonus": c.Bonus})
				r.condition(c)
			}
		}
		r.cards = append(r.cards, values{"document": d.ID, "jurisdiction_code": d.Region,
			"cap": s.Cap, "subsidy_rule": s.Subsidy, "subsidy": subsidy,
			"failed_years": s.FailedYears, "consequence": s.Consequence, "review": s.Review})
		for i, g := range s.Grades {
			r.grades = append(r.grades, values{"jurisdiction_code": d.Region, "grade": g.Name, "place": i + 1,
				"failing": i == len(s.Grades)-1, "at_least": g.AtLeast, "pays": g.Pays})
		}
	}
	return r
}

func (r *scorecardRows) condition(c kpi.Commitment) {
	for i, k := range c.Conditions {
		var of, least, above any
		if k.Each != nil {
			of, least, above = k.Each.Of, orNull(k.Each.AtLeast), orNull(k.Each.Above)
		}
		for _, evidence := range k.Evidence {
			r.conditions = append(r.conditions, values{
				"kpi_id": c.ID, "condition_no": i + 1, "name": k.Name, "wants": k.Wants(), "evidence": evidence, "counts": k.Count,
				"each_of": of, "each_at_least": least, "each_above": above,
				"at_least": orNull(k.AtLeast), "above": orNull(k.Above), "at_most": orNull(k.AtMost),
			})
		}
	}
}

// Evidence is one row that speaks for or against an item of a scorecard.
type Evidence struct {
	Consortium string   `json:"consortium_no"`
	Year       int      `json:"year"`
	Condition  string   `json:"condition"`
	Subject    string   `json:"subject"`
	Name       string   `json:"name"`
	Quantity   *float64 `json:"quantity"`
	Amount     *float64 `json:"amount"` // 元
	Counted    bool     `json:"counted"`
	File       string   `json:"file"`
	Sheet      string   `json:"sheet"`
	Row        int64    `json:"row"`
}

// Evidence lists the rows behind a scorecard item in a region (and below): those
// of the latest year evaluated by the date. limit 0 is all.
func (db *DB) Evidence(ctx context.Context, id, region string, asOf kpi.Date, limit int) ([]Evidence, error) {
	list := []Evidence{}
	var most any
	if limit > 0 {
		most = limit
	}
	err := ask(ctx, db, &list, "scorecard_evidence", func(e *Evidence) []any {
		return []any{&e.Consortium, &e.Year, &e.Condition, &e.Subject, &e.Name,
			&e.Quantity, &e.Amount, &e.Counted, &e.File, &e.Sheet, &e.Row}
	}, id, region, asOf.Time(), most)
	return list, doing("read evidence of "+id, err)
}

// ExpertPoints is the points of an item of a scorecard that the experts' row gives.
type ExpertPoints struct {
	Consortium string  `json:"consortium_no"`
	Year       int     `json:"year"`
	Points     float64 `json:"points"` // that count
	Words      string  `json:"words"`
	File       string  `json:"file"` // of the experts' row
	Sheet      string  `json:"sheet"`
	Row        int64   `json:"row"`
}

// ExpertPoints lists, for an item in a region (and below) and every year evaluated by the date, those that the row does not
// justify, and those that are others than the evidence gives, for a reason.
func (db *DB) ExpertPoints(ctx context.Context, id, region string, asOf kpi.Date) (unjustified, adjusted []ExpertPoints, err error) {
	type row struct {
		ExpertPoints
		unjustified, adjusted string
	}
	err = each(ctx, db, "scorecard_experts", func(r *row) []any {
		return []any{&r.Consortium, &r.Year, &r.Points, &r.unjustified, &r.adjusted, &r.File, &r.Sheet, &r.Row}
	}, func(r row) {
		if r.Words = r.unjustified; r.Words != "" {
			unjustified = append(unjustified, r.ExpertPoints)
		}
		if r.Words = r.adjusted; r.Words != "" {
			adjusted = append(adjusted, r.ExpertPoints)
		}
	}, id, region, asOf.Time())
	return unjustified, adjusted, doing("read points of "+id, err)
}

// Scorecards reads every evaluation by the date, and those that are missing, by holder and year.
func (db *DB) Scorecards(ctx context.Context, asOf kpi.Date) (list []kpi.ScorecardResult, err error) {
	err = ask(ctx, db, &list, "scorecards", func(r *kpi.ScorecardResult) []any {
		return []any{&r.Consortium, &r.Name, &r.Region, &r.Year, &r.Raw, &r.Score, &r.Grade, &r.Subsidy, &r.Consequence}
	}, asOf.Time())
	return list, doing("read scorecards", err)
}
