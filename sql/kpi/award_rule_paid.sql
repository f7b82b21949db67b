-- Award money paid under a rule, by the day it was paid, in 元: the variant is the rule's
-- own id. A payment names its rule, or the policy file lists its clause.
with named as (
    select
        coalesce(p.rule_id, two.rule_id, one.rule_id) as rule_id,
        p.region_code, p.payment_no, p.payee_name, p.amount, p.paid_on, p.batch_id, p.row_no
    from lake.award_payout p
    left join core.award_clause one on one.clause = p.article
    left join core.award_clause two on two.clause = p.article || p.project
)
select
    rule_id                        as variant,
    region_code,
    payment_no                     as entity_id,
    payee_name                     as entity_name,
    cast(amount as decimal(20, 2)) as weight,
    paid_on                        as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from named
where rule_id is not null
