-- Tasks of the management ledger by the day they were planned to be done: all (due), and those
-- done by then (on_time). A task is named with the unit that has to do it.
with counted as (
    select 'due' as variant, task_no, unit_name || '：' || name as name, region_code, planned_on, 1 as weight, batch_id, row_no
    from lake.cooperation_task
    union all
    select 'on_time', task_no, unit_name || '：' || name, region_code, planned_on, 1, batch_id, row_no
    from lake.cooperation_task
    where done_on <= planned_on
)
select
    variant,
    region_code,
    task_no                        as entity_id,
    name                           as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    planned_on                     as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
