package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/lake"
)

// repeatedKeys finds rows of one file that share a natural key but differ; the
// last of them counts, the bureau should know.
func repeatedKeys(t LakeTable, batches []lake.Batch) string {
	if filedRows(t, batches) == 0 || len(t.Key) == 0 {
		return ""
	}
	key := strings.Join(ownKey(t), ", ")
	return `select r.batch_id, ` + key + `, count(*) as "rows", min(r.row_no - h.rows_above) as first_row,
			min(h.sheet) as sheet, max(h.sheet) as other_sheet
		from ` + rowsOf(t, batches, "core.") + ` r
		join core.batch_sheet h on h.batch_id = r.batch_id and r.row_no > h.rows_above and r.row_no <= h.last_row
		group by r.batch_id, ` + key + `
		having count(*) > 1`
}

// column is the table's column of that name.
func (t LakeTable) column(name string) LakeColumn {
	i := slices.IndexFunc(t.Columns, func(c LakeColumn) bool { return c.Name == name })
	return t.Columns[i]
}

// keyOnDate is what tells rows r of batches b apart, of which one counts: their natural key, and the data date where each batch
// is the whole register. columns are its names.
func keyOnDate(t LakeTable) (columns, values []string) {
	columns, values = slices.Clone(t.Key), ownKey(t)
	if t.Snapshot {
		columns, values = append(columns, "data_date"), append(values, "b.data_date")
	}
	return columns, values
}

// often is the select of the keys that several rows have.
func often(t LakeTable, rows, core string) string {
	_, values := keyOnDate(t)
	return `select ` + strings.Join(values, ", ") + `
		from ` + rows + ` r
		join ` + core + `batch b on b.batch_id = r.batch_id
		group by all
		having count(*) > 1`
}

// superseded is the table of a source's rows that do not count: in the place of each another one does, or it was
// withdrawn, or it says no more than that another does not count. It lives in memory, beside the release's database.
func superseded(t LakeTable) string { return "settled.superseded." + duck.Ident(t.Source) }

// supersede makes that table: of each key the row known last counts, and of keys that a row speaks of which corrects
// others those that settle says. It reports whether every row counts; then there is no table.
func (b *builder) supersede(ctx context.Context, t LakeTable, rows, core string) (none bool, err error) {
	if filedRows(t, b.in.Batches) == 0 {
		return true, nil
	}
	columns, values := keyOnDate(t)
	repeated := " semi join often on " + sameAs("often", columns, values)
	from, latest := rows+" r join "+core+"batch b on b.batch_id = r.batch_id"+repeated, "b.seq desc, r.row_no desc"
	if comesLate(t, b.in.Batches) {
		from = `(select r.*, ` + saidOf(t, b.in.Batches) + ` as ` + saidOn + ` from ` + from + `) r
			join ` + core + `batch b on b.batch_id = r.batch_id`
		latest = "r." + saidOn + " desc, " + latest
	}
	q := `with often as (` + often(t, rows, core) + `),
		turn as (
			select r.batch_id, r.row_no,
				row_number() over (partition by ` + strings.Join(values, ", ") + ` order by ` + latest + `) as place
			from ` + from
	if corrects(t, b.in.Batches) {
		q += notSettled(t) + `)
		select batch_id, row_no from ` + settled(t) + ` where not stands
		union all
		select batch_id, row_no from ` + rows + ` r where not ` + stays + `
		union all`
	} else {
		q += ")"
	}
	if err := b.exec(ctx, "create table "+superseded(t)+" as\n"+q+"\nselect batch_id, row_no from turn where place > 1"); err != nil {
		return false, fmt.Errorf("see which rows of %s count: %w", t.Source, err)
	}
	if err := b.db.QueryRowContext(ctx, "select not exists (select 1 from "+superseded(t)+")").Scan(&none); err != nil {
		return false, fmt.Errorf("see which rows of %s count: %w", t.Source, err)
	}
	return none, nil
}
