select
    p.platform_no,
    p.platform_name,
    p.kind,
    coalesce(p.level, '') as level,
    coalesce(p.university_name, '') as university_name,
    p.region_code,
    p.valid_from,
    b.file,
    h.sheet,
    p.row_no - h.rows_above as row
from core.platform p
join core.batch b on b.batch_id = p.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and p.row_no > h.rows_above and p.row_no <= h.last_row
where p.valid_from <= $1 and p.valid_to > $1
order by p.kind, p.valid_from desc, p.platform_no, p.stage
