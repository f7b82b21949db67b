select
    a.document,
    a.article,
    coalesce(a.unit, '') as unit,
    cast(a.budget as double) as budget,
    cast(a.paid as double) as paid,
    a.payments,
    b.file,
    h.sheet,
    a.row_no - h.rows_above as row
from mart.award_budget a
join core.batch b on b.batch_id = a.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and a.row_no > h.rows_above and a.row_no <= h.last_row
where a.period_end = $1
order by a.document, try_cast(a.article as integer), a.article
