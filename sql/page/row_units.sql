select
    b.file,
    h.sheet,
    u.row_no - h.rows_above as row,
    u.unit
from core.row_unit u
join core.batch b on b.batch_id = u.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and u.row_no > h.rows_above and u.row_no <= h.last_row
order by b.seq, u.row_no
