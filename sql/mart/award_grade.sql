-- One row per payment under a rule that asks for the grade of an evaluation: whether the latest evaluation
-- of its subject filed by that day gives one of the grades. A year is evaluated at its end or early in the next, and
-- money follows: where the cap starts anew each year the evaluation is one of the year of the payment or of the
-- year before.
with evaluated as (
    select
        r.rule_id,
        case r.per
            when 'enterprise' then coalesce(k.enterprise_id, b.payee_code, b.payee_name)
            else coalesce(b.project_no, b.basis_no)
        end as subject_id,
        case when r.per_year then coalesce(b.year, cast(extract(year from b.on_date) as integer)) else 0 end as subject_year,
        b.on_date,
        max(g.grade is not null) as good -- two evaluations of a year on one day: the better
    from lake.award_basis b
    join core.award_rule r on r.rule_id = b.rule_id
    left join core.award_grade g on g.rule_id = b.rule_id and g.grade = b.grade
    left join core.enterprise_match k on k.batch_id = b.batch_id and k.sheet = b.sheet and k.row_no = b.row_no
    where b.grade is not null
    group by 1, 2, 3, 4
),
asked as (
    select distinct rule_id from core.award_grade
),
latest as (
    select
        p.batch_id, p.row_no, e.good as shown,
        row_number() over (partition by p.batch_id, p.row_no order by e.subject_year desc, e.on_date desc) as place
    from core.award_payment p
    join evaluated e
      on e.rule_id = p.rule_id
     and e.subject_id = p.subject_id
     and e.on_date <= p.paid_on
     and (e.subject_year = p.subject_year or e.subject_year = p.subject_year - 1)
)
select
    p.payment_no,
    p.rule_id,
    p.subject_id,
    p.subject_year,
    p.amount,
    coalesce(l.shown, false) as shown,
    p.batch_id,
    p.row_no
from core.award_payment p
join asked a on a.rule_id = p.rule_id
left join latest l on l.batch_id = p.batch_id and l.row_no = p.row_no and l.place = 1
