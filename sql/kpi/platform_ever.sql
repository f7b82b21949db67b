-- Platforms by the day of their first recognition, whatever became of them since.
select
    kind                      as variant,
    region_code,
    platform_no               as entity_id,
    platform_name             as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    valid_from                as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no
from core.platform
where stage = 1 and kind in ('concept_verification', 'pilot_base', 'finance_station')
