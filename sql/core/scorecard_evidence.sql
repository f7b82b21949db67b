-- Every piece of evidence under every condition of a scorecard item it speaks to, for the years
-- that were evaluated. Counted is what lies within the bound a single piece must reach.
with review as (
    select r.consortium_no, r.year, r.evaluated_on, c.region_code, c.jurisdiction_code
    from lake.consortium_review r
    join core.consortium c on c.consortium_no = r.consortium_no
    where r.item = '总评'
),
spoken as (
    select
        k.kpi_id, k.condition_no, k.name as condition_name, r.consortium_no, r.year, r.evaluated_on, r.region_code,
        e.kind, e.subject, e.name, e.on_date, e.quantity, e.amount, e.batch_id, e.row_no,
        k.each_of, cast(k.each_at_least as decimal(20, 2)) as each_at_least, cast(k.each_above as decimal(20, 2)) as each_above,
        case k.each_of when 'quantity' then e.quantity when 'amount' then e.amount end as each_value
    from review r
    join core.scorecard_item i on i.jurisdiction_code = r.jurisdiction_code
    join core.scorecard_condition k on k.kpi_id = i.kpi_id
    join core.consortium_evidence e
      on e.consortium_no = r.consortium_no
     and e.year = r.year
     and e.kind = k.evidence
)
select
    kpi_id, condition_no, condition_name, consortium_no, year, evaluated_on, region_code,
    kind, subject, name, on_date, quantity, amount,
    each_of is null or each_value is not null
        and (each_at_least is null or each_value >= each_at_least)
        and (each_above is null or each_value > each_above) as counted,
    batch_id,
    row_no
from spoken
