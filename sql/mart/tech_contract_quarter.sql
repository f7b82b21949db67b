-- Technology contracts registered in a quarter, by kind and seller's district, in 元.
select
    extract(year from c.registered_on)    as year,
    extract(quarter from c.registered_on) as quarter,
    p.ancestor_code                       as region_code,
    c.kind,
    count(*)                              as contracts,
    sum(c.amount)                         as amount,
    sum(c.tech_amount)                    as tech_amount
from lake.tech_contract c
join core.region_path p on p.region_code = c.region_code
join core.reporting_region r on r.region_code = p.ancestor_code
group by extract(year from c.registered_on), extract(quarter from c.registered_on), p.ancestor_code, c.kind
