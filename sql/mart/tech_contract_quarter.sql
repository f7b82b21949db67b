-- Technology contracts registered in a quarter, by kind and seller's district, in 元: the city's own code
-- stands for what belongs to no district, so that the rows add up to the city.
select
    extract(year from c.registered_on)    as year,
    extract(quarter from c.registered_on) as quarter,
    g.reporting_code                       as region_code,
    c.kind,
    count(*)                              as contracts,
    sum(c.amount)                         as amount,
    sum(c.tech_amount)                    as tech_amount
from lake.tech_contract c
join core.region g on g.region_code = c.region_code
group by extract(year from c.registered_on), extract(quarter from c.registered_on), g.reporting_code, c.kind
