-- One row per piece of evidence an award is reckoned from, with the subject and year of
-- the rule's cap. Where a rule's window runs from the evidence's own start (获奖公布日),
-- evidence outside the window does not count: counts is false. Of the subsidy a scorecard
-- earns, the evaluation is the evidence.
select
    b.basis_no,
    r.rule_id,
    case r.per
        when 'person' then b.payee_name
        when 'enterprise' then coalesce(k.enterprise_id, b.payee_code, b.payee_name)
        else coalesce(b.project_no, b.basis_no)
    end as subject_id,
    case when r.per_year then coalesce(b.year, cast(extract(year from b.on_date) as integer)) else 0 end as subject_year,
    b.on_date,
    case
        when r.window_from <> 'basis' or r.months = 0 then true
        when b.since is null or b.on_date < b.since then false
        when (extract(year from b.on_date) - extract(year from b.since)) * 12
            + extract(month from b.on_date) - extract(month from b.since)
            - case when extract(day from b.on_date) < extract(day from b.since) then 1 else 0 end < r.months then true
        else false
    end as counts,
    cast(b.amount as decimal(20, 2)) as amount,
    coalesce(b.quantity, 0)          as quantity,
    b.batch_id,
    b.row_no
from lake.award_basis b
join core.award_rule r on r.rule_id = b.rule_id
left join core.enterprise_match k on k.batch_id = b.batch_id and k.sheet = b.sheet and k.row_no = b.row_no
union all
select
    s.consortium_no || ' ' || cast(s.year as varchar), k.subsidy_rule, s.consortium_no, s.year, s.evaluated_on, true,
    s.subsidy, 0, s.batch_id, s.row_no
from core.scorecard_score s
join core.scorecard k on k.jurisdiction_code = s.jurisdiction_code
where s.score is not null
