-- Award money paid in a quarter, by article and district, in 元: the city's own code
-- stands for what belongs to no district, so that its rows add up to the city. What was
-- paid under drafts is one article, named after the document.
select
    a.jurisdiction_code,
    extract(year from a.paid_on)    as year,
    extract(quarter from a.paid_on) as quarter,
    g.reporting_code                as region_code,
    case when r.status = 'draft' then '征求意见稿' else coalesce(r.article, a.article) end as article,
    count(*)                        as payouts,
    count(distinct a.payee_name)    as payees,
    sum(a.amount)                   as amount
from core.award_payment a
join core.region g on g.region_code = a.region_code
left join core.award_rule r on r.rule_id = a.rule_id
group by
    a.jurisdiction_code, extract(year from a.paid_on), extract(quarter from a.paid_on), g.reporting_code,
    case when r.status = 'draft' then '征求意见稿' else coalesce(r.article, a.article) end
