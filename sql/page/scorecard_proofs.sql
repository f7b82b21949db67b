select
    s.consortium_no,
    s.year,
    s.kpi_id,
    s.condition_no,
    s.subject,
    coalesce(s.name, '') as name,
    cast(s.quantity as double) as quantity,
    cast(s.amount as double) as amount,
    s.counted,
    b.file,
    h.sheet,
    s.row_no - h.rows_above as row
from core.scorecard_evidence s
join core.batch b on b.batch_id = s.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and s.row_no > h.rows_above and s.row_no <= h.last_row
where s.evaluated_on <= $1
order by s.consortium_no, s.year, s.kpi_id, s.condition_no, s.on_date, s.subject, b.seq, s.row_no
