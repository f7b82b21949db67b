//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
)

// repeatedKeys finds rows of one file that share a natural key but differ; the
// last of them counts, the bureau should know.
func repeatedKeys(t LakeTable, batches []lake.Batch) string {
	groups := byColumns(t.Source, batches)
	if len(groups) == 0 || len(t.Key) == 0 {
		return ""
	}
	var parts []string
	for _, g := range groups {
		keys := make([]string, len(t.Key))
		for i, k := range t.Key {
			keys[i] = masked(t.column(k), g[0], Ident(k)) + " as " + Ident(k)
		}
		parts = append(parts, "select "+batchOf+" as batch_id, "+strings.Join(keys, ", ")+", "+sheetOf(g[0])+" as sheet, row_no from "+batchRows(g)+" r")
	}
	return "select batch_id, " + idents(t.Key) + ", count(*) as rows, min(row_no) as first_row, min(sheet) as sheet, max(sheet) as other_sheet from (" +
		strings.Join(parts, " union all ") + ") group by batch_id, " + idents(t.Key) + " having count(*) > 1"
}

// column is the table's column of that name.
func (t LakeTable) column(name string) LakeColumn {
	i := slices.IndexFunc(t.Columns, func(c LakeColumn) bool { return c.Name == name })
	return t.Columns[i]
}

// manyRows is from where on looking for repeated keys costs less than putting
// every row's versions in order.
const manyRows = 100_000

// distinct reports whether a large register needs no choice between rows: one
// export per date, and no natural key twice in any.
func (b *builder) distinct(ctx context.Context, t LakeTable) (bool, error) {
	rows, dates := int64(0), map[kpi.Date]bool{}
	for _, batch := range b.in.Batches {
		if batch.Source != t.Source || batch.Loaded == 0 {
			continue
		}
		if dates[batch.DataDate] {
			return false, nil
		}
		rows, dates[batch.DataDate] = rows+batch.Loaded, true
	}
	if !t.Snapshot || rows < manyRows || len(t.Key) == 0 {
		return false, nil
	}
	var repeated int64
	err := b.db.QueryRowContext(ctx, "select count(*) from ("+repeatedKeys(t, b.in.Batches)+")").Scan(&repeated)
	if err != nil {
		return false, fmt.Errorf("look for repeated keys of %s: %w", t.Source, err)
	}
	return repeated == 0, nil
}
