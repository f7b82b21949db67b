select
    q.source,
    s.name,
    q.rows,
    q.by_code,
    q.by_number,
    q.by_former_name,
    q.by_name,
    q.by_decision,
    q.pending,
    q.strange,
    q.left_out
from mart.match_quality q
join core.source s on s.source = q.source
order by q.rows desc, q.source
