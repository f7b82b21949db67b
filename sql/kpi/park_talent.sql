-- Leading and top talents whom key parks have brought in or grown since the commitments
-- count: each person once per rank, for the park of the first day; who leaves again stays counted.
with first_day as (
    select
        k.cohort || '_' || t.rank as variant, t.person_no as item_id, t.employer_name as item_name, k.region_code,
        t.arrived_on as begun_on, t.batch_id, t.row_no,
        row_number() over (partition by t.rank, t.person_no order by t.arrived_on, t.batch_id, t.row_no) as place
    from lake.park_talent t
    join core.park k on t.park in (k.park_code, k.park_name)
    join core.counted_from o on o.model = 'park_talent' and o.starts_on <= t.arrived_on
    where t.rank in ('leading', 'top')
)
select
    variant,
    region_code,
    item_id                   as entity_id,
    item_name                 as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    begun_on                  as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no
from first_day
where place = 1
