-- Open licences of patents: declarations, licences put on file, and those of them without a fee.
with counted as (
    select kind as variant, record_no, patent_no, recorded_on, batch_id, row_no
    from lake.open_licence
    union all
    select 'free', record_no, patent_no, recorded_on, batch_id, row_no
    from lake.open_licence
    where kind = 'licence' and fee = 0
)
select
    c.variant,
    b.jurisdiction_code       as region_code,
    c.record_no               as entity_id,
    c.patent_no               as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    c.recorded_on             as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    c.batch_id,
    c.row_no
from counted c
join core.batch b on b.batch_id = c.batch_id
