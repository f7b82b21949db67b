-- What an article may spend in a year, in 元, beside what was paid under its rules by each
-- period end of that year. Money that no rule names is charged to no budget. Budgets of documents
-- that the installation leaves out are not shown.
with budget as (
    select
        b.jurisdiction_code,
        u.document,
        replace(replace(u.article, '第', ''), '条', '') as article,
        u.year,
        u.unit,
        cast(u.amount as decimal(20, 2)) as amount,
        u.batch_id,
        u.row_no
    from lake.award_budget u
    join core.batch b on b.batch_id = u.batch_id
    where not exists (select 1 from core.left_out o where o.word = u.document)
),
spent as (
    select
        a.jurisdiction_code,
        r.document,
        r.article,
        p.period_end,
        sum(a.amount) as paid,
        count(*)      as payments
    from core.award_payment a
    join core.award_rule r on r.rule_id = a.rule_id
    join core.period p
      on extract(year from p.period_end) = extract(year from a.paid_on)
     and a.paid_on <= p.period_end
    group by a.jurisdiction_code, r.document, r.article, p.period_end
)
select
    b.jurisdiction_code,
    b.document,
    b.article,
    b.year,
    p.period_end,
    b.unit,
    b.amount                 as budget,
    coalesce(s.paid, 0)      as paid,
    coalesce(s.payments, 0)  as payments,
    b.batch_id,
    b.row_no
from budget b
join core.period p on extract(year from p.period_end) = b.year
left join spent s
  on s.jurisdiction_code = b.jurisdiction_code
 and s.document = b.document
 and s.article = b.article
 and s.period_end = p.period_end
