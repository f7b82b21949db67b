-- Who asks adds on which day they have to count, and how many are wanted.
select
    f.entity_id,
    coalesce(f.entity_name, '') as entity_name,
    f.region_code,
    cast(f.weight as double) as weight,
    f.event_date,
    f.valid_from,
    f.valid_to,
    b.file,
    h.sheet,
    f.row_no - h.rows_above as row,
    coalesce(
        (select max(m.matched_by) from core.enterprise_match m where m.batch_id = f.batch_id and m.row_no = f.row_no), ''
    ) as matched_by,
    f.batch_id,
    f.row_no
from mart.fact f
join core.region_path p on p.region_code = f.region_code and p.ancestor_code = $3
join core.batch b on b.batch_id = f.batch_id
join core.batch_sheet h on h.batch_id = b.batch_id and f.row_no > h.rows_above and f.row_no <= h.last_row
where f.kpi_id = $1 and f.measure = $2
