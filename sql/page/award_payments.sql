select
    a.paid_on,
    a.payment_no,
    coalesce(a.payee_name, '') as payee_name,
    coalesce(a.rule_id, '') as rule_id,
    g.reporting_code,
    a.jurisdiction_code,
    case when r.status = 'draft' then '征求意见稿' else coalesce(r.article, a.article, '') end as article,
    cast(a.amount as double) as amount,
    b.file,
    h.sheet,
    a.row_no - h.rows_above as row
from core.award_payment a
join core.region g on g.region_code = a.region_code
left join core.award_rule r on r.rule_id = a.rule_id
join core.batch b on b.batch_id = a.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and a.row_no > h.rows_above and a.row_no <= h.last_row
where a.paid_on <= $1
order by a.paid_on desc, a.payment_no, b.seq, a.row_no
