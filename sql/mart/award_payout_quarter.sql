-- Award money paid in a quarter, by article and district, in 元.
select
    extract(year from a.paid_on)    as year,
    extract(quarter from a.paid_on) as quarter,
    p.ancestor_code                 as region_code,
    a.article,
    count(*)                        as payouts,
    count(distinct a.payee_name)    as payees,
    sum(a.amount)                   as amount
from lake.award_payout a
join core.region_path p on p.region_code = a.region_code
join core.reporting_region r on r.region_code = p.ancestor_code
group by extract(year from a.paid_on), extract(quarter from a.paid_on), p.ancestor_code, a.article
