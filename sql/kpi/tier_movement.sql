-- Enterprises whose highest tier at the end of a quarter is not that of the quarter's first day:
-- entered (none before), promoted, lowered, gone (none now). Neither end lies before the
-- commitments count. mart.tier_movement shows the same movements as a matrix. A title beside the tiers is no step of them.
with held as (
    select h.enterprise_id, h.region_code, h.valid_from, h.valid_to, h.batch_id, h.row_no, t.tier_rank as place
    from core.tier_held h
    join core.tier t on t.tier = h.tier
    where t.tier_rank is not null
),
change as (
    select enterprise_id, valid_from as on_date from held
    union
    select enterprise_id, valid_to from held
),
quarter as (
    select distinct
        enterprise_id,
        extract(year from on_date) * 4 + floor((extract(month from on_date) - 1) / 3) as quarter_no
    from change
    where on_date < date '9999-12-31'
),
dated as (
    select
        enterprise_id,
        cast(cast(floor(quarter_no / 4) as integer) || '-' || case cast(quarter_no as integer) % 4
            when 0 then '03-31' when 1 then '06-30' when 2 then '09-30' else '12-31' end as date) as period_end,
        cast(cast(floor((quarter_no - 1) / 4) as integer) || '-' || case cast(quarter_no - 1 as integer) % 4
            when 0 then '03-31' when 1 then '06-30' when 2 then '09-30' else '12-31' end as date) as before_end
    from quarter
),
ends as (
    select enterprise_id, period_end as on_date from dated
    union
    select enterprise_id, before_end from dated
),
highest as (
    select
        e.enterprise_id, e.on_date, h.place, h.region_code, h.batch_id, h.row_no,
        row_number() over (partition by e.enterprise_id, e.on_date order by h.place desc, h.batch_id, h.row_no) as turn
    from ends e
    join held h on h.enterprise_id = e.enterprise_id and h.valid_from <= e.on_date and e.on_date < h.valid_to
),
moved as (
    select
        case
            when b.place is null then 'entered'
            when n.place is null then 'gone'
            when n.place > b.place then 'promoted'
            when n.place < b.place then 'lowered'
        end as variant,
        d.enterprise_id,
        d.period_end,
        coalesce(n.region_code, b.region_code) as region_code,
        coalesce(n.batch_id, b.batch_id)       as batch_id,
        case when n.place is null then b.row_no else n.row_no end as row_no,
        case when n.place is not null then b.batch_id end as beside_batch_id,
        case when n.place is not null then b.row_no end   as beside_row_no
    from dated d
    join core.counted_from o on o.model = 'tier_movement' and o.starts_on <= d.before_end
    left join highest n on n.enterprise_id = d.enterprise_id and n.on_date = d.period_end and n.turn = 1
    left join highest b on b.enterprise_id = d.enterprise_id and b.on_date = d.before_end and b.turn = 1
    where coalesce(n.place, b.place) is not null
      and coalesce(n.place, 0) <> coalesce(b.place, 0)
)
select
    m.variant,
    m.region_code,
    m.enterprise_id           as entity_id,
    e.enterprise_name         as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    m.period_end              as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    m.batch_id,
    m.row_no,
    m.beside_batch_id,
    m.beside_row_no
from moved m
join core.enterprise e on e.enterprise_id = m.enterprise_id
