package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
)

// Freeze writes every fact of the release to one Parquet file, in a fixed order.
func (db *DB) Freeze(ctx context.Context, path string) error {
	_, query, err := LoadPage(db.pages, "frozen_facts")
	if err == nil {
		_, err = db.SQL().ExecContext(ctx, "copy (\n"+query+") to "+duck.Literal(path)+" (format parquet, compression zstd)")
	}
	return doing("freeze facts", err)
}

// Change is how what counts towards a figure differs from what counted when it was frozen:
// entities, each once. One that counts for something else has changed: it neither came nor went. Of those
// that went some were taken back: a row that
// said so was withdrawn, or replaced by another. The others went because something that became
// known later ended them, such as the closing of a firm. Likewise of those that came some were known before,
// and count since a row was taken back: a firm has its lower title when the higher one is withdrawn.
type Change struct {
	Came, Went, Changed int64
	Withdrawn, Replaced int64 // of all three
}

// FactsChanged compares the facts that count towards figures of a date with those of a freeze, by
// line and region. An entity that counts for the same as before has not changed, whatever became
// of the days between which it does. known is up to when batches were known to the freeze.
func (db *DB) FactsChanged(ctx context.Context, frozen string, kinds map[kpi.Key]kpi.Kind, asOf kpi.Date,
	known time.Time) (map[kpi.Key]Change, error) {
	var lines []string
	for k, kind := range kinds {
		lines = append(lines, fmt.Sprintf("(%s, %s, '%s')", duck.Literal(k.ID), duck.Literal(k.Measure), kind))
	}
	if lines == nil {
		return nil, nil
	}
	slices.Sort(lines)
	conditions := ""
	for _, of := range []kpi.Kind{kpi.Stock, kpi.AnnualFlow, kpi.QuarterSum, kpi.Cumulative} { // one for each way to count
		var same []string
		for _, kind := range kinds {
			if word := "'" + string(kind) + "'"; counts(kind, asOf) == counts(of, asOf) && !slices.Contains(same, word) {
				same = append(same, word)
			}
		}
		if same != nil {
			slices.Sort(same)
			conditions += " or l.kind in (" + strings.Join(same, ", ") + ") and " + counts(of, asOf)
		}
	}
	beside := "f.beside_batch_id, f.beside_row_no"
	counted := func(table string) string {
		return `select f.kpi_id, f.measure, p.ancestor_code as region_code, f.entity_id, f.weight, f.batch_id, f.row_no, ` + beside + `
			from ` + table + ` f
			join line l on l.kpi_id = f.kpi_id and l.measure = f.measure
			join core.region_path p on p.region_code = f.region_code
			where ` + strings.TrimPrefix(conditions, " or ")
	}
	now := counted("mart.fact")
	var named bool // freezes of older builds do not name a second row
	column := "select count(*) > 0 from parquet_schema(" + duck.Literal(frozen) + ") where name = 'beside_row_no'"
	if err := db.SQL().QueryRowContext(ctx, column).Scan(&named); err != nil {
		return nil, fmt.Errorf("read %s: %w", frozen, err)
	}
	if !named {
		beside = "cast(null as varchar) as beside_batch_id, cast(null as bigint) as beside_row_no"
	}
	_, query, err := LoadPage(db.pages, "facts_changed")
	if err != nil {
		return nil, err
	}
	all := map[kpi.Key]Change{}
	rows, err := db.SQL().QueryContext(ctx, "with line (kpi_id, measure, kind) as (values "+strings.Join(lines, ", ")+"),\n"+
		"facts_now as materialized ("+now+"),\ncounted_then as materialized ("+counted(duck.Parquet(frozen))+"),\n"+
		"frozen_fact as (select entity_id, batch_id, row_no from "+duck.Parquet(frozen)+")\nselect * from (\n"+query+")", known)
	if err == nil {
		defer rows.Close()
		err = scanned(rows, func(c *changed) []any {
			return []any{&c.ID, &c.Measure, &c.Region, &c.Came, &c.Went, &c.Changed, &c.Withdrawn, &c.Replaced}
		}, func(c changed) { all[c.Key] = c.Change })
	}
	return all, doing("compare facts with "+frozen, err)
}

type changed struct {
	kpi.Key
	Change
}

// counts is the condition under which a fact f counts on a date.
func counts(kind kpi.Kind, asOf kpi.Date) string {
	on := "date '" + asOf.String() + "'"
	switch {
	case kind.Interval():
		return "f.valid_from <= " + on + " and " + on + " < f.valid_to"
	case kind == kpi.AnnualFlow:
		return "f.event_date <= " + on + " and f.event_date > date '" + kpi.YearEnd(asOf.Year-1).String() + "'"
	case kind == kpi.QuarterSum:
		return "f.event_date <= " + on + " and f.event_date > date '" + kpi.QuarterOf(asOf).Start().AddDays(-1).String() + "'"
	}
	return "f.event_date <= " + on
}
