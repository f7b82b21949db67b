package warehouse

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/personal"
)

// correctionColumns are those of core.correction, in the order of againSteps and returnSteps.
const correctionColumns = "source, step, found, key_text, new_key_text, stood_key_text, batch_id, row_no, " +
	"replaced_batch_id, replaced_row_no, replaced_sheet, replaced_row"

// Steps of core.correction.
const (
	stepWithdraw = contract.Withdraw // the row says that another does not hold
	stepReplace  = contract.Replace  // the row says that it takes the place of another
	stepAgain    = "again"           // a later row has the key of an earlier one and says something else
	stepReturn   = "return"          // the row came back corrected after it was rejected
)

// stays is the condition on a row r that it stands for itself; a withdrawal does not.
const stays = "coalesce(r." + contract.ActionColumn + ", '') <> '" + contract.Withdraw + "'"

// ownKey and namedKey are the key of a row r, and the one that it speaks of: what it says the key was, and
// where it says nothing its own.
func ownKey(t LakeTable) (key []string) {
	for _, k := range t.Key {
		key = append(key, "r."+duck.Ident(k))
	}
	return key
}

func namedKey(t LakeTable) (key []string) {
	for _, k := range t.Key {
		key = append(key, "coalesce(r."+duck.Ident(contract.ReplacesPrefix+k)+", r."+duck.Ident(k)+")")
	}
	return key
}

// corrects reports whether rows of a source's batches may say what they do to earlier ones.
func corrects(t LakeTable, batches []lake.Batch) bool {
	return !t.Snapshot && slices.ContainsFunc(batches, func(b lake.Batch) bool {
		return b.Source == t.Source && b.Loaded > 0 && slices.Contains(b.Columns, contract.ActionColumn)
	})
}

// correcting are the columns in which rows of a batch say so, null where it has none.
func correcting(t LakeTable, b lake.Batch) []string {
	has := slices.Contains(b.Columns, contract.ActionColumn)
	from := func(column string) string {
		if !has || !slices.Contains(b.Columns, column) {
			return "null"
		}
		return "r." + duck.Ident(column)
	}
	cols := []string{"cast(" + from(contract.ActionColumn) + " as varchar) as " + contract.ActionColumn}
	for _, k := range t.Key {
		cols = append(cols, masked(t.column(k), b, from(contract.ReplacesPrefix+k))+" as "+duck.Ident(contract.ReplacesPrefix+k))
	}
	return cols
}

// settled is the table that says of every row whose key some correction speaks of whether it
// stands under that key; of a withdrawal the key is the one that it names. It lives in memory, beside the release's database.
func settled(t LakeTable) string { return "settled." + duck.Ident(t.Source) }

// notSettled leaves rows r whose key no correction speaks of.
func notSettled(t LakeTable) string {
	return " anti join " + settled(t) + " s on s.batch_id = r.batch_id and s.row_no = r.row_no where " + stays
}

// What is computed beside a contract's columns has a blank in its name, which no column of a contract can have.
const (
	keyNumber = `"number of the key"`
	saidOn    = `"day it speaks of"` // see saidOf
)

// settle makes that table of a source whose rows correct others, from all its rows, and returns what
// they correct: rows of core.correction.
func (b *builder) settle(ctx context.Context, t LakeTable, rows string) (found []values, err error) {
	if !corrects(t, b.in.Batches) {
		return nil, nil
	}
	key := idents(t.Key)
	keys := `create temp table correction_key as
		select row_number() over (order by ` + key + `) - 1 as ` + keyNumber + `, * from (
			select ` + strings.Join(ownKey(t), ", ") + ` from ` + rows + ` r
			where ` + contract.ActionColumn + ` = '` + contract.Replace + `'
			union
			select ` + strings.Join(namedKey(t), ", ") + ` from ` + rows + ` r
			where ` + contract.ActionColumn + ` in ('` + contract.Replace + `', '` + contract.Withdraw + `')
		) as k (` + key + `)`
	conn, err := b.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, keys); err != nil {
		return nil, err
	}
	keyTexts := "select " + keyText("correction_key", t) + " from correction_key order by " + keyNumber
	var texts []string
	if err := query(ctx, conn, keyTexts, func(scan func(...any) error) error {
		var text string
		err := scan(&text)
		texts = append(texts, text)
		return err
	}); err != nil {
		return nil, err
	}
	batches := map[string]*lake.Batch{}
	for i := range b.in.Batches {
		batches[b.in.Batches[i].Batch] = &b.in.Batches[i]
	}
	sayings := `select r.batch_id, r.row_no, coalesce(r.` + contract.ActionColumn + `, ''),
			coalesce(o.` + keyNumber + `, -1), coalesce(n.` + keyNumber + `, -1), hash(` + strings.Join(says(t), ", ") + `)
		from ` + rows + ` r
		left join correction_key o on ` + sameAs("o", t.Key, ownKey(t)) + `
		left join correction_key n on ` + sameAs("n", t.Key, namedKey(t)) + `
		where o.` + keyNumber + ` is not null or n.` + keyNumber + ` is not null
		order by r.row_no`
	var list []saying
	if err := query(ctx, conn, sayings, func(scan func(...any) error) error {
		var r saying
		if err := scan(&r.Batch, &r.Row, &r.Action, &r.Own, &r.Named, &r.Says); err != nil {
			return err
		}
		from := batches[r.Batch]
		r.On, r.Marked = from.DataDate, r.Action == contract.Replace || r.Action == contract.Anew || amends(*from)
		r.Dated = ofItsDay(*from)
		list = append(list, r)
		return nil
	}); err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "drop table correction_key"); err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(x, y saying) int { return cmp.Compare(batches[x.Batch].Seq, batches[y.Batch].Seq) })
	stands, steps := settle(list, len(texts))
	var out [][]driver.Value
	for i, r := range list {
		key := r.Own
		if r.Action == contract.Withdraw {
			key = r.Named
		}
		out = append(out, row(r.Batch, r.Row, key, stands[i]))
	}
	create := "create table " + settled(t) + " (batch_id varchar, row_no bigint, key_id integer, stands boolean)"
	if _, err := conn.ExecContext(ctx, create); err != nil {
		return nil, err
	}
	if err := conn.Close(); err != nil { // an extract has one connection
		return nil, err
	}
	if err := b.into.Append(ctx, "settled", "main", t.Source, out); err != nil {
		return nil, err
	}
	for _, st := range steps {
		r := list[st.row]
		v := values{
			"source": t.Source, "step": st.step, "found": st.found, "batch_id": r.Batch, "row_no": r.Row,
			"key_text": texts[st.named], "new_key_text": nil, "stood_key_text": nil,
			"replaced_batch_id": nil, "replaced_row_no": nil, "replaced_sheet": nil, "replaced_row": nil,
		}
		if r.Action == contract.Replace && r.Own != st.named {
			v["new_key_text"] = texts[r.Own]
		}
		if st.at >= 0 && st.at != r.Own {
			v["stood_key_text"] = texts[st.at]
		}
		if st.old >= 0 {
			v["replaced_batch_id"], v["replaced_row_no"] = list[st.old].Batch, list[st.old].Row
		}
		found = append(found, v)
	}
	return found, nil
}

// steps makes core.correction of what was found while lake.<source> was made.
func (b *builder) steps(ctx context.Context) error {
	return b.fill(ctx, map[string][]values{"correction": b.found})
}

// corrections fills core.correction.
func (b *builder) corrections(ctx context.Context) error {
	if err := b.steps(ctx); err != nil {
		return err
	}
	for _, t := range b.in.Tables {
		for _, steps := range []string{b.againSteps(t), b.returnSteps(t)} {
			if steps == "" {
				continue
			}
			if err := b.exec(ctx, "insert into core.correction ("+correctionColumns+")\n"+steps); err != nil {
				return fmt.Errorf("see what rows of %s correct: %w", t.Source, err)
			}
		}
	}
	return nil
}

// againSteps are rows that have the key of an earlier one and say something else, where no row
// says of that key what it does to others.
func (b *builder) againSteps(t LakeTable) string {
	filed := slices.ContainsFunc(b.in.Batches, func(f lake.Batch) bool { return f.Source == t.Source && f.Loaded > 0 })
	if !filed || len(t.Key) == 0 || b.into.distinct[t.Source] {
		return ""
	}
	rows := rowsOf(t, b.in.Batches, "core.")
	per, perRow := keyOnDate(t)
	said := "b.data_date"
	if comesLate(t, b.in.Batches) {
		said = saidOf(t, b.in.Batches)
	}
	from := `select ` + strings.Join(ownKey(t), ", ") + `, b.data_date, ` + said + ` as ` + saidOn + `,
			b.seq as "batch's number", r.batch_id, r.row_no, hash(` + strings.Join(says(t), ", ") + `) as "what it says"
		from ` + rows + ` r
		join core.batch b on b.batch_id = r.batch_id
		semi join often on ` + sameAs("often", per, perRow)
	if corrects(t, b.in.Batches) {
		from += notSettled(t)
	}
	turn := " over (partition by " + idents(per) + ` order by "batch's number", row_no`
	stood := func(column string) string { // of the row that stood before
		return `last_value(case when "it stands" then ` + column + " end ignore nulls)" +
			turn + " rows between unbounded preceding and 1 preceding)"
	}
	return "with often as (" + often(t, rows, "core.") + `),
		said as (` + from + `),
		turn as (select said.*, ` + saidOn + ` = max(` + saidOn + `)` + turn + `) as "it stands" from said),
		known as (
			select *,
				` + stood("batch_id") + ` as "batch before",
				` + stood("row_no") + ` as "row before",
				` + stood(`"what it says"`) + ` as "said before"
			from turn
		)
		select ` + duck.Literal(t.Source) + `, '` + stepAgain + `',
			case when "it stands" then '` + foundRow + `' else '` + foundOlder + `' end,
			` + keyText("known", t) + `, null, null, batch_id, row_no, "batch before", "row before", null, null
		from known
		where "what it says" <> "said before"
		order by batch_id, row_no`
}

// sameAs is the condition that a table's key is what the expressions give, empty ones included.
func sameAs(table string, key, values []string) string {
	var same []string
	for i, k := range key {
		same = append(same, table+"."+duck.Ident(k)+" is not distinct from "+values[i])
	}
	return strings.Join(same, " and ")
}

// query hands every row of a query to each.
func query(ctx context.Context, conn *sql.Conn, q string, each func(scan func(...any) error) error) error {
	rows, err := conn.QueryContext(ctx, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// keyText is the key of a row of a table as people read it, categories in their bureaus' words.
func keyText(table string, t LakeTable) string {
	var words []string
	for _, k := range t.Key {
		value := "cast(" + table + "." + duck.Ident(k) + " as varchar)"
		if names := t.column(k).Words; len(names) > 0 {
			text := "case " + value
			for _, n := range names {
				text += " when " + duck.Literal(n[0]) + " then " + duck.Literal(n[1])
			}
			value = text + " else " + value + " end"
		}
		words = append(words, value)
	}
	return "concat_ws(' · ', " + strings.Join(words, ", ") + ")"
}

// says are the columns that make two rows of a table r say the same. A masked name is the same for many
// persons: its word, which is kept beside it (lakeRows), is not.
func says(t LakeTable) (columns []string) {
	for _, c := range t.Columns {
		switch {
		case c.Name == contract.BatchColumn, c.Name == contract.SheetColumn, c.Name == contract.RowColumn, c.Name == contract.RegionColumn:
		case c.Personal == personal.Name:
			columns = append(columns, "r."+wordOf(c))
		default:
			columns = append(columns, "r."+duck.Ident(c.Name))
		}
	}
	return columns
}

// wordOf is the column beside that of a person's name which holds the name's word under the key. No view of
// the lake has it.
func wordOf(c LakeColumn) string { return duck.Ident("word of " + c.Name) }

// returnedRow is the number of the rejected row that a row f of a corrected workbook names.
const returnedRow = "try_cast(replace(f." + contract.ReturnedRowColumn + ", ',', '') as bigint)"

// returnSteps are the rows of corrected workbooks, each with the rejected row it brings back.
func (b *builder) returnSteps(t LakeTable) string {
	var parts []string
	for _, batch := range b.in.Batches {
		corrected := batch.Answers != nil && slices.Contains(batch.Columns, contract.ReturnedRowColumn)
		if batch.Source != t.Source || batch.Loaded == 0 || !corrected {
			continue
		}
		one := []lake.Batch{batch}
		parts = append(parts, `
		select `+duck.Literal(t.Source)+`, '`+stepReturn+`', '`+foundRow+`', `+keyText("r", t)+`, null, null, r.batch_id, r.row_no,
			`+duck.Literal(batch.Answers.Batch)+`, null, `+maskText+`(coalesce(f.`+contract.ReturnedSheetColumn+`, '')), `+returnedRow+`
		from (`+lakeRows(t, one, "core.")+`) r
		join `+batchRows(one)+` f on f.row_no = r.row_no
		where `+returnedRow+` is not null`)
	}
	if parts == nil {
		return ""
	}
	return strings.Join(parts, "\nunion all\n") + "\norder by 7, 8"
}

// correctionsOf selects mart.correction as kpi.Correction has it.
const correctionsOf = `select source, source_name, step, words, key_text, known_on, file, sheet, file_row,
	coalesce(replaced_file, ''), coalesce(replaced_sheet, ''), coalesce(replaced_row, 0), coalesce(new_key_text, ''),
	found, remark from mart.correction`

func correctionFields(c *kpi.Correction) []any {
	return []any{&c.Source, &c.Name, &c.Step, &c.Words, &c.Key, scanDate{&c.On}, &c.File, &c.Sheet, &c.Row,
		&c.OldFile, &c.Old, &c.OldRow, &c.NewKey, &c.Found, &c.Remark}
}

// Corrections lists what rows of the sources withdrew, replaced or brought back, in the order in
// which it became known; limit 0 is all.
func (db *DB) Corrections(ctx context.Context, sources []string, limit int) (steps []kpi.Correction, total int, err error) {
	if len(sources) == 0 {
		return nil, 0, nil
	}
	var of []string
	for _, s := range sources {
		of = append(of, duck.Literal(s))
	}
	q := strings.Replace(correctionsOf, " from mart", ", count(*) over () from mart", 1) +
		" where source in (" + strings.Join(of, ", ") + ")" +
		" order by known_on, batch_id, row_no, step, replaced_batch_id, replaced_row_no"
	if limit > 0 {
		q += fmt.Sprintf(" limit %d", limit)
	}
	rows, err := db.SQL().QueryContext(ctx, q)
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
