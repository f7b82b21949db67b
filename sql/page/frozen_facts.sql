-- In a fixed order, for the file that a closed quarter keeps.
select
    kpi_id,
    measure,
    region_code,
    entity_id,
    entity_name,
    weight,
    event_date,
    valid_from,
    valid_to,
    batch_id,
    row_no,
    beside_batch_id,
    beside_row_no
from mart.fact
order by
    kpi_id, measure, region_code, entity_id, entity_name, weight, event_date, valid_from, valid_to, batch_id, row_no,
    beside_batch_id, beside_row_no
