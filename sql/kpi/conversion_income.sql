-- Income from employees' inventions converted locally, by the day it was distributed: the net
-- income, what of it rewarded the inventors, and distributions that gave them less than 80 percent.
with counted as (
    select 'income' as variant, distribution_no, unit_name, distributed_on, net_income as weight, batch_id, row_no
    from lake.conversion_income
    where local
    union all
    select 'reward', distribution_no, unit_name, distributed_on, reward, batch_id, row_no
    from lake.conversion_income
    where local
    union all
    select 'below', distribution_no, unit_name, distributed_on, 1, batch_id, row_no
    from lake.conversion_income
    where local and reward * 100 < net_income * 80
)
select
    c.variant,
    b.jurisdiction_code              as region_code,
    c.distribution_no                as entity_id,
    c.unit_name                      as entity_name,
    cast(c.weight as decimal(20, 2)) as weight,
    c.distributed_on                 as event_date,
    cast(null as date)               as valid_from,
    cast(null as date)               as valid_to,
    c.batch_id,
    c.row_no
from counted c
join core.batch b on b.batch_id = c.batch_id
