-- Contracts of the consortia by the day they were signed, and their amounts, in 元.
with contract as (
    select k.contract_no, k.project, k.signed_on, k.amount, c.region_code, k.batch_id, k.row_no
    from lake.consortium_contract k
    join core.consortium c on c.consortium_no = k.consortium_no
),
counted as (
    select 'contract' as variant, contract_no, project, signed_on, region_code, 1 as weight, batch_id, row_no from contract
    union all
    select 'amount', contract_no, project, signed_on, region_code, amount, batch_id, row_no from contract
)
select
    variant,
    region_code,
    contract_no                    as entity_id,
    project                        as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    signed_on                      as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
