select
    c.registered_on,
    c.contract_no,
    coalesce(c.seller_name, '') as seller_name,
    case c.kind
        when 'development' then '技术开发'
        when 'transfer' then '技术转让'
        when 'licence' then '技术许可'
        when 'consulting' then '技术咨询'
        else '技术服务'
    end as kind,
    c.field,
    coalesce(u.name, '') as university_name,
    c.region_code,
    c.buyer_code,
    cast(c.amount as double) as amount,
    cast(c.tech_amount as double) as tech_amount,
    b.file,
    h.sheet,
    c.row_no - h.rows_above as row
from core.tech_contract c
left join core.school u on u.school_code = c.school_code
join core.batch b on b.batch_id = c.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and c.row_no > h.rows_above and c.row_no <= h.last_row
where c.registered_on <= $1 and c.registered_on > $2
order by c.registered_on desc, c.contract_no, b.seq, c.row_no
