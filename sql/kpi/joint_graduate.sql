-- Graduate students trained by universities and key parks together, each at the first agreement
-- signed since the commitments count: by the cohort of that agreement's park.
with first_day as (
    select
        k.cohort as variant, s.student_no as item_id, s.university_name as item_name, k.region_code, s.signed_on as begun_on, s.batch_id, s.row_no,
        row_number() over (partition by s.student_no order by s.signed_on, s.batch_id, s.row_no) as place
    from lake.joint_graduate s
    join core.park k on s.park in (k.park_code, k.park_name)
    join core.counted_from o on o.model = 'joint_graduate' and o.starts_on <= s.signed_on
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
