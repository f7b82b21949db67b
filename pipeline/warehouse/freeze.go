//go:build duckdb_arrow

package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
)

// Freeze writes every fact of the release to one Parquet file, in a fixed order.
func (db *DB) Freeze(ctx context.Context, path string) error {
	_, query, err := LoadPage(db.pages, "frozen_facts")
	if err == nil {
		_, err = db.sql.ExecContext(ctx, "copy (\n"+query+") to "+Literal(path)+" (format parquet, compression zstd)")
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
func (db *DB) FactsChanged(ctx context.Context, frozen string, kinds map[kpi.Key]kpi.Kind, asOf kpi.Date, known time.Time) (map[kpi.Key]Change, error) {
	var lines []string
	for k, kind := range kinds {
		lines = append(lines, fmt.Sprintf("(%s, %s, '%s')", Literal(k.ID), Literal(k.Measure), kind))
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
	each := func(table string) string {
		return "select kpi_id, measure, region_code, entity_id, weight, count(*) as n from " + table + " group by all"
	}
	now := counted("mart.fact")
	var named bool // freezes of older builds do not name a second row
	if err := db.sql.QueryRowContext(ctx, "select count(*) > 0 from parquet_schema("+Literal(frozen)+") where name = 'beside_row_no'").Scan(&named); err != nil {
		return nil, fmt.Errorf("read %s: %w", frozen, err)
	}
	if !named {
		beside = "cast(null as varchar) as beside_batch_id, cast(null as bigint) as beside_row_no"
	}
	rows, err := db.sql.QueryContext(ctx, `with recursive line (kpi_id, measure, kind) as (values `+strings.Join(lines, ", ")+`),
		facts_now as materialized (`+now+`),
		counted_then as materialized (`+counted(parquet(frozen))+`),
		replacing as (
			select batch_id, row_no, replaced_batch_id, replaced_row_no
			from core.correction
			where step = '`+stepReplace+`' and found in ('`+foundRow+`', '`+foundMoved+`') and replaced_row_no is not null
		),
		origin as ( -- of rows that replace others, all those whose place they have
			select batch_id, row_no, replaced_batch_id, replaced_row_no from replacing
			union
			select o.batch_id, o.row_no, r.replaced_batch_id, r.replaced_row_no
			from origin o
			join replacing r on r.batch_id = o.replaced_batch_id and r.row_no = o.replaced_row_no
		),
		renamed as ( -- an entity is known by what was corrected: it is the one that it was
			select n.kpi_id, n.measure, n.entity_id, min(t.entity_id) as entity_before
			from facts_now n
			join origin o on o.batch_id = n.batch_id and o.row_no = n.row_no
			join counted_then t
			  on t.kpi_id = n.kpi_id and t.measure = n.measure and t.batch_id = o.replaced_batch_id and t.row_no = o.replaced_row_no
			where not exists (select 1 from counted_then x where x.kpi_id = n.kpi_id and x.measure = n.measure and x.entity_id = n.entity_id)
			  and not exists (select 1 from facts_now x where x.kpi_id = n.kpi_id and x.measure = n.measure and x.entity_id = t.entity_id)
			group by n.kpi_id, n.measure, n.entity_id
		),
		counts_now as materialized (
			select n.* replace (coalesce(r.entity_before, n.entity_id) as entity_id)
			from facts_now n
			left join renamed r on r.kpi_id = n.kpi_id and r.measure = n.measure and r.entity_id = n.entity_id
		),
		changed as (
			select coalesce(n.kpi_id, t.kpi_id) as kpi_id, coalesce(n.measure, t.measure) as measure,
				coalesce(n.region_code, t.region_code) as region_code, coalesce(n.entity_id, t.entity_id) as entity_id,
				coalesce(n.weight, t.weight) as weight, coalesce(n.n, 0) - coalesce(t.n, 0) as more
			from (`+each("counts_now")+`) n
			full join (`+each("counted_then")+`) t
			  on t.kpi_id = n.kpi_id and t.measure = n.measure and t.region_code = n.region_code
			 and t.entity_id is not distinct from n.entity_id and t.weight = n.weight
			where coalesce(n.n, 0) <> coalesce(t.n, 0)
		),
		head as ( -- of each row that was replaced, the rows that took its place one after another
			select distinct replaced_batch_id as first_batch_id, replaced_row_no as first_row_no, replaced_batch_id as batch_id, replaced_row_no as row_no
			from core.correction
			where replaced_row_no is not null and found not in ('`+foundTaken+`', '`+foundOlder+`')
			union
			select h.first_batch_id, h.first_row_no, c.batch_id, c.row_no
			from head h
			join core.correction c on c.replaced_batch_id = h.batch_id and c.replaced_row_no = h.row_no
			where c.step <> '`+stepWithdraw+`' and c.found not in ('`+foundTaken+`', '`+foundOlder+`')
		),
		taken as ( -- by the last step that became of it: what was corrected and then withdrawn was withdrawn
			select batch_id, row_no, arg_max(step, told) as step
			from (
				select h.first_batch_id as batch_id, h.first_row_no as row_no, case c.step when '`+stepWithdraw+`' then 1 else 2 end as step,
					cast(b.seq as hugeint) * 4294967296 + c.row_no as told
				from head h
				join core.correction c on c.replaced_batch_id = h.batch_id and c.replaced_row_no = h.row_no
				join core.batch b on b.batch_id = c.batch_id
				where c.found not in ('`+foundTaken+`', '`+foundOlder+`')
				union all
				select n.batch_id, n.row_no, 2, 0 -- the row stands, and what it counts for does not: another source was corrected
				from counts_now n
				join counted_then t on t.batch_id = n.batch_id and t.row_no = n.row_no and t.kpi_id = n.kpi_id and t.measure = n.measure
				where t.weight <> n.weight or t.entity_id is distinct from n.entity_id
				union all
				select t.batch_id, t.row_no, 2, 0 -- its file was given up
				from counted_then t
				where not exists (select 1 from core.batch b where b.batch_id = t.batch_id)
			)
			group by batch_id, row_no
		),
		stood as ( -- by each row that a fact needed
			select kpi_id, measure, region_code, entity_id, weight, batch_id, row_no
			from counted_then
			union all
			select kpi_id, measure, region_code, entity_id, weight, beside_batch_id, beside_row_no
			from counted_then
			where beside_row_no is not null
		),
		went as ( -- it needed each of its rows: one that was withdrawn ended it, whatever was corrected besides
			select c.kpi_id, c.measure, c.region_code, c.entity_id, c.weight, min(k.step) as step
			from changed c
			join stood t
			  on t.kpi_id = c.kpi_id and t.measure = c.measure and t.region_code = c.region_code
			 and t.entity_id is not distinct from c.entity_id and t.weight = c.weight
			join taken k on k.batch_id = t.batch_id and k.row_no = t.row_no
			where c.more < 0
			group by all
		),
		took as ( -- entities of which a row was taken back, whatever it counted for and when
			select t.entity_id, max(k.step) as step
			from `+parquet(frozen)+` t
			join taken k on k.batch_id = t.batch_id and k.row_no = t.row_no
			group by t.entity_id
		),
		back as ( -- what had been known, and counts only now
			select c.kpi_id, c.measure, c.region_code, c.entity_id, c.weight, max(k.step) as step
			from changed c
			join counts_now n
			  on n.kpi_id = c.kpi_id and n.measure = c.measure and n.region_code = c.region_code
			 and n.entity_id is not distinct from c.entity_id and n.weight = c.weight
			join core.batch b on b.batch_id = n.batch_id and b.loaded_at <= $1
			join took k on k.entity_id = c.entity_id
			where c.more > 0
			group by all
		),
		arrived as ( -- by a row that takes the place of another
			select c.kpi_id, c.measure, c.region_code, c.entity_id, c.weight, 2 as step
			from changed c
			join counts_now n
			  on n.kpi_id = c.kpi_id and n.measure = c.measure and n.region_code = c.region_code
			 and n.entity_id is not distinct from c.entity_id and n.weight = c.weight
			join core.correction k on k.batch_id = n.batch_id and k.row_no = n.row_no
			where c.more > 0 and k.step <> '`+stepWithdraw+`' and k.replaced_row_no is not null
			group by all
		),
		cause as (
			select kpi_id, measure, region_code, entity_id, max(step) as step
			from (select * from went union all select * from back union all select * from arrived)
			group by all
		),
		present as ( -- what counts, on either side
			select kpi_id, measure, region_code, entity_id, bool_or(now) as now, bool_or(not now) as past
			from (
				select kpi_id, measure, region_code, entity_id, true as now from counts_now
				union all
				select kpi_id, measure, region_code, entity_id, false from counted_then
			)
			group by all
		)
		select c.kpi_id, c.measure, c.region_code, count(*) filter (where not p.past), count(*) filter (where not p.now), count(*) filter (where p.now and p.past),
			count(*) filter (where w.step = 1), count(*) filter (where w.step = 2)
		from (select distinct kpi_id, measure, region_code, entity_id from changed) c
		join present p
		  on p.kpi_id = c.kpi_id and p.measure = c.measure and p.region_code = c.region_code and p.entity_id is not distinct from c.entity_id
		left join cause w
		  on w.kpi_id = c.kpi_id and w.measure = c.measure and w.region_code = c.region_code and w.entity_id is not distinct from c.entity_id
		group by c.kpi_id, c.measure, c.region_code`, known)
	if err != nil {
		return nil, fmt.Errorf("compare facts with %s: %w", frozen, err)
	}
	defer rows.Close()
	all := map[kpi.Key]Change{}
	for rows.Next() {
		var k kpi.Key
		var c Change
		if err := rows.Scan(&k.ID, &k.Measure, &k.Region, &c.Came, &c.Went, &c.Changed, &c.Withdrawn, &c.Replaced); err != nil {
			return nil, fmt.Errorf("compare facts with %s: %w", frozen, err)
		}
		all[k] = c
	}
	return all, rows.Err()
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
