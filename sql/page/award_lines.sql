select
    coalesce(a.rule_id, '') as rule_id,
    g.reporting_code,
    cast(extract(year from a.paid_on) as bigint) as year,
    count(*) as payments,
    cast(sum(a.amount) as double) as amount
from mart.award_audit a
join core.region g on g.region_code = a.region_code
where a.paid_on <= $1
group by 1, 2, 3
order by 1, 2, 3
