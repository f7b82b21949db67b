-- New tracks opened in key parks since the commitments count: each track once per cohort, in
-- the park where it was recognised first. The pilots' tracks and the trials' are two lists.
with first_day as (
    select
        k.cohort as variant, t.track_name as item_id, k.park_name as item_name, k.region_code, t.recognised_on as begun_on, t.batch_id, t.row_no,
        row_number() over (partition by k.cohort, t.track_name order by t.recognised_on, t.batch_id, t.row_no) as place
    from lake.new_track t
    join core.park k on t.park in (k.park_code, k.park_name)
    join core.counted_from o on o.model = 'new_track' and o.starts_on <= t.recognised_on
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
