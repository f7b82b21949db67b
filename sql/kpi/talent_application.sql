-- Applications of firms to the talent plans by the day they applied, and those selected.
with counted as (
    select 'applied' as variant, application_no, enterprise_name, region_code, applied_on as on_date, 1 as weight, batch_id, row_no
    from lake.talent_application
    union all
    select 'selected', application_no, enterprise_name, region_code, selected_on, 1, batch_id, row_no
    from lake.talent_application
    where selected_on is not null
)
select
    variant,
    region_code,
    application_no                 as entity_id,
    enterprise_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    on_date                        as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
