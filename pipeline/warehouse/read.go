package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
)

// Fact is one thing that was counted, and the row of the file that said so.
type Fact struct {
	EntityID   string    `json:"entity_id"`
	EntityName string    `json:"entity_name"`
	Region     string    `json:"region_code"`
	Weight     float64   `json:"weight"`
	EventDate  *kpi.Date `json:"event_date"`
	ValidFrom  *kpi.Date `json:"valid_from"`
	ValidTo    *kpi.Date `json:"valid_to"`   // first day it no longer counts
	MatchedBy  string    `json:"matched_by"` // how its enterprise was found: code, number, name, former_name, decision; "": it names none
	File       string    `json:"file"`
	Sheet      string    `json:"sheet"`
	Row        int64     `json:"row"`
}

// Values reads every value of the release.
func (db *DB) Values(ctx context.Context) (kpi.Series, error) {
	type row struct {
		kpi.Key
		on    kpi.Date
		value float64
	}
	series := kpi.Series{}
	fields := func(v *row) []any { return []any{&v.ID, &v.Measure, &v.Region, scanDate{&v.on}, &v.value} }
	err := each(ctx, db, "values", fields, func(v row) {
		if series[v.Key] == nil {
			series[v.Key] = map[kpi.Date]float64{}
		}
		series[v.Key][v.on] = v.value
	})
	if err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}
	return series, nil
}

// OpenRelease opens a release database for reading, with its values computed
// again as of another date by the release's own models, and at the deadlines of its
// documents. It is read by the queries of sql/page and stays as it is on disk.
func OpenRelease(ctx context.Context, path string, pages fs.FS, at Models, since, asOf kpi.Date, documents []kpi.Document) (*DB, error) {
	db, err := Open(ctx, "", duck.Limits{})
	if err != nil {
		return nil, err
	}
	db.pages = pages
	if err := db.overlay(ctx, path, at, Periods(since, asOf, documents)); err != nil {
		db.Close()
		return nil, fmt.Errorf("open release %s: %w", path, err)
	}
	return db, nil
}

func (db *DB) overlay(ctx context.Context, path string, models Models, periods []kpi.Date) error {
	db.SQL().SetMaxOpenConns(1)
	exec := func(q string) error { _, err := db.SQL().ExecContext(ctx, q); return err }
	if err := exec("attach " + duck.Literal(path) + " as release (read_only)"); err != nil {
		return err
	}
	_, tables, err := texts(ctx, db.SQL(), "select table_schema, table_name from information_schema.tables where table_catalog = 'release'")
	if err != nil {
		return err
	}
	rebuilt := map[string]bool{"core.period": true}
	for _, m := range models {
		rebuilt[m.Name] = true
	}
	for _, schema := range []string{"core", "kpi", "mart"} {
		if err := exec("create schema " + schema); err != nil {
			return err
		}
	}
	for _, t := range tables {
		name := t[0] + "." + t[1]
		if rebuilt[name] {
			continue
		}
		if err := exec("create view " + name + " as select * from release." + name); err != nil {
			return err
		}
	}
	var rows []string
	for _, end := range periods {
		rows = append(rows, fmt.Sprintf("(date '%s', date '%s', date '%s')",
			end, kpi.YearEnd(end.Year-1), kpi.QuarterOf(end).Start().AddDays(-1)))
	}
	if err := exec("create table core.period as select * from (values " + strings.Join(rows, ", ") +
		") as p (period_end, before_year, before_quarter)"); err != nil {
		return err
	}
	for _, m := range models {
		if err := exec("create table " + m.Name + " as " + m.SQL); err != nil {
			return fmt.Errorf("sql/%s: %w", m.File, err)
		}
	}
	return nil
}

// Facts lists what a line counts in its region (and below) on a date, by
// entity; limit 0 is all.
func (db *DB) Facts(ctx context.Context, k kpi.Key, kind kpi.Kind, asOf kpi.Date, limit int) (facts []Fact, total int, err error) {
	_, query, err := LoadPage(db.pages, "facts")
	if err != nil {
		return nil, 0, err
	}
	query = "select f.*, count(*) over () from (\n" + query + ") f where " + counts(kind, asOf) +
		" order by f.entity_id, f.event_date, f.valid_from, f.batch_id, f.row_no"
	if limit > 0 {
		query += fmt.Sprintf(" limit %d", limit)
	}
	facts = []Fact{}
	rows, err := db.SQL().QueryContext(ctx, query, k.ID, k.Measure, k.Region)
	if err == nil {
		defer rows.Close()
		var batch, rowNo any
		var event, validFrom, validTo sql.NullTime
		err = scanned(rows, func(f *Fact) []any {
			return []any{&f.EntityID, &f.EntityName, &f.Region, &f.Weight, &event, &validFrom, &validTo,
				&f.File, &f.Sheet, &f.Row, &f.MatchedBy, &batch, &rowNo, &total}
		}, func(f Fact) {
			f.EventDate, f.ValidFrom, f.ValidTo = date(event), date(validFrom), date(validTo)
			facts = append(facts, f)
		})
	}
	return facts, total, doing("read facts of "+k.ID, err)
}

func date(t sql.NullTime) *kpi.Date {
	if !t.Valid {
		return nil
	}
	d := kpi.DateOf(t.Time)
	return &d
}

// Contracts reads the technology-contract table.
func (db *DB) Contracts(ctx context.Context) (cells []kpi.ContractCell, err error) {
	err = ask(ctx, db, &cells, "contract_quarters", func(c *kpi.ContractCell) []any {
		return []any{&c.Quarter.Year, &c.Quarter.N, &c.Region, &c.Kind, &c.Contracts, &c.Amount, &c.TechAmount}
	})
	return cells, doing("read technology contracts", err)
}

// Payouts reads a jurisdiction's award-payout table.
func (db *DB) Payouts(ctx context.Context, jurisdiction string) (cells []kpi.PayoutCell, err error) {
	err = ask(ctx, db, &cells, "payouts", func(c *kpi.PayoutCell) []any {
		return []any{&c.Quarter.Year, &c.Quarter.N, &c.Region, &c.Article, &c.Payouts, &c.Payees, &c.Amount}
	}, jurisdiction)
	return cells, doing("read payouts", err)
}

// Unmatched counts, per source, the rows that wait for a match.
func (db *DB) Unmatched(ctx context.Context) (map[string]int64, error) {
	type row struct {
		source string
		n      int64
	}
	counts := map[string]int64{}
	err := each(ctx, db, "unmatched", func(r *row) []any { return []any{&r.source, &r.n} }, func(r row) { counts[r.source] = r.n })
	return counts, doing("read unmatched rows", err)
}

// text is a value as a person reads it: dates without a clock, NULL as "".
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case time.Time:
		if v.Hour() == 0 && v.Minute() == 0 && v.Second() == 0 {
			return v.Format(time.DateOnly)
		}
		return v.Format("2006-01-02 15:04:05")
	}
	return fmt.Sprint(v)
}
