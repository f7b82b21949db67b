-- How what counts differs from what counted when a quarter was closed. Who asks has prepared facts_now and counted_then, the facts that
-- count on a date as they are known now and as they were frozen, by each region that they count in, and frozen_fact, all that were frozen.
with recursive replacing as (
    select batch_id, row_no, replaced_batch_id, replaced_row_no
    from core.correction
    where step = 'replace' and found in ('row', 'moved') and replaced_row_no is not null
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
    select n.kpi_id, n.measure, n.region_code, coalesce(r.entity_before, n.entity_id) as entity_id, n.weight, n.batch_id, n.row_no
    from facts_now n
    left join renamed r on r.kpi_id = n.kpi_id and r.measure = n.measure and r.entity_id = n.entity_id
),
changed as (
    select coalesce(n.kpi_id, t.kpi_id) as kpi_id, coalesce(n.measure, t.measure) as measure,
        coalesce(n.region_code, t.region_code) as region_code, coalesce(n.entity_id, t.entity_id) as entity_id,
        coalesce(n.weight, t.weight) as weight, coalesce(n.n, 0) - coalesce(t.n, 0) as more
    from (
        select kpi_id, measure, region_code, entity_id, weight, count(*) as n
        from counts_now
        group by kpi_id, measure, region_code, entity_id, weight
    ) n
    full join (
        select kpi_id, measure, region_code, entity_id, weight, count(*) as n
        from counted_then
        group by kpi_id, measure, region_code, entity_id, weight
    ) t
      on t.kpi_id = n.kpi_id and t.measure = n.measure and t.region_code = n.region_code
     and t.entity_id is not distinct from n.entity_id and t.weight = n.weight
    where coalesce(n.n, 0) <> coalesce(t.n, 0)
),
head as ( -- of each row that was replaced, the rows that took its place one after another
    select distinct replaced_batch_id as first_batch_id, replaced_row_no as first_row_no, replaced_batch_id as batch_id, replaced_row_no as row_no
    from core.correction
    where replaced_row_no is not null and found not in ('taken', 'older')
    union
    select h.first_batch_id, h.first_row_no, c.batch_id, c.row_no
    from head h
    join core.correction c on c.replaced_batch_id = h.batch_id and c.replaced_row_no = h.row_no
    where c.step <> 'withdraw' and c.found not in ('taken', 'older')
),
taken as ( -- by the last step that became of it: what was corrected and then withdrawn was withdrawn
    select batch_id, row_no, arg_max(step, told) as step
    from (
        select h.first_batch_id as batch_id, h.first_row_no as row_no, case c.step when 'withdraw' then 1 else 2 end as step,
            cast(b.seq as hugeint) * 4294967296 + c.row_no as told
        from head h
        join core.correction c on c.replaced_batch_id = h.batch_id and c.replaced_row_no = h.row_no
        join core.batch b on b.batch_id = c.batch_id
        where c.found not in ('taken', 'older')
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
    group by c.kpi_id, c.measure, c.region_code, c.entity_id, c.weight
),
took as ( -- entities of which a row was taken back, whatever it counted for and when
    select t.entity_id, max(k.step) as step
    from frozen_fact t
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
    group by c.kpi_id, c.measure, c.region_code, c.entity_id, c.weight
),
arrived as ( -- by a row that takes the place of another
    select c.kpi_id, c.measure, c.region_code, c.entity_id, c.weight, 2 as step
    from changed c
    join counts_now n
      on n.kpi_id = c.kpi_id and n.measure = c.measure and n.region_code = c.region_code
     and n.entity_id is not distinct from c.entity_id and n.weight = c.weight
    join core.correction k on k.batch_id = n.batch_id and k.row_no = n.row_no
    where c.more > 0 and k.step <> 'withdraw' and k.replaced_row_no is not null
    group by c.kpi_id, c.measure, c.region_code, c.entity_id, c.weight
),
cause as (
    select kpi_id, measure, region_code, entity_id, max(step) as step
    from (
        select kpi_id, measure, region_code, entity_id, step from went
        union all
        select kpi_id, measure, region_code, entity_id, step from back
        union all
        select kpi_id, measure, region_code, entity_id, step from arrived
    )
    group by kpi_id, measure, region_code, entity_id
),
present as ( -- what counts, on either side
    select kpi_id, measure, region_code, entity_id, bool_or(now) as now, bool_or(not now) as past
    from (
        select kpi_id, measure, region_code, entity_id, true as now from counts_now
        union all
        select kpi_id, measure, region_code, entity_id, false from counted_then
    )
    group by kpi_id, measure, region_code, entity_id
)
select
    c.kpi_id,
    c.measure,
    c.region_code,
    count(*) filter (where not p.past) as came,
    count(*) filter (where not p.now) as went,
    count(*) filter (where p.now and p.past) as changed,
    count(*) filter (where w.step = 1) as withdrawn,
    count(*) filter (where w.step = 2) as replaced
from (select distinct kpi_id, measure, region_code, entity_id from changed) c
join present p
  on p.kpi_id = c.kpi_id and p.measure = c.measure and p.region_code = c.region_code and p.entity_id is not distinct from c.entity_id
left join cause w
  on w.kpi_id = c.kpi_id and w.measure = c.measure and w.region_code = c.region_code and w.entity_id is not distinct from c.entity_id
group by c.kpi_id, c.measure, c.region_code
