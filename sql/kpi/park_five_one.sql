-- Trial parks that have each of the five things of “五个一”, each park once however many it has,
-- and those that have all five (complete).
with change as (
    select park_code, valid_from as on_date, 1 as step
    from core.five_one_stretch
    union all
    select park_code, valid_to, -1
    from core.five_one_stretch
),
daily as (
    select park_code, on_date, sum(step) as step
    from change
    group by park_code, on_date
),
level as (
    select
        park_code,
        on_date,
        sum(step) over (partition by park_code order by on_date rows unbounded preceding) as things,
        lead(on_date) over (partition by park_code order by on_date)                      as next_on
    from daily
),
stood as (
    select element as variant, park_code, valid_from, valid_to, batch_id, row_no
    from core.five_one_stretch
    union all
    select 'complete', l.park_code, l.on_date, l.next_on, k.batch_id, k.row_no
    from level l
    join core.park k on k.park_code = l.park_code
    where l.things = 5
)
select
    s.variant,
    k.region_code,
    s.park_code               as entity_id,
    k.park_name               as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    s.valid_from,
    s.valid_to,
    s.batch_id,
    s.row_no
from stood s
join core.park k on k.park_code = s.park_code
where k.cohort = 'trial'
