-- Technology contracts by quarter of registration and technical field; an empty field was not stated.
select
    extract(year from c.registered_on)          as year,
    extract(quarter from c.registered_on)       as quarter,
    coalesce(c.field, '')                       as field,
    count(*)                                    as contracts,
    cast(coalesce(sum(c.amount), 0) as decimal(20, 2))       as amount,
    cast(coalesce(sum(c.tech_amount), 0) as decimal(20, 2))  as tech_amount
from staging.tech_contract c
group by extract(year from c.registered_on), extract(quarter from c.registered_on), coalesce(c.field, '')
