-- Tasks of the 清单 from each status to the next.
with status as (
    select
        t.task_no, t.list_level, t.task, t.park, t.unit, t.due_on, t.colour, t.status_on, t.batch_id, t.row_no,
        lead(t.status_on) over (partition by t.task_no order by t.status_on) as next_on
    from lake.park_task t
)
select
    s.task_no,
    s.list_level,
    s.task,
    k.park_code,
    k.region_code,
    s.unit,
    s.due_on,
    s.colour,
    s.status_on                             as valid_from,
    coalesce(s.next_on, date '9999-12-31') as valid_to,
    s.batch_id,
    s.row_no
from status s
join core.park k on s.park in (k.park_code, k.park_name)
