-- All that speaks for a consortium in a year: the evidence it handed in, contracts by the day they
-- were signed, payments by the day they were made, and who sat on its committee at the year's end.
with payment as (
    select p.payment_no, p.paid_on, p.amount, k.consortium_no, k.project, p.batch_id, p.row_no
    from lake.consortium_payment p
    join lake.consortium_contract k on k.contract_no = p.contract_no
),
evaluated as (
    select distinct consortium_no, year, cast(cast(year as varchar) || '-12-31' as date) as year_end
    from lake.consortium_review
    where item = '总评'
)
select
    consortium_no, year, kind, coalesce(subject, evidence_no) as subject, name, on_date,
    cast(quantity as decimal(20, 2)) as quantity, amount, batch_id, row_no
from lake.consortium_evidence
union all
select
    consortium_no, extract(year from signed_on), 'contract', contract_no, project, signed_on,
    cast(null as decimal(20, 2)), amount, batch_id, row_no
from lake.consortium_contract
union all
select
    consortium_no, extract(year from paid_on), 'payment', payment_no, project, paid_on,
    cast(null as decimal(20, 2)), amount, batch_id, row_no
from payment
union all
select
    m.consortium_no, e.year, 'committee_member', m.expert_no, m.employer_name, m.appointed_on,
    cast(null as decimal(20, 2)), cast(null as decimal(20, 2)), m.batch_id, m.row_no
from lake.consortium_committee m
join evaluated e
  on e.consortium_no = m.consortium_no
 and m.appointed_on <= e.year_end
 and (m.ended_on is null or m.ended_on > e.year_end)
