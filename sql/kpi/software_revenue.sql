-- Revenue of software and information services, in 元: what each report adds to the one before it
-- in its district and year (variant ''), and the same for a year alone that a commitment
-- counts (the variant is the year). A row of the whole city is the
-- total of what its districts reported last that year, and what it has beyond them belongs to no district; less than
-- they have together is a part of its own.
with report as (
    select
        r.region_code, b.jurisdiction_code, r.period_end, r.revenue, r.batch_id, r.row_no,
        row_number() over (partition by r.region_code, r.period_end order by b.seq desc, r.row_no desc) as known_last
    from lake.software_revenue r
    join core.batch b on b.batch_id = r.batch_id
),
known as (
    select region_code, jurisdiction_code, period_end, revenue, batch_id, row_no
    from report
    where known_last = 1
),
district as ( -- what each district had reported when the city did, its last report first
    select
        c.region_code as city_code, c.period_end, d.revenue,
        row_number() over (partition by c.region_code, c.period_end, d.region_code order by d.period_end desc) as place
    from known c
    join known d
      on d.jurisdiction_code = c.region_code
     and d.region_code <> c.region_code
     and d.period_end <= c.period_end
     and extract(year from d.period_end) = extract(year from c.period_end)
),
districts as (
    select city_code, period_end, sum(revenue) as revenue
    from district
    where place = 1
    group by city_code, period_end
),
shared as (
    select
        k.region_code, k.period_end, k.batch_id, k.row_no,
        case when k.revenue >= d.revenue then k.revenue - d.revenue else k.revenue end as revenue
    from known k
    left join districts d on d.city_code = k.region_code and d.period_end = k.period_end
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
    select cast(extract(year from period_end) as varchar), region_code, period_end, weight, batch_id, row_no
    from added
    where cast(extract(year from period_end) as varchar) in (select m.variant from core.commitment m where m.model = 'software_revenue')
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
