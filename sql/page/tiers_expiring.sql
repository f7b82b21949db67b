-- Of an enterprise whose tiers end together, nested as they are, only the highest.
with ending as (
    select
        i.enterprise_id,
        e.enterprise_name,
        i.region_code,
        i.tier,
        i.valid_to,
        b.file,
        h.sheet,
        i.row_no - h.rows_above as row,
        row_number() over (partition by i.enterprise_id, i.valid_to order by t.tier_rank desc nulls first) as place
    from core.tier_interval i
    join core.tier t on t.tier = i.tier
    join core.enterprise e on e.enterprise_id = i.enterprise_id
    join core.batch b on b.batch_id = i.batch_id
    join core.batch_sheet h on h.batch_id = b.batch_id and i.row_no > h.rows_above and i.row_no <= h.last_row
    where i.valid_from <= $1 and i.valid_to > $1 and i.valid_to <= $2
)
select
    enterprise_id,
    enterprise_name,
    region_code,
    tier,
    valid_to - interval '1' day as last_day,
    file,
    sheet,
    row
from ending
where place = 1
order by valid_to, tier, enterprise_id
