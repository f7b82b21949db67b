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

// knownKeys is what is known of the natural keys of a source's rows. False: it is not known.
type knownKeys struct {
	once     bool // none stands twice in a file
	distinct bool // none stands twice on a date either, and each batch is the whole register: every row is known last
}

// keys looks at the natural keys of a source's rows. Where there are many that costs as much as putting the versions of
// each row in order, and is done if it may spare that.
func (b *builder) keys(ctx context.Context, t LakeTable, rows string) (known knownKeys, err error) {
	filed, dates, whole := int64(0), map[kpi.Date]bool{}, t.Snapshot
	for _, batch := range b.in.Batches {
		if batch.Source != t.Source || batch.Loaded == 0 {
			continue
		}
		whole = whole && !dates[batch.DataDate]
		filed, dates[batch.DataDate] = filed+batch.Loaded, true
	}
	if filed == 0 || len(t.Key) == 0 || filed > fewRows && !whole {
		return known, nil
	}
	err = b.db.QueryRowContext(ctx, "select not exists (select 1 from "+rows+" r group by batch_id, "+idents(t.Key)+" having count(*) > 1)").Scan(&known.once)
	if err != nil {
		return known, fmt.Errorf("look for repeated keys of %s: %w", t.Source, err)
	}
	known.distinct = known.once && whole
	return known, nil
}
