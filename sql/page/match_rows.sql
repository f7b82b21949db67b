select
    m.source,
    m.how,
    m.name,
    m.named_as,
    coalesce(m.enterprise_id, '') as enterprise_id,
    coalesce(m.enterprise_name, '') as enterprise_name,
    b.file,
    h.sheet,
    m.row_no - h.rows_above as row
from mart.match_row m
join core.batch b on b.batch_id = m.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and m.row_no > h.rows_above and m.row_no <= h.last_row
order by
    case m.how
        when 'pending' then 1
        when 'strange' then 2
        when 'left_out' then 3
        when 'decision' then 4
        when 'former_name' then 5
        when 'number' then 6
        else 7
    end,
    m.name, m.source, b.seq, m.row_no
