-- Key parks listed, and of them the provincial pilots and the city's trials.
with counted as (
    select 'listed' as variant, park_code, park_name, region_code, listed_on, left_on, batch_id, row_no from core.park
    union all
    select cohort, park_code, park_name, region_code, listed_on, left_on, batch_id, row_no from core.park
)
select
    variant,
    region_code,
    park_code                 as entity_id,
    park_name                 as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    listed_on                 as valid_from,
    left_on                   as valid_to,
    batch_id,
    row_no
from counted
where listed_on < left_on
