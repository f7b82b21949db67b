-- One row per commitment, measure, region and period end; core.commitment holds those
-- whose sources have data.
-- Every kind is read off one running sum per line: a stock rises where an interval opens
-- and falls where it closes; a cumulative count only rises; a flow is the difference
-- between two days of a cumulative one. So the cost follows the facts, not the periods.
with step as (
    select kpi_id, measure, region_code, coalesce(event_date, valid_from) as on_date, weight
    from mart.fact
    union all
    select kpi_id, measure, region_code, valid_to, -weight
    from mart.fact
    where valid_to is not null
),
daily as (
    select s.kpi_id, s.measure, p.ancestor_code as region_code, s.on_date, sum(s.weight) as change
    from step s
    join core.region_path p on p.region_code = s.region_code
    group by s.kpi_id, s.measure, p.ancestor_code, s.on_date
),
level as (
    select
        kpi_id, measure, region_code, on_date,
        lead(on_date) over w as until,
        sum(change) over (
            partition by kpi_id, measure, region_code order by on_date rows unbounded preceding
        ) as value
    from daily
    window w as (partition by kpi_id, measure, region_code order by on_date)
),
line as (
    select
        c.kpi_id,
        c.measure,
        r.region_code,
        p.period_end,
        case c.kind
            when 'annual_flow' then p.before_year
            when 'quarter_sum' then p.before_quarter
        end as since
    from core.commitment c
    join core.reporting_region r on r.jurisdiction_code = c.jurisdiction_code
    cross join core.period p
)
select
    l.kpi_id,
    l.measure,
    l.region_code,
    l.period_end                                                             as as_of,
    cast(coalesce(n.value, 0) - coalesce(s.value, 0) as decimal(20, 2)) as value
from line l
left join level n
  on n.kpi_id = l.kpi_id
 and n.measure = l.measure
 and n.region_code = l.region_code
 and n.on_date <= l.period_end
 and (n.until is null or l.period_end < n.until)
left join level s
  on s.kpi_id = l.kpi_id
 and s.measure = l.measure
 and s.region_code = l.region_code
 and s.on_date <= l.since
 and (s.until is null or l.since < s.until)
