-- Universities with a cooperation fund (fund) or a rule for classified appraisal (appraisal), each
-- from its first; and what the funds hold (amount).
with adopted as (
    select
        kind, university_name, name, region_code, adopted_on, amount, batch_id, row_no,
        row_number() over (partition by kind, university_name order by adopted_on, batch_id, row_no) as place
    from lake.university_incentive
),
counted as (
    select kind as variant, university_name as entity, university_name, region_code, adopted_on, 1 as weight, batch_id, row_no
    from adopted
    where place = 1
    union all
    select 'amount', university_name || ' ' || name, university_name, region_code, adopted_on, amount, batch_id, row_no
    from adopted
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
