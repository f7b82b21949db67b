-- One row per payment of award money, with the rule it was paid under (null: nothing in
-- the export names one), whom it went to, and what the rule's cap bounds: the payee, a
-- named person, or the project, platform or consortium by its number. Without the number
-- what went to a payee under a rule in one round is taken for one. A round whose name bears no year
-- (第一批) is another when it comes again in a later year, half a year or more since it was last paid; so is
-- one without a name, which each payee has for itself. Where the cap starts anew
-- each year, subject_year is the year that the money is for: that of what it is reckoned from,
-- else the one in which its round was first paid; elsewhere it is 0.
-- Subsidies of consortia are paid under the rule their scorecard names, for the year evaluated.
with school as (
    select name, min(school_code) as school_code
    from core.school
    group by name
),
named as (
    select
        p.payment_no, p.paid_on, p.article, p.project, p.project_no, p.batch, p.payee_code, p.payee_name, p.region_code,
        p.amount, p.share, p.batch_id, p.row_no,
        coalesce(p.rule_id, two.rule_id, one.rule_id) as names_rule,
        cast(null as integer) as for_year,
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
        p.payment_no, p.paid_on, r.article, r.name, p.consortium_no, null, null, coalesce(c.company_name, c.consortium_name, p.consortium_no),
        coalesce(c.region_code, b.jurisdiction_code), p.amount, 'city', p.batch_id, p.row_no, r.rule_id, cast(p.year as integer), null, null, c.consortium_no
    from lake.consortium_subsidy p
    join core.batch b on b.batch_id = p.batch_id
    join core.scorecard s on s.jurisdiction_code = b.jurisdiction_code
    join core.award_rule r on r.rule_id = s.subsidy_rule
    left join core.consortium c on c.consortium_no = p.consortium_no
),
ruled as (
    select
        n.payment_no, n.paid_on, n.article, n.project, n.project_no, n.batch, n.payee_code, n.payee_name, n.region_code,
        n.amount, n.share, n.batch_id, n.row_no, n.for_year, n.enterprise_id, n.school_code, n.consortium_no,
        coalesce(n.enterprise_id, n.school_code, n.consortium_no, n.payee_code, n.payee_name) as payee,
        r.rule_id, r.family, r.status, r.per_year, r.per, coalesce(r.rate, r.each_amount) is not null as reckonable,
        case when n.batch is null then coalesce(n.enterprise_id, n.school_code, n.consortium_no, n.payee_code, n.payee_name) end as round_of
    from named n
    left join core.award_rule r on r.rule_id = n.names_rule
),
follows as (
    select
        payment_no, paid_on, article, project, project_no, batch, payee_code, payee_name, region_code,
        amount, share, batch_id, row_no, for_year, enterprise_id, school_code, consortium_no,
        payee, rule_id, family, status, per_year, per, reckonable, round_of,
        lag(paid_on) over (partition by rule_id, batch, round_of order by paid_on, payment_no) as round_before
    from ruled
),
rounded as (
    select
        payment_no, paid_on, article, project, project_no, payee_code, payee_name, region_code,
        amount, share, batch_id, row_no, for_year, enterprise_id, school_code, consortium_no,
        payee, rule_id, family, status, per_year, per, reckonable, batch is null as no_round,
        case
            when batch like '%20__%' then batch
            else coalesce(batch, '') || ' ' || cast(sum(
                case
                    when paid_on - round_before >= 180 and extract(year from paid_on) > extract(year from round_before) then 1
                    else 0
                end
            ) over (partition by rule_id, batch, round_of order by paid_on, payment_no rows unbounded preceding) as varchar)
        end as batch
    from follows
),
subject as (
    select
        payment_no, paid_on, article, project, project_no, payee_name, region_code, amount, share, batch_id, row_no,
        for_year, enterprise_id, school_code, consortium_no, rule_id, family, status, per_year, reckonable,
        payee,
        case when no_round then cast(paid_on as varchar) else batch end as round,
        coalesce(per, '') in ('project', 'platform', 'consortium') and project_no is null as no_project,
        no_round,
        case per
            when 'person' then payee_name
            when 'enterprise' then coalesce(enterprise_id, school_code, payee_code, payee_name)
            when 'payment' then payment_no
            else coalesce(project_no, payee || ' ' || batch)
        end as subject_id
    from rounded
),
awarded as (
    select
        payment_no, paid_on, article, project, project_no, payee_name, region_code, amount, share, batch_id, row_no,
        for_year, enterprise_id, school_code, consortium_no, rule_id, family, status, per_year, reckonable,
        payee, round, no_project, no_project and no_round as no_round, subject_id,
        cast(min(extract(year from paid_on)) over (partition by rule_id, subject_id, round) as integer) as award_year
    from subject
),
reckoned as (
    select a.payment_no, a.batch_id, a.row_no, max(e.subject_year) as basis_year
    from awarded a
    join core.award_evidence e
      on e.rule_id = a.rule_id
     and e.subject_id = a.subject_id
     and e.subject_year <= a.award_year
     and e.on_date <= a.paid_on
    where a.reckonable
      and a.per_year
      and a.for_year is null
    group by a.payment_no, a.batch_id, a.row_no
)
select
    n.payment_no,
    b.jurisdiction_code,
    n.paid_on,
    n.article,
    n.project,
    n.project_no,
    n.rule_id,
    n.family,
    coalesce(n.status = 'in_force', false) as enforced,
    n.payee_name,
    coalesce(n.enterprise_id, n.school_code, n.consortium_no) as payee_id,
    case
        when n.enterprise_id is not null then 'enterprise'
        when n.school_code is not null then 'school'
        when n.consortium_no is not null then 'consortium'
        else 'unknown'
    end as payee_kind,
    n.payee,
    n.round,
    n.no_project,
    n.no_round,
    n.subject_id,
    n.award_year,
    case when n.per_year then coalesce(n.for_year, k.basis_year, n.award_year) else 0 end as subject_year,
    n.region_code,
    coalesce(n.share, 'unstated')    as share,
    cast(n.amount as decimal(20, 2)) as amount,
    n.batch_id,
    n.row_no
from awarded n
join core.batch b on b.batch_id = n.batch_id
left join reckoned k on k.batch_id = n.batch_id and k.row_no = n.row_no
