//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"

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
	q := `select s.consortium_no, s.year, s.condition_name, s.subject, s.name, cast(s.quantity as double), cast(s.amount as double),
		s.counted, ` + place("s") + `
		from core.scorecard_evidence s
		join core.region_path p on p.region_code = s.region_code and p.ancestor_code = $2` + standsIn("s") + `
		where s.kpi_id = $1
		  and s.year = (select max(l.year) from core.scorecard_evidence l where l.kpi_id = $1 and l.evaluated_on <= $3)
		order by s.consortium_no, s.condition_no, s.on_date, s.subject, s.batch_id, s.row_no`
	if limit > 0 {
		q += fmt.Sprintf(" limit %d", limit)
	}
	rows, err := db.sql.QueryContext(ctx, q, id, region, asOf.Time())
	if err != nil {
		return nil, fmt.Errorf("read evidence of %s: %w", id, err)
	}
	defer rows.Close()
	list := []Evidence{}
	for rows.Next() {
		var e Evidence
		if err := rows.Scan(&e.Consortium, &e.Year, &e.Condition, &e.Subject, &e.Name, &e.Quantity, &e.Amount,
			&e.Counted, &e.File, &e.Sheet, &e.Row); err != nil {
			return nil, fmt.Errorf("read evidence of %s: %w", id, err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
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
	return db.expertPoints(ctx, "s.unjustified", id, region, asOf)
}

// Adjusted likewise lists those that are others than the evidence gives, for a reason.
func (db *DB) Adjusted(ctx context.Context, id, region string, asOf kpi.Date) ([]ExpertPoints, error) {
	return db.expertPoints(ctx, "s.adjusted", id, region, asOf)
}

func (db *DB) expertPoints(ctx context.Context, words, id, region string, asOf kpi.Date) (list []ExpertPoints, err error) {
	rows, err := db.sql.QueryContext(ctx, `select s.consortium_no, s.year, cast(s.points as double), `+words+`, b.file, h.sheet, s.review_row_no - h.rows_above
		from core.scorecard_point s
		join core.region_path p on p.region_code = s.region_code and p.ancestor_code = $2
		join core.batch b on b.batch_id = s.review_batch_id
		join core.batch_sheet h on h.batch_id = b.batch_id and s.review_row_no > h.rows_above and s.review_row_no <= h.last_row
		where s.kpi_id = $1 and `+words+` is not null and s.evaluated_on <= $3
		order by s.consortium_no, s.year`, id, region, asOf.Time())
	if err != nil {
		return nil, fmt.Errorf("read points of %s: %w", id, err)
	}
	defer rows.Close()
	for rows.Next() {
		var u ExpertPoints
		if err := rows.Scan(&u.Consortium, &u.Year, &u.Points, &u.Words, &u.File, &u.Sheet, &u.Row); err != nil {
			return nil, fmt.Errorf("read points of %s: %w", id, err)
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

// Scorecards reads every evaluation by the date, and those that are missing, by holder and year.
func (db *DB) Scorecards(ctx context.Context, asOf kpi.Date) ([]kpi.ScorecardResult, error) {
	rows, err := db.sql.QueryContext(ctx, `select consortium_no, consortium_name, region_code, year, cast(coalesce(raw, 0) as double),
		cast(coalesce(score, 0) as double), grade, cast(subsidy as double), consequence
		from mart.scorecard_total where evaluated_on <= $1 order by consortium_no, year`, asOf.Time())
	if err != nil {
		return nil, fmt.Errorf("read scorecards: %w", err)
	}
	defer rows.Close()
	var list []kpi.ScorecardResult
	for rows.Next() {
		var r kpi.ScorecardResult
		if err := rows.Scan(&r.Consortium, &r.Name, &r.Region, &r.Year, &r.Raw, &r.Score, &r.Grade, &r.Subsidy, &r.Consequence); err != nil {
			return nil, fmt.Errorf("read scorecards: %w", err)
		}
		list = append(list, r)
	}
	return list, rows.Err()
}
