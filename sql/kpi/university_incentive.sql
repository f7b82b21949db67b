-- Universities with a cooperation fund (fund) or a rule for classified appraisal (appraisal), each
-- at its first since the commitment counts (once); and what the funds hold (amount).
with counted as (
    select kind as variant, university_name as entity, university_name, region_code, adopted_on, 1 as weight, batch_id, row_no
    from lake.university_incentive
    union all
    select 'amount', university_name || ' ' || name, university_name, region_code, adopted_on, amount, batch_id, row_no
    from lake.university_incentive
    where kind = 'fund' and amount is not null
)
select
    variant,
    region_code,
    entity                         as entity_id,
    university_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    adopted_on                     as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
