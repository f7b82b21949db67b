-- The key parks as the bureau lists them. A park that is a region of its own stands for itself,
-- any other for its district.
select
    p.park_code,
    p.park_name,
    p.cohort,
    coalesce(g.region_code, p.region_code)  as region_code,
    p.listed_on,
    coalesce(p.left_on, date '9999-12-31') as left_on,
    p.batch_id,
    p.row_no
from lake.park p
left join core.region g on g.kind in ('park', 'functional') and (g.name = p.park_name or g.short = p.park_name)
