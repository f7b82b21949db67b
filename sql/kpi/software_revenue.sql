-- Revenue of software and information services, in 元: what each report adds to the one before it
-- in its district and year (variant ''), and the same for 2025 alone (variant 2025). A row of the whole city beside
-- its districts' is their total, and what it has beyond them belongs to no district; less than they have together
-- is a part of its own.
with report as (
    select
        r.region_code, b.jurisdiction_code, r.period_end, r.revenue, r.batch_id, r.row_no,
        row_number() over (partition by r.region_code, r.period_end order by b.seq desc, r.row_no desc) as known_last
    from lake.software_revenue r
    join core.batch b on b.batch_id = r.batch_id
),
summed as (
    select
        region_code, jurisdiction_code, period_end, revenue, batch_id, row_no,
        sum(case when region_code <> jurisdiction_code then revenue else 0 end) over (partition by jurisdiction_code, period_end) as of_districts
    from report
    where known_last = 1
),
shared as (
    select
        region_code, period_end, batch_id, row_no,
        case when region_code = jurisdiction_code and revenue >= of_districts then revenue - of_districts else revenue end as revenue
    from summed
),
added as (
    select
        region_code, period_end, batch_id, row_no,
        revenue - coalesce(lag(revenue) over (
            partition by region_code, extract(year from period_end) order by period_end
        ), 0) as weight
    from shared
),
counted as (
    select '' as variant, region_code, period_end, weight, batch_id, row_no from added
    union all
    select '2025', region_code, period_end, weight, batch_id, row_no from added where extract(year from period_end) = 2025
)
select
    c.variant,
    c.region_code,
    c.region_code                    as entity_id,
    g.name                           as entity_name,
    cast(c.weight as decimal(20, 2)) as weight,
    c.period_end                     as event_date,
    cast(null as date)               as valid_from,
    cast(null as date)               as valid_to,
    c.batch_id,
    c.row_no
from counted c
join core.region g on g.region_code = c.region_code
