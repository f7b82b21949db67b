-- Technology contracts by quarter of registration and technical field; an empty field was not stated.
select
    extract(year from c.registered_on)          as year,
    extract(quarter from c.registered_on)       as quarter,
    coalesce(c.field, '')                       as field,
    count(*)                                    as contracts,
    cast(sum(c.amount) as decimal(20, 2))       as amount,
    cast(sum(c.tech_amount) as decimal(20, 2))  as tech_amount
from lake.tech_contract c
group by extract(year from c.registered_on), extract(quarter from c.registered_on), coalesce(c.field, '')
