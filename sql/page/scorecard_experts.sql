select
    s.consortium_no,
    s.year,
    cast(s.points as double) as points,
    coalesce(s.unjustified, '') as unjustified,
    coalesce(s.adjusted, '') as adjusted,
    b.file,
    h.sheet,
    s.review_row_no - h.rows_above as row
from core.scorecard_point s
join core.region_path p on p.region_code = s.region_code and p.ancestor_code = $2
join core.batch b on b.batch_id = s.review_batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and s.review_row_no > h.rows_above and s.review_row_no <= h.last_row
where s.kpi_id = $1 and (s.unjustified is not null or s.adjusted is not null) and s.evaluated_on <= $3
order by s.consortium_no, s.year
