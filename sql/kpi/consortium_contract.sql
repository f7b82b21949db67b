-- Contracts that were signed and not yet filed with the consortium's company.
select
    'unfiled'                 as variant,
    c.region_code,
    k.contract_no             as entity_id,
    k.project                 as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    k.signed_on               as valid_from,
    coalesce(k.filed_on, date '9999-12-31') as valid_to,
    k.batch_id,
    k.row_no
from lake.consortium_contract k
join core.consortium c on c.consortium_no = k.consortium_no
where k.filed_on is null
   or k.signed_on < k.filed_on
