-- What the yearly assessment of the “千校万企” plan looks at, per prefecture and quarter end: its
-- four main figures and how many of the statistics owed came in time. The plan names no weights,
-- so none are applied.
with figure as (
    select v.region_code, v.as_of, v.kpi_id, v.measure, v.value
    from mart.value v
    left join core.jurisdiction j on j.region_code = v.region_code
    where v.kpi_id in ('HLJ-001', 'HLJ-002', 'HLJ-003', 'HLJ-004', 'HLJ-024')
      and j.region_code is null
),
assessed as (
    select
        region_code,
        as_of,
        max(case when kpi_id = 'HLJ-001' and measure = '' then value end)     as achievements,
        max(case when kpi_id = 'HLJ-002' and measure = '' then value end)     as invested,
        max(case when kpi_id = 'HLJ-003' and measure = '' then value end)     as revenue,
        max(case when kpi_id = 'HLJ-004' and measure = '' then value end)     as high_tech,
        max(case when kpi_id = 'HLJ-024' and measure = '' then value end)     as on_time,
        max(case when kpi_id = 'HLJ-024' and measure = 'owed' then value end) as owed
    from figure
    group by region_code, as_of
)
select
    a.region_code,
    r.name as region_name,
    a.as_of,
    a.achievements,
    a.invested,
    a.revenue,
    a.high_tech,
    a.on_time,
    a.owed,
    case when a.owed > 0 then cast(a.on_time * 100 / a.owed as decimal(20, 2)) end as on_time_rate
from assessed a
join core.region r on r.region_code = a.region_code
