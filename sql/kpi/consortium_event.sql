-- What consortia did and what happened to them, on its day.
with counted as (
    select
        case kind when 'yearly_report' then 'report' when 'information_report' then 'report' else kind end as variant,
        consortium_no, subject as entity_id, name as entity_name, on_date, batch_id, row_no
    from core.consortium_evidence
    where kind in ('fund', 'yearly_report', 'information_report', 'open_call', 'project_application', 'project_approval', 'target_agreement')
    union all
    select 'target_agreement_late', e.consortium_no, e.subject, e.name, e.on_date, e.batch_id, e.row_no
    from core.consortium_evidence e
    join core.batch b on b.batch_id = e.batch_id
    join core.term t on t.jurisdiction_code = b.jurisdiction_code and t.model = 'consortium_event' and t.term = 'month'
    where e.kind = 'target_agreement'
      and (extract(year from e.on_date) - e.year) * 12 + extract(month from e.on_date) > t.number
    union all
    select 'recognition', consortium_no, consortium_no, consortium_name, recognised_on, batch_id, row_no
    from core.consortium
    union all
    select 'review', consortium_no, consortium_no, item, evaluated_on, batch_id, row_no
    from lake.consortium_review
    where item = '总评'
)
select
    n.variant,
    c.region_code,
    n.entity_id,
    n.entity_name,
    cast(1 as decimal(20, 2)) as weight,
    n.on_date                 as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    n.batch_id,
    n.row_no
from counted n
join core.consortium c on c.consortium_no = n.consortium_no
