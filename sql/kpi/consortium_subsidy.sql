-- Operating subsidy in 元: what was paid, by the day it was paid, and what an evaluation entitles
-- to, by the day of the evaluation.
with counted as (
    select 'paid' as variant, s.consortium_no, s.payment_no as entity_id, s.paid_on as on_date, s.amount, s.batch_id, s.row_no
    from lake.consortium_subsidy s
    union all
    select 'entitled', consortium_no, consortium_no || ' ' || cast(year as varchar), evaluated_on, subsidy, batch_id, row_no
    from core.scorecard_score
    where subsidy > 0
)
select
    n.variant,
    c.region_code,
    n.entity_id,
    c.consortium_name                as entity_name,
    cast(n.amount as decimal(20, 2)) as weight,
    n.on_date                        as event_date,
    cast(null as date)               as valid_from,
    cast(null as date)               as valid_to,
    n.batch_id,
    n.row_no
from counted n
join core.consortium c on c.consortium_no = n.consortium_no
