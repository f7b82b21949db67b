-- Award money paid in a quarter, by article and district, in 元: the city's own code
-- stands for what belongs to no district, so that the rows add up to the city.
select
    extract(year from a.paid_on)    as year,
    extract(quarter from a.paid_on) as quarter,
    g.reporting_code                 as region_code,
    a.article,
    count(*)                        as payouts,
    count(distinct a.payee_name)    as payees,
    sum(a.amount)                   as amount
from lake.award_payout a
join core.region g on g.region_code = a.region_code
group by extract(year from a.paid_on), extract(quarter from a.paid_on), g.reporting_code, a.article
