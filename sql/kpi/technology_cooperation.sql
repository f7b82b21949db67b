-- Agreements and technology contracts between universities and firms: how many, and for how much.
with counted as (
    select 'agreement' as variant, agreement_no, enterprise_name, region_code, signed_on, 1 as weight, batch_id, row_no
    from lake.technology_cooperation
    union all
    select 'amount', agreement_no, enterprise_name, region_code, signed_on, amount, batch_id, row_no
    from lake.technology_cooperation
    where amount is not null
)
select
    variant,
    region_code,
    agreement_no                   as entity_id,
    enterprise_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    signed_on                      as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
