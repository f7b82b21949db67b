package warehouse

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/source"
)

// Fate is what the corrections of a source made of one row of a batch.
type Fate struct {
	Batch string
	Row   string // row 2, after its sheet's name where the batch has several
	Is    string // FateOut, FateAgain or FateLost
	Step  string // what the other row does, as in core.correction
	Found string // likewise
	File  string // of the other row, "" of FateLost
	At    string // that row
	// Now is, of FateOut, the file of the row that counts under the key instead, "" if none does or At does; of FateLost of
	// any that does.
	Now   string
	NowAt string
}

// What a row is, see Fate.
const (
	FateOut   = "out"   // it does not count, by a step of the other row
	FateAgain = "again" // it counts, and takes the place of the other, which had been withdrawn or replaced
	FateTaken = "taken" // it was to get a key under which the other stands, and does not count
	FateOlder = "older" // the other is of a later day and says otherwise, and it does not count
	FateLost  = "lost"  // it withdraws or replaces what nobody has filed yet
)

// Fates tells of the rows of some batches of a source what its corrections made of them. in has the
// source's table and all its batches.
func Fates(ctx context.Context, in Inputs, of []string) (fates []Fate, err error) {
	t := in.Tables[0]
	if !corrects(t, in.Batches) || len(of) == 0 {
		return nil, nil
	}
	db, err := Open(ctx, "", duck.Limits{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.distinct = map[string]bool{}
	b := &builder{db: db.SQL(), into: db, in: in}
	if err := db.registerMasks(ctx, in.Mask); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{b.layers, b.personal, b.given, b.lake, b.steps} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	asked := make([]string, len(of))
	for i, batch := range of {
		asked[i] = duck.Literal(batch)
	}
	place := func(batch, sheet, row string) string {
		several := "contains(" + batch + ".sheet, " + duck.Literal(source.SheetSeparator) + ")"
		return "concat_ws(' ', case when " + several + " then " + sheet + ".sheet end, 'row', " + row + " - " + sheet + ".rows_above)"
	}
	q := `with step as (
			select *, rowid as nr from core.correction
		),
		out as ( -- by the last step against it
			select s.batch_id, s.row_no, c.step, c.found, c.batch_id as by_batch, c.row_no as by_row,
				n.batch_id as now_batch, n.row_no as now_row
			from ` + settled(t) + ` s
			join step c on c.replaced_batch_id = s.batch_id and c.replaced_row_no = s.row_no
			  and c.found not in ('` + foundTaken + `', '` + foundOlder + `')
			left join ` + settled(t) + ` n
			  on n.key_id = s.key_id and n.stands and (n.batch_id <> c.batch_id or n.row_no <> c.row_no)
			where not s.stands
			qualify row_number() over (partition by s.batch_id, s.row_no order by c.nr desc) = 1
		),
		fate as (
			select *, '` + FateOut + `' as became from out
			union all
			select c.batch_id, c.row_no, c.step, c.found, c.replaced_batch_id, c.replaced_row_no, null, null, '` + FateAgain + `'
			from step c
			join ` + settled(t) + ` s on s.batch_id = c.batch_id and s.row_no = c.row_no and s.stands
			where c.step = '` + stepAgain + `' and c.found in ('` + foundWithdrawn + `', '` + foundMoved + `')
			union all
			select c.batch_id, c.row_no, c.step, c.found, null, null, n.batch_id, n.row_no, '` + FateLost + `'
			from step c
			left join ` + settled(t) + ` s on s.batch_id = c.batch_id and s.row_no = c.row_no and c.step = '` + stepWithdraw + `'
			left join ` + settled(t) + ` n on n.key_id = s.key_id and n.stands
			where c.found = '` + foundNothing + `'
			union all
			select batch_id, row_no, step, found, replaced_batch_id, replaced_row_no, null, null,
				case found when '` + foundTaken + `' then '` + FateTaken + `' else '` + FateOlder + `' end
			from step where found in ('` + foundTaken + `', '` + foundOlder + `')
		)
		select o.batch_id, ` + place("a", "h", "o.row_no") + `, o.became, o.step, o.found,
			coalesce(b.file, ''), ` + place("b", "g", "o.by_row") + `,
			coalesce(c.file, ''), ` + place("c", "k", "o.now_row") + `
		from fate o
		join core.batch a on a.batch_id = o.batch_id
		join core.batch_sheet h on h.batch_id = o.batch_id and o.row_no > h.rows_above and o.row_no <= h.last_row
		left join core.batch b on b.batch_id = o.by_batch
		left join core.batch_sheet g on g.batch_id = o.by_batch and o.by_row > g.rows_above and o.by_row <= g.last_row
		left join core.batch c on c.batch_id = o.now_batch
		left join core.batch_sheet k on k.batch_id = o.now_batch and o.now_row > k.rows_above and o.now_row <= k.last_row
		where o.batch_id in (` + strings.Join(asked, ", ") + `)
		order by o.batch_id, o.row_no, o.became`
	rows, err := db.SQL().QueryContext(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("see what became of rows of %s: %w", t.Source, err)
	}
	defer rows.Close()
	for rows.Next() {
		var f Fate
		if err := rows.Scan(&f.Batch, &f.Row, &f.Is, &f.Step, &f.Found, &f.File, &f.At, &f.Now, &f.NowAt); err != nil {
			return nil, fmt.Errorf("see what became of rows of %s: %w", t.Source, err)
		}
		fates = append(fates, f)
	}
	return fates, rows.Err()
}
