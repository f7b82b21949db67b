select
    h.batch_id,
    b.file,
    h.sheet,
    h.rows_above,
    h.last_row
from core.batch_sheet h
join core.batch b on b.batch_id = h.batch_id
order by h.batch_id, h.rows_above
