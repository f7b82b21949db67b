-- One row per row of an export that names an enterprise, with the name as it is compared (staging.name_key).
select
    n.source,
    coalesce(n.code, n.name) as named_as,
    n.code,
    n.name,
    k.name_key,
    n.on_date,
    n.region_code,
    n.waits,
    b.jurisdiction_code,
    n.batch_id,
    n.sheet,
    n.row_no
from staging.enterprise_naming n
left join staging.name_key k on k.name = n.name
join core.batch b on b.batch_id = n.batch_id
