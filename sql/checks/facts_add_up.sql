-- Rows: a value of the jurisdiction at the last period end that its facts, counted one by
-- one by the definition of its kind, do not give.
with last_period as (
    select p.period_end, p.before_year, p.before_quarter
    from core.period p
    where p.period_end = (select max(l.period_end) from core.period l)
),
counted as (
    select
        f.kpi_id,
        f.measure,
        sum(f.weight) as value
    from mart.fact f
    join core.commitment c on c.kpi_id = f.kpi_id and c.measure = f.measure
    cross join last_period p
    where (c.kind in ('stock', 'constraint', 'milestone', 'scorecard_item', 'scorecard_rule') and f.valid_from <= p.period_end and p.period_end < f.valid_to)
       or (c.kind in ('cumulative', 'obligation', 'award_rule') and f.event_date <= p.period_end)
       or (c.kind = 'annual_flow' and f.event_date > p.before_year and f.event_date <= p.period_end)
       or (c.kind = 'quarter_sum' and f.event_date > p.before_quarter and f.event_date <= p.period_end)
    group by f.kpi_id, f.measure
)
select v.kpi_id, v.measure, v.as_of, v.value, c.value as counted
from mart.value v
join last_period p on p.period_end = v.as_of
join core.jurisdiction j on j.region_code = v.region_code
left join counted c on c.kpi_id = v.kpi_id and c.measure = v.measure
join core.commitment k on k.kpi_id = v.kpi_id and k.measure = v.measure and k.kind <> 'ratio'
where v.value <> coalesce(c.value, 0)
