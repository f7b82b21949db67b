//go:build duckdb_arrow

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
		r.cards = append(r.cards, values{"document": d.ID, "jurisdiction_code": d.Region, "cap": s.Cap, "subsidy_rule": s.Subsidy, "subsidy": subsidy,
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
		return []any{&e.Consortium, &e.Year, &e.Condition, &e.Subject, &e.Name, &e.Quantity, &e.Amount, &e.Counted, &e.File, &e.Sheet, &e.Row}
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

// Unjustified lists, for an item in a region (and below), those that the row does not justify, of every year
// evaluated by the date.
func (db *DB) Unjustified(ctx context.Context, id, region string, asOf kpi.Date) ([]ExpertPoints, error) {
	return db.expertPoints(ctx, "scorecard_unjustified", id, region, asOf)
}

// Adjusted likewise lists those that are others than the evidence gives, for a reason.
func (db *DB) Adjusted(ctx context.Context, id, region string, asOf kpi.Date) ([]ExpertPoints, error) {
	return db.expertPoints(ctx, "scorecard_adjusted", id, region, asOf)
}

func (db *DB) expertPoints(ctx context.Context, page, id, region string, asOf kpi.Date) (list []ExpertPoints, err error) {
	err = ask(ctx, db, &list, page, func(u *ExpertPoints) []any {
		return []any{&u.Consortium, &u.Year, &u.Points, &u.Words, &u.File, &u.Sheet, &u.Row}
	}, id, region, asOf.Time())
	return list, doing("read points of "+id, err)
}

// Scorecards reads every evaluation by the date, and those that are missing, by holder and year.
func (db *DB) Scorecards(ctx context.Context, asOf kpi.Date) (list []kpi.ScorecardResult, err error) {
	err = ask(ctx, db, &list, "scorecards", func(r *kpi.ScorecardResult) []any {
		return []any{&r.Consortium, &r.Name, &r.Region, &r.Year, &r.Raw, &r.Score, &r.Grade, &r.Subsidy, &r.Consequence}
	}, asOf.Time())
	return list, doing("read scorecards", err)
}
