with item as (
    select
        k.park_code,
        k.park_name,
        k.cohort,
        i.topic,
        i.item_id,
        i.item_name,
        i.begun_on,
        b.file,
        h.sheet,
        i.row_no - h.rows_above as row,
        row_number() over (
            partition by
                i.park_code,
                case when i.topic in ('research', 'verification', 'integration') then 'platforms' else i.topic end,
                i.item_id
            order by i.begun_on, b.seq, i.row_no
        ) as place
    from core.park_item i
    join core.park k on k.park_code = i.park_code
    join core.batch b on b.batch_id = i.batch_id
    join core.batch_sheet h on h.batch_id = b.batch_id and i.row_no > h.rows_above and i.row_no <= h.last_row
    where i.begun_on <= $1 and i.ended_on > $1 and k.listed_on <= $1 and k.left_on > $1
)
select
    park_name,
    cohort,
    topic,
    item_id,
    coalesce(item_name, '') as item_name,
    begun_on,
    file,
    sheet,
    row
from item
where place = 1
order by cohort, park_code, topic, begun_on desc, item_id
