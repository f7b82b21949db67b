package warehouse

import (
	"context"

	"citykpi/pipeline/kpi"
)

// RowUnits are the units that rows of ledgers name as responsible, by the place of the row.
func (s *Site) RowUnits(ctx context.Context) (map[kpi.Place]string, error) {
	type row struct {
		at   kpi.Place
		unit string
	}
	var all []row
	err := list(ctx, s, &all, "row_units", func(r *row) []any { return []any{&r.at.File, &r.at.Sheet, &r.at.Row, &r.unit} })
	units := make(map[kpi.Place]string, len(all))
	for _, r := range all {
		units[r.at] = r.unit
	}
	return units, err
}
