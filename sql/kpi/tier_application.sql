-- Recommendations for recognition by their day: of cooperating enterprises for any tier, for
-- “little giant”, and of those the ones that do research jointly with a university.
with counted as (
    select 'cooperating' as variant, application_no, enterprise_name, region_code, recommended_on, batch_id, row_no
    from lake.tier_application
    where cooperating
    union all
    select 'little_giant', application_no, enterprise_name, region_code, recommended_on, batch_id, row_no
    from lake.tier_application
    where tier = 'little_giant'
    union all
    select 'joint', application_no, enterprise_name, region_code, recommended_on, batch_id, row_no
    from lake.tier_application
    where tier = 'little_giant' and joint
)
select
    variant,
    region_code,
    application_no            as entity_id,
    enterprise_name           as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    recommended_on            as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no
from counted
