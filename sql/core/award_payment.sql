-- One row per payment of award money, with the rule it was paid under (null: nothing in
-- the export names one), whom it went to, and what the rule's cap bounds: the payee, a
-- named person, or the project, platform or consortium by its number. Where the cap
-- starts anew each year, subject_year tells the years apart; elsewhere it is 0.
-- Subsidies of consortia are paid under the rule their scorecard names, for the year evaluated.
with school as (
    select name, min(school_code) as school_code
    from core.school
    group by name
),
named as (
    select
        p.payment_no, p.paid_on, p.article, p.project, p.project_no, p.payee_code, p.payee_name, p.region_code,
        p.amount, p.share, p.batch_id, p.row_no,
        coalesce(p.rule_id, two.rule_id, one.rule_id) as names_rule,
        cast(extract(year from p.paid_on) as integer) as for_year,
        k.enterprise_id,
        s.school_code,
        cast(null as varchar) as consortium_no
    from lake.award_payout p
    left join core.award_clause one on one.clause = p.article
    left join core.award_clause two on two.clause = p.article || p.project
    left join core.enterprise_match k on k.batch_id = p.batch_id and k.sheet = p.sheet and k.row_no = p.row_no
    left join school s on s.name = p.payee_name
    where not exists (select 1 from core.left_out o where o.word in (p.rule_id, p.article, p.article || p.project))
    union all
    select
        p.payment_no, p.paid_on, r.article, r.name, p.consortium_no, null, coalesce(c.company_name, c.consortium_name, p.consortium_no),
        coalesce(c.region_code, b.jurisdiction_code), p.amount, 'city', p.batch_id, p.row_no, r.rule_id, cast(p.year as integer), null, null, c.consortium_no
    from lake.consortium_subsidy p
    join core.batch b on b.batch_id = p.batch_id
    join core.scorecard s on s.jurisdiction_code = b.jurisdiction_code
    join core.award_rule r on r.rule_id = s.subsidy_rule
    left join core.consortium c on c.consortium_no = p.consortium_no
)
select
    n.payment_no,
    b.jurisdiction_code,
    n.paid_on,
    n.article,
    n.project,
    n.project_no,
    r.rule_id,
    r.family,
    coalesce(r.status = 'in_force', false) as enforced,
    n.payee_name,
    coalesce(n.enterprise_id, n.school_code, n.consortium_no) as payee_id,
    case
        when n.enterprise_id is not null then 'enterprise'
        when n.school_code is not null then 'school'
        when n.consortium_no is not null then 'consortium'
        else 'unknown'
    end as payee_kind,
    case r.per
        when 'person' then n.payee_name
        when 'enterprise' then coalesce(n.enterprise_id, n.school_code, n.payee_code, n.payee_name)
        when 'payment' then n.payment_no
        else coalesce(n.project_no, n.payment_no)
    end as subject_id,
    case when r.per_year then n.for_year else 0 end as subject_year,
    n.region_code,
    coalesce(n.share, 'unstated')    as share,
    cast(n.amount as decimal(20, 2)) as amount,
    n.batch_id,
    n.row_no
from named n
join core.batch b on b.batch_id = n.batch_id
left join core.award_rule r on r.rule_id = n.names_rule
