-- One row per payment under a rule that asks for the grade of an evaluation: whether the evidence
-- filed by that day shows one of the grades for its subject and year.
with graded as (
    select
        r.rule_id,
        case r.per
            when 'enterprise' then coalesce(k.enterprise_id, b.payee_code, b.payee_name)
            else coalesce(b.project_no, b.basis_no)
        end as subject_id,
        case when r.per_year then coalesce(b.year, cast(extract(year from b.on_date) as integer)) else 0 end as subject_year,
        min(b.on_date) as shown_on
    from lake.award_basis b
    join core.award_rule r on r.rule_id = b.rule_id
    join core.award_grade g on g.rule_id = b.rule_id and g.grade = b.grade
    left join core.enterprise_match k on k.batch_id = b.batch_id and k.sheet = b.sheet and k.row_no = b.row_no
    group by 1, 2, 3
),
asked as (
    select distinct rule_id from core.award_grade
)
select
    p.payment_no,
    p.rule_id,
    p.subject_id,
    p.subject_year,
    p.amount,
    coalesce(g.shown_on <= p.paid_on, false) as shown,
    p.batch_id,
    p.row_no
from core.award_payment p
join asked a on a.rule_id = p.rule_id
left join graded g
  on g.rule_id = p.rule_id
 and g.subject_id = p.subject_id
 and g.subject_year = p.subject_year
