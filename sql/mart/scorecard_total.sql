-- The evaluations of the consortia, year by year: score, grade, subsidy due and paid, and what follows.
with paid as (
    select consortium_no, year, sum(amount) as amount
    from lake.consortium_subsidy
    group by consortium_no, year
)
select
    s.consortium_no,
    c.consortium_name,
    s.region_code,
    s.year,
    s.evaluated_on,
    s.base,
    s.bonus,
    s.raw,
    s.score,
    s.grade,
    s.subsidy,
    coalesce(p.amount, 0) as paid,
    s.consequence
from core.scorecard_score s
join core.consortium c on c.consortium_no = s.consortium_no
left join paid p on p.consortium_no = s.consortium_no and p.year = s.year
