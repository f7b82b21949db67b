-- Technology contracts by the day they were registered at the seller's office:
-- the whole amount, its technical part, and the contract itself. An amount in a foreign
-- currency without a rate of exchange is no fact yet.
with contract as (
    select contract_no, seller_name, registered_on, region_code, amount, tech_amount, batch_id, row_no
    from staging.tech_contract
),
counted as (
    select 'amount' as variant, contract_no, seller_name, registered_on, region_code, amount as weight, batch_id, row_no from contract
    union all
    select 'tech_amount', contract_no, seller_name, registered_on, region_code, tech_amount, batch_id, row_no from contract
    union all
    select 'contract', contract_no, seller_name, registered_on, region_code, 1, batch_id, row_no from contract
)
select
    variant,
    region_code,
    contract_no                    as entity_id,
    seller_name                    as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    registered_on                  as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
where weight is not null
