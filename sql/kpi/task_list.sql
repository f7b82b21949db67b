-- Versions of the 清单, each on the first day a task was reported under it. They belong to the
-- city as a whole.
with first_day as (
    select
        '' as variant, t.list_version as item_id, t.list_version as item_name, b.jurisdiction_code as region_code,
        t.status_on as begun_on, t.batch_id, t.row_no,
        row_number() over (partition by t.list_version order by t.status_on, t.batch_id, t.row_no) as place
    from lake.park_task t
    join core.batch b on b.batch_id = t.batch_id
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
