-- What the yearly assessment of the “千校万企” plan looks at, per prefecture and quarter end: its
-- four main figures and how many of the statistics owed came in time. The plan names no weights,
-- so none are applied.
with figure as (
    select v.region_code, v.as_of, c.model, c.variant, v.value
    from mart.value v
    join core.commitment c
      on c.kpi_id = v.kpi_id
     and c.measure = v.measure
     and c.model in (
         'industrialisation_project', 'industrialisation_investment', 'industrialisation_output', 'high_tech_enterprise', 'statistics_report'
     )
    left join core.jurisdiction j on j.region_code = v.region_code
    where j.region_code is null
),
assessed as (
    select
        region_code,
        as_of,
        max(case when model = 'industrialisation_project' and variant = 'achievement' then value end)  as achievements,
        max(case when model = 'industrialisation_investment' and variant = 'invested' then value end) as invested,
        max(case when model = 'industrialisation_output' and variant = 'revenue' then value end)      as revenue,
        max(case when model = 'high_tech_enterprise' and variant = 'cooperating' then value end)      as high_tech,
        max(case when model = 'statistics_report' and variant = 'on_time' then value end)             as on_time,
        max(case when model = 'statistics_report' and variant = 'owed' then value end)                as owed
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
    -- What is divided is a multiple of what it is divided by: see mart.value.
    case
        when a.owed > 0
            then cast(round((a.on_time * 20000 + a.owed - mod(a.on_time * 20000 + a.owed, a.owed * 2)) / (a.owed * 2)) * 0.01 as decimal(20, 2))
    end as on_time_rate
from assessed a
join core.region r on r.region_code = a.region_code
