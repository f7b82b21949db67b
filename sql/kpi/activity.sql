-- What was done under a commitment, each activity on its day: variant <id> counts them,
-- <id>:signed adds up what was signed at them, <id>:amount the money, in 元. A commitment that
-- promises several things counts each by the kind that the ledger gives and the document names:
-- <id>:technology, <id>:achievement, <id>:enterprise.
with done as (
    select c.kpi_id, c.jurisdiction_code, a.activity_no, a.name, a.kind, a.held_on, a.signed, a.amount, a.batch_id, a.row_no
    from lake.policy_activity a
    join core.commitment c on c.kpi_id = a.commitment_id and c.measure = ''
),
counted as (
    select kpi_id as variant, jurisdiction_code, activity_no, name, held_on, 1 as weight, batch_id, row_no from done
    union all
    select kpi_id || ':signed', jurisdiction_code, activity_no, name, held_on, signed, batch_id, row_no from done where signed is not null
    union all
    select kpi_id || ':amount', jurisdiction_code, activity_no, name, held_on, amount, batch_id, row_no from done where amount is not null
    union all
    select d.kpi_id || ':' || t.term, d.jurisdiction_code, d.activity_no, d.name, d.held_on, 1, d.batch_id, d.row_no
    from done d
    join core.term t on t.jurisdiction_code = d.jurisdiction_code and t.model = 'activity' and t.word = d.kind
)
select
    variant,
    jurisdiction_code              as region_code,
    activity_no                    as entity_id,
    name                           as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    held_on                        as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
