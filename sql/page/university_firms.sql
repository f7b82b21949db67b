select
    f.founded_on,
    f.enterprise_name,
    coalesce(f.enterprise_code, '') as enterprise_code,
    f.university_name,
    coalesce(f.district, '') as district,
    b.file,
    h.sheet,
    f.row_no - h.rows_above as row
from mart.university_firm f
join core.batch b on b.batch_id = f.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and f.row_no > h.rows_above and f.row_no <= h.last_row
where f.founded_on <= $1
order by f.founded_on desc, f.enterprise_name, b.seq, f.row_no
