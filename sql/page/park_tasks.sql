select
    t.task_no,
    t.list_level,
    t.task,
    k.park_name,
    t.region_code,
    t.colour,
    coalesce(t.unit, '') as unit,
    t.due_on,
    t.valid_from,
    b.file,
    h.sheet,
    t.row_no - h.rows_above as row
from core.park_task t
join core.park k on k.park_code = t.park_code
join core.batch b on b.batch_id = t.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and t.row_no > h.rows_above and t.row_no <= h.last_row
where t.valid_from <= $1 and t.valid_to > $1
order by case t.colour when 'red' then 1 when 'yellow' then 2 when 'green' then 3 else 4 end, t.task_no
