select
    s.consortium_no,
    s.year,
    s.condition_name,
    s.subject,
    s.name,
    cast(s.quantity as double) as quantity,
    cast(s.amount as double) as amount,
    s.counted,
    b.file,
    h.sheet,
    s.row_no - h.rows_above as row
from core.scorecard_evidence s
join core.region_path p on p.region_code = s.region_code and p.ancestor_code = $2
join core.batch b on b.batch_id = s.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and s.row_no > h.rows_above and s.row_no <= h.last_row
where
    s.kpi_id = $1
    and s.year = (select max(l.year) from core.scorecard_evidence l where l.kpi_id = $1 and l.evaluated_on <= $3)
order by s.consortium_no, s.condition_no, s.on_date, s.subject, s.batch_id, s.row_no
limit $4
