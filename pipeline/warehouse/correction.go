//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
)

// correctionColumns are those of core.correction: one row per step by which a row of a file
// withdrew or replaced an earlier one, or brought back one that had been rejected. Of what a
// replaced row of the lake was, replaced_row_no is the row as models number it; a rejected row,
// which models never saw, stands at replaced_sheet and replaced_row as a person counts them.
// Neither: the step names a row that nobody had filed.
const correctionColumns = "source varchar, step varchar, key_text varchar, batch_id varchar, row_no bigint, " +
	"replaced_batch_id varchar, replaced_row_no bigint, replaced_sheet varchar, replaced_row bigint"

// Steps of core.correction.
const (
	stepWithdraw = source.Withdraw // the row says that another does not hold
	stepReplace  = source.Replace  // the row says that it takes the place of another
	stepAgain    = "again"         // a later row has the key of an earlier one and says something else
	stepReturn   = "return"        // the row came back corrected after it was rejected
)

// stays is the condition on a row r that it stands for itself; a withdrawal does not.
const stays = "coalesce(r." + source.ActionColumn + ", '') <> '" + source.Withdraw + "'"

// takes is the condition on a row r that it takes away what stood under another key, or under its own.
func takes(t LakeTable) string {
	return "r." + source.ActionColumn + " = '" + source.Withdraw + "' or " + moves(t)
}

// moves is the condition on a row r that it takes the place of what stood under another key.
func moves(t LakeTable) string {
	var other []string
	for _, k := range t.Key {
		other = append(other, "coalesce(r."+Ident(source.ReplacesPrefix+k)+" <> r."+Ident(k)+", r."+Ident(k)+" is null and r."+Ident(source.ReplacesPrefix+k)+" is not null)")
	}
	return "coalesce(r." + source.ActionColumn + ", '') = '" + source.Replace + "' and (" + strings.Join(other, " or ") + ")"
}

// arrived is the condition on a row r that it moved to a key under which something had been
// filed before its batch. Whatever else its batch says of that key is said of what stood there:
// keys that had slipped into one another are put right in one file, in whatever order.
func arrived(key []string) string {
	return "r.moved and min(r.seq) over (partition by " + strings.Join(key, ", ") + ") < r.seq"
}

// takenKey is the key that a row r takes away: what the row says it was, and where it says nothing its own.
func takenKey(t LakeTable) []string {
	var key []string
	for _, k := range t.Key {
		key = append(key, "coalesce(r."+Ident(source.ReplacesPrefix+k)+", r."+Ident(k)+") as "+Ident(k))
	}
	return key
}

// corrects reports whether rows of a source's batches may say what they do to earlier ones.
func corrects(t LakeTable, batches []lake.Batch) bool {
	return !t.Snapshot && slices.ContainsFunc(batches, func(b lake.Batch) bool {
		return b.Source == t.Source && b.Loaded > 0 && slices.Contains(b.Columns, source.ActionColumn)
	})
}

// correcting are the columns in which rows of a batch say so, null where it has none.
func correcting(t LakeTable, b lake.Batch) []string {
	has := slices.Contains(b.Columns, source.ActionColumn)
	from := func(column string) string {
		if !has || !slices.Contains(b.Columns, column) {
			return "null"
		}
		return "r." + Ident(column)
	}
	cols := []string{"cast(" + from(source.ActionColumn) + " as varchar) as " + source.ActionColumn}
	for _, k := range t.Key {
		cols = append(cols, masked(t.column(k), b, from(source.ReplacesPrefix+k))+" as "+Ident(source.ReplacesPrefix+k))
	}
	return cols
}

// corrections fills core.correction.
func (b *builder) corrections(ctx context.Context) error {
	if err := b.exec(ctx, "create table core.correction ("+correctionColumns+")"); err != nil {
		return fmt.Errorf("prepare core.correction: %w", err)
	}
	for _, t := range b.in.Tables {
		for _, steps := range []string{b.keySteps(t), b.returnSteps(t)} {
			if steps == "" {
				continue
			}
			if err := b.exec(ctx, "insert into core.correction\n"+steps); err != nil {
				return fmt.Errorf("see what rows of %s correct: %w", t.Source, err)
			}
		}
	}
	return b.exec(ctx, "drop schema lake.filed cascade")
}

// keySteps puts all that was said of each key in the order in which it became known. Only keys
// of which more than one thing was said are looked at closely.
func (b *builder) keySteps(t LakeTable) string {
	filed := slices.ContainsFunc(b.in.Batches, func(f lake.Batch) bool { return f.Source == t.Source && f.Loaded > 0 })
	if !filed || len(t.Key) == 0 || b.into.distinct[t.Source] {
		return ""
	}
	var says []string
	for _, c := range t.Columns {
		switch c.Name {
		case source.BatchColumn, source.SheetColumn, source.RowColumn, source.RegionColumn:
		default:
			says = append(says, "r."+Ident(c.Name))
		}
	}
	var key, words []string
	for _, k := range t.Key {
		key = append(key, Ident(k))
		words = append(words, "cast("+Ident(k)+" as varchar)")
	}
	rows := "(" + lakeRows(t, b.in.Batches, "core.") + ")"
	if filedRows(t, b.in.Batches) <= fewRows {
		rows = asFiled(t)
	}
	from := " from " + rows + " r join core.batch b on b.batch_id = r.batch_id "
	said := "select " + strings.Join(qualified("r", key), ", ") + ", b.data_date, b.seq, r.batch_id, r.row_no, false as gone, hash(" + strings.Join(says, ", ") + ") as says, "
	if corrects(t, b.in.Batches) {
		said += "r." + source.ActionColumn + " as step, " + moves(t) + " as moved" + from + "where " + stays +
			"\nunion all by name\nselect " + strings.Join(takenKey(t), ", ") + ", b.data_date, b.seq, r.batch_id, r.row_no, true as gone, null as says, r." + source.ActionColumn + " as step, false as moved" + from + "where " + takes(t)
		said = "select r.*, " + arrived(qualified("r", key)) + " as arrived from (" + said + ") r"
	} else {
		said += "cast(null as varchar) as step, false as arrived" + from
	}
	per := slices.Clone(key)
	if t.Snapshot {
		per = append(per, "data_date")
	}
	order := " over (partition by " + strings.Join(per, ", ") + " order by seq, arrived, row_no)"
	return "with said as (" + said + `),
		often as (select ` + strings.Join(per, ", ") + ` from said group by all having count(*) > 1 or count(step) > 0),
		known as (
			select said.*, lag(batch_id)` + order + ` as before_batch, lag(row_no)` + order + ` as before_row,
				lag(gone)` + order + ` as before_gone, lag(says)` + order + ` as before_says
			from said semi join often on ` + sameKey(per) + `
		)
		select ` + Literal(t.Source) + `, coalesce(step, '` + stepAgain + `'), concat_ws(' · ', ` + strings.Join(words, ", ") + `), batch_id, row_no,
			case when not before_gone then before_batch end, case when not before_gone then before_row end, null, null
		from known
		where gone or step = '` + stepReplace + `' and not exists (
				select 1 from said o where o.batch_id = known.batch_id and o.row_no = known.row_no and o.gone)
			or step is null and not before_gone and says <> before_says
		order by batch_id, row_no`
}

func sameKey(columns []string) string {
	var same []string
	for _, c := range columns {
		same = append(same, "said."+c+" is not distinct from often."+c)
	}
	return strings.Join(same, " and ")
}

// returnedRow is the number of the rejected row that a row f of a corrected workbook names.
const returnedRow = "try_cast(replace(f." + source.ReturnedRowColumn + ", ',', '') as bigint)"

// returnSteps are the rows of corrected workbooks, each with the rejected row it brings back.
func (b *builder) returnSteps(t LakeTable) string {
	var key []string
	for _, k := range t.Key {
		key = append(key, "cast(r."+Ident(k)+" as varchar)")
	}
	var parts []string
	for _, batch := range b.in.Batches {
		if batch.Source != t.Source || batch.Answers == nil || batch.Loaded == 0 || !slices.Contains(batch.Columns, source.ReturnedRowColumn) {
			continue
		}
		parts = append(parts, "select "+Literal(t.Source)+", '"+stepReturn+"', concat_ws(' · ', "+strings.Join(key, ", ")+"), r.batch_id, r.row_no, "+
			Literal(batch.Answers.Batch)+", null, "+maskText+"(coalesce(f."+source.ReturnedSheetColumn+", '')), "+returnedRow+
			" from ("+lakeRows(t, []lake.Batch{batch}, "core.")+") r join "+batchRows([]lake.Batch{batch})+" f on f.row_no = r.row_no where "+returnedRow+" is not null")
	}
	if parts == nil {
		return ""
	}
	return strings.Join(parts, "\nunion all\n") + "\norder by 4, 5"
}

// correctionsOf selects mart.correction as kpi.Correction has it.
const correctionsOf = `select source, source_name, step, words, key_text, known_on, file, sheet, file_row,
	coalesce(replaced_file, ''), coalesce(replaced_sheet, ''), coalesce(replaced_row, 0) from mart.correction`

func correctionFields(c *kpi.Correction) []any {
	return []any{&c.Source, &c.Name, &c.Step, &c.Words, &c.Key, scanDate{&c.On}, &c.File, &c.Sheet, &c.Row, &c.OldFile, &c.Old, &c.OldRow}
}

// Corrections lists what rows of the sources withdrew, replaced or brought back, in the order in
// which it became known; limit 0 is all.
func (db *DB) Corrections(ctx context.Context, sources []string, limit int) (steps []kpi.Correction, total int, err error) {
	if len(sources) == 0 {
		return nil, 0, nil
	}
	var of []string
	for _, s := range sources {
		of = append(of, Literal(s))
	}
	q := strings.Replace(correctionsOf, " from mart", ", count(*) over () from mart", 1) + " where source in (" + strings.Join(of, ", ") + ") order by known_on, batch_id, row_no, step"
	if limit > 0 {
		q += fmt.Sprintf(" limit %d", limit)
	}
	rows, err := db.sql.QueryContext(ctx, q)
	if err != nil {
		return nil, 0, fmt.Errorf("read corrections: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c kpi.Correction
		if err := rows.Scan(append(correctionFields(&c), &total)...); err != nil {
			return nil, 0, fmt.Errorf("read corrections: %w", err)
		}
		steps = append(steps, c)
	}
	return steps, total, rows.Err()
}
