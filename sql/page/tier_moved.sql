select
    m.as_of,
    m.enterprise_id,
    m.enterprise_name,
    m.region_code,
    coalesce(m.from_tier, '') as from_tier,
    coalesce(m.to_tier, '') as to_tier,
    b.file,
    h.sheet,
    m.row_no - h.rows_above as row
from mart.tier_movement m
join core.batch b on b.batch_id = m.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and m.row_no > h.rows_above and m.row_no <= h.last_row
where m.as_of <= $1 and m.as_of >= $2
order by m.as_of desc, m.to_tier, m.from_tier, m.enterprise_id
