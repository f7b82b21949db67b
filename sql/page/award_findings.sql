select
    f.payment_no,
    f.finding,
    f.words,
    cast(f.amount as double) as amount,
    f.enforced,
    coalesce(f.rule_id, '') as rule_id,
    f.payee_name,
    g.reporting_code,
    f.paid_on,
    b.file,
    h.sheet,
    f.row_no - h.rows_above as row
from mart.award_finding f
join core.region g on g.region_code = f.region_code
join core.batch b on b.batch_id = f.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and f.row_no > h.rows_above and f.row_no <= h.last_row
where f.paid_on <= $1
order by f.paid_on, f.payment_no, f.finding
