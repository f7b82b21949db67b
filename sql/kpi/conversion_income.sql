-- Income from employees' inventions converted locally, by the day it was distributed: the net
-- income, what of it rewarded the inventors, and distributions that gave them less than the percentage that the
-- commitment asks for.
with counted as (
    select 'income' as variant, distribution_no, unit_name, distributed_on, net_income as weight, batch_id, row_no
    from lake.conversion_income
    where local
    union all
    select 'reward', distribution_no, unit_name, distributed_on, reward, batch_id, row_no
    from lake.conversion_income
    where local
    union all
    select 'below', i.distribution_no, i.unit_name, i.distributed_on, 1, i.batch_id, i.row_no
    from lake.conversion_income i
    join core.batch b on b.batch_id = i.batch_id
    join core.target t on t.jurisdiction_code = b.jurisdiction_code and t.model = 'conversion_income' and t.variant = 'below'
    where i.local and i.reward * 100 < i.net_income * t.at_least
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
