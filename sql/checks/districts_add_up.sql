-- Rows: a city value that is not the sum of its districts' values and of the facts that
-- belong to the city as a whole; at the last period end.
with last_period as (
    select max(period_end) as period_end from core.period
),
district as (
    select v.kpi_id, v.measure, sum(v.value) as value
    from mart.value v
    join last_period p on p.period_end = v.as_of
    join core.region r on r.region_code = v.region_code
    join core.jurisdiction j on j.region_code = r.parent_code
    group by v.kpi_id, v.measure
),
city_only as (
    select f.kpi_id, f.measure, sum(f.weight) as value
    from mart.fact f
    join core.jurisdiction j on j.region_code = f.region_code
    join core.commitment c on c.kpi_id = f.kpi_id and c.measure = f.measure
    join core.period p on p.period_end = (select period_end from last_period)
    where (c.kind in ('stock', 'constraint', 'milestone', 'scorecard_item', 'scorecard_rule') and f.valid_from <= p.period_end and p.period_end < f.valid_to)
       or (c.kind in ('cumulative', 'obligation', 'award_rule') and f.event_date <= p.period_end)
       or (c.kind = 'annual_flow' and f.event_date > p.before_year and f.event_date <= p.period_end)
       or (c.kind = 'quarter_sum' and f.event_date > p.before_quarter and f.event_date <= p.period_end)
    group by f.kpi_id, f.measure
)
select v.kpi_id, v.measure, v.as_of, v.value, d.value as districts, o.value as city_only
from mart.value v
join last_period p on p.period_end = v.as_of
join core.jurisdiction j on j.region_code = v.region_code
left join district d on d.kpi_id = v.kpi_id and d.measure = v.measure
left join city_only o on o.kpi_id = v.kpi_id and o.measure = v.measure
join core.commitment k on k.kpi_id = v.kpi_id and k.measure = v.measure and k.kind <> 'ratio'
where v.value <> coalesce(d.value, 0) + coalesce(o.value, 0)
