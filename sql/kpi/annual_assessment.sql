-- Units assessed, each once a year, by the day the result was given; and those found excellent.
with counted as (
    select 'unit' as variant, unit_name, region_code, year, assessed_on, 1 as weight, batch_id, row_no
    from lake.annual_assessment
    union all
    select 'excellent', unit_name, region_code, year, assessed_on, 1, batch_id, row_no
    from lake.annual_assessment
    where grade = 'excellent'
)
select
    variant,
    region_code,
    unit_name || ' ' || cast(year as varchar) as entity_id,
    unit_name                                 as entity_name,
    cast(weight as decimal(20, 2))            as weight,
    assessed_on                               as event_date,
    cast(null as date)                        as valid_from,
    cast(null as date)                        as valid_to,
    batch_id,
    row_no
from counted
