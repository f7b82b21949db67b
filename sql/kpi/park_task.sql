-- Tasks of the 清单: all of them, those of the city's list, and by colour.
with counted as (
    select 'all' as variant, task_no, task, region_code, valid_from, valid_to, batch_id, row_no from core.park_task
    union all
    select 'city', task_no, task, region_code, valid_from, valid_to, batch_id, row_no from core.park_task where list_level = 'city'
    union all
    select colour, task_no, task, region_code, valid_from, valid_to, batch_id, row_no from core.park_task
)
select
    variant,
    region_code,
    task_no                   as entity_id,
    task                      as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    valid_from,
    valid_to,
    batch_id,
    row_no
from counted
