-- What key firms spent the central subsidy on: everything (spent), and on cooperation with
-- universities (cooperation).
with counted as (
    select 'spent' as variant, expense_no, enterprise_name, region_code, spent_on, amount as weight, batch_id, row_no
    from lake.subsidy_use
    union all
    select 'cooperation', expense_no, enterprise_name, region_code, spent_on, amount, batch_id, row_no
    from lake.subsidy_use
    where purpose = 'cooperation'
)
select
    variant,
    region_code,
    expense_no                     as entity_id,
    enterprise_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    spent_on                       as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
