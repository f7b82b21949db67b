//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"

	"citykpi/pipeline/kpi"
)

// Freeze writes every fact of the release to one Parquet file, in a fixed order.
func (db *DB) Freeze(ctx context.Context, path string) error {
	_, err := db.sql.ExecContext(ctx, `copy (
		select kpi_id, measure, region_code, entity_id, entity_name, weight, event_date, valid_from, valid_to, batch_id, row_no
		from mart.fact
		order by all
	) to `+Literal(path)+` (format parquet, compression zstd)`)
	if err != nil {
		return fmt.Errorf("freeze facts: %w", err)
	}
	return nil
}

// FactsChanged counts the facts of one line, in a region and below, that count
// towards a quarter's figure and came since a freeze, and those that went: a fact
// whose entity, weight or dates changed did both.
func (db *DB) FactsChanged(ctx context.Context, frozen string, k kpi.Key, kind kpi.Kind, asOf kpi.Date) (came, went int64, err error) {
	side := func(table string) string {
		return `select f.entity_id, f.region_code, f.weight, f.event_date, f.valid_from, f.valid_to
			from ` + table + ` f join core.region_path p on p.region_code = f.region_code and p.ancestor_code = $3
			where f.kpi_id = $1 and f.measure = $2 and ` + counts(kind, asOf)
	}
	now, then := side("mart.fact"), side(parquet(frozen))
	err = db.sql.QueryRowContext(ctx, "select (select count(*) from ("+now+" except all "+then+")), (select count(*) from ("+then+" except all "+now+"))",
		k.ID, k.Measure, k.Region).Scan(&came, &went)
	if err != nil {
		return 0, 0, fmt.Errorf("compare facts of %s: %w", k.ID, err)
	}
	return came, went, nil
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
