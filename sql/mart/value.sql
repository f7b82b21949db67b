-- One row per commitment, measure, region and period end; core.commitment holds those
-- whose sources have data.
-- Every kind is read off one running sum per line: a stock rises where an interval opens
-- and falls where it closes; a cumulative count only rises; a flow is the difference
-- between two days of a cumulative one. The sums are taken only on the days that matter
-- (ticks), so the cost follows the facts, not the periods. A ratio is two lines, of and to; its
-- share is never rounded onto a whole number, which a bound may be: 79.998 is 79.99.
-- What belongs to the jurisdiction as a whole has no value in a district, which is not 0.
-- A constraint bounds something: before its first fact there is nothing to hold, and no value;
-- nor, where it is a number that is bounded, while no fact stands that it could be read off.
-- A flow of a year or a quarter of which nothing was filed has no value either: of the sources
-- whose rows it counts none that is due in periods reaches into it. Nor has it where it ended
-- before the first fact and before the sources were first filed.
-- Where each district files a report, one that filed none has no value; one that filed 0 has 0.
with tick as (
    select period_end as on_date from core.period
    union
    select before_year from core.period
    union
    select before_quarter from core.period
),
span as (
    select on_date, lag(on_date) over (order by on_date) as after_date
    from tick
),
step as (
    select kpi_id, measure, region_code, coalesce(event_date, valid_from) as on_date, weight, 1 as facts
    from mart.fact
    union all
    select kpi_id, measure, region_code, valid_to, -weight, -1
    from mart.fact
    where valid_to is not null
),
daily as (
    select kpi_id, measure, region_code, on_date, sum(weight) as change, sum(facts) as facts
    from step
    group by kpi_id, measure, region_code, on_date
),
between_ticks as (
    select d.kpi_id, d.measure, p.ancestor_code as region_code, s.on_date, sum(d.change) as change, sum(d.facts) as facts
    from daily d
    join span s on d.on_date <= s.on_date and (s.after_date is null or s.after_date < d.on_date)
    join core.region_path p on p.region_code = d.region_code
    group by d.kpi_id, d.measure, p.ancestor_code, s.on_date
),
line as (
    select c.kpi_id, c.measure, c.kind, c.bounded, c.by_region, c.known_from, c.jurisdiction_code, r.region_code
    from core.commitment c
    join core.reporting_region r on r.jurisdiction_code = c.jurisdiction_code
    where not c.whole or r.region_code = c.jurisdiction_code
),
level as (
    select
        l.kpi_id, l.measure, l.kind, l.bounded, l.by_region, l.known_from, l.jurisdiction_code, l.region_code, t.on_date,
        sum(coalesce(b.change, 0)) over (
            partition by l.kpi_id, l.measure, l.region_code order by t.on_date rows unbounded preceding
        ) as value,
        sum(coalesce(b.facts, 0)) over (
            partition by l.kpi_id, l.measure, l.region_code order by t.on_date rows unbounded preceding
        ) as facts
    from line l
    cross join tick t
    left join between_ticks b
      on b.kpi_id = l.kpi_id
     and b.measure = l.measure
     and b.region_code = l.region_code
     and b.on_date = t.on_date
),
begun as (
    select kpi_id, measure, min(on_date) as on_date
    from daily
    group by kpi_id, measure
),
reached as (
    select u.kpi_id, u.measure, max(coalesce(o.data_date, g.data_date)) as on_date
    from (
        select distinct f.kpi_id, f.measure, b.source
        from mart.fact f
        join core.batch b on b.batch_id = f.batch_id
    ) u
    join core.source s on s.source = u.source
    join core.commitment c on c.kpi_id = u.kpi_id and c.measure = u.measure
    left join core.filing o on o.source = u.source and o.filed_for = c.document
    left join core.filing g on g.source = u.source and g.filed_for = c.jurisdiction_code
    group by u.kpi_id, u.measure
    having min(s.every) <> ''
),
counted as (
    select
        n.kpi_id,
        n.measure,
        n.kind,
        n.region_code,
        p.period_end as as_of,
        n.value - coalesce(s.value, 0) as value
    from core.period p
    join level n on n.on_date = p.period_end
    left join begun b on b.kpi_id = n.kpi_id and b.measure = n.measure
    left join level s
      on s.kpi_id = n.kpi_id
     and s.measure = n.measure
     and s.region_code = n.region_code
     and s.on_date = case n.kind when 'annual_flow' then p.before_year when 'quarter_sum' then p.before_quarter end
    left join level h
      on h.kpi_id = n.kpi_id
     and h.measure = n.measure
     and h.region_code = n.jurisdiction_code
     and h.on_date = p.period_end
    left join reached e on e.kpi_id = n.kpi_id and e.measure = n.measure
    where (n.kind <> 'constraint' or b.on_date <= p.period_end and (not n.bounded or h.facts > 0))
      and (not n.by_region or n.region_code = n.jurisdiction_code or n.facts > coalesce(s.facts, 0))
      and (n.kind <> 'annual_flow' or e.on_date is null or e.on_date > p.before_year)
      and (n.kind <> 'quarter_sum' or e.on_date is null or e.on_date > p.before_quarter)
      and (n.kind not in ('annual_flow', 'quarter_sum') or n.known_from is null or n.known_from <= p.period_end or b.on_date <= p.period_end)
),
ratio as (
    select
        o.kpi_id, o.region_code, o.as_of,
        abs(cast(o.value as decimal(20, 2)))                      as part,
        abs(cast(t.value as decimal(20, 2)))                      as whole,
        case when (o.value < 0) = (t.value < 0) then 1 else -1 end as direction
    from counted o
    join counted t
      on t.kpi_id = o.kpi_id
     and t.region_code = o.region_code
     and t.as_of = o.as_of
     and t.measure = 'to'
    join core.commitment c on c.kpi_id = o.kpi_id and c.measure = '' and c.kind = 'ratio'
    where o.measure = 'of'
      and t.value <> 0
),
-- The percentage in whole hundredths. What is divided is a multiple of what it is divided by, so that every engine finds the same.
share as (
    select
        kpi_id, region_code, as_of, part, whole, direction,
        cast(
            round((part * 20000 + whole - mod(part * 20000 + whole, whole * 2)) / (whole * 2)) * 0.01 as decimal(20, 2)
        ) as percent
    from ratio
)
select kpi_id, measure, region_code, as_of, cast(value as decimal(20, 2)) as value
from counted
where kind <> 'ratio'
union all
select
    kpi_id, '' as measure, region_code, as_of,
    cast(direction * case
        when mod(percent, 1) = 0 and part * 100 < percent * whole then percent - 0.01
        when mod(percent, 1) = 0 and part * 100 > percent * whole then percent + 0.01
        else percent
    end as decimal(20, 2)) as value
from share
