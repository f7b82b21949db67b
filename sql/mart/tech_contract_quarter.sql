-- Technology contracts registered in a quarter, by kind and seller's district, in 元: the city's own code
-- stands for what belongs to no district, so that the rows add up to the city.
select
    extract(year from c.registered_on)    as year,
    extract(quarter from c.registered_on) as quarter,
    g.reporting_code                       as region_code,
    c.kind,
    count(*)                              as contracts,
    coalesce(sum(c.amount), 0)            as amount,
    coalesce(sum(c.tech_amount), 0)       as tech_amount
from staging.tech_contract c
join core.region g on g.region_code = c.region_code
group by extract(year from c.registered_on), extract(quarter from c.registered_on), g.reporting_code, c.kind
