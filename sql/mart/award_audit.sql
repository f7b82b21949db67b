-- One row per payment: what the rule entitles its subject to by that day, what had been
-- paid by then in instalments and by city and district, and by how much this payment goes
-- beyond. Sums run in the order of payment, so that the rows up to any date are the audit
-- of that date. Amounts in 元; null where the policy or the evidence gives none.
with running as (
    select
        p.payment_no, p.paid_on, p.rule_id, p.family, p.enforced, p.payee_name, p.payee_id, p.payee_kind,
        p.subject_id, p.subject_year, p.region_code, p.amount, p.batch_id, p.row_no, p.round, p.no_project, p.no_round, p.award_year,
        sum(p.amount) over so_far as paid_so_far,
        sum(case when p.share = 'city' then p.amount else 0 end) over so_far     as city_so_far,
        sum(case when p.share = 'district' then p.amount else 0 end) over so_far as district_so_far,
        sum(case when p.share = 'unstated' then p.amount else 0 end) over so_far as unstated_so_far,
        row_number() over so_far as instalment,
        min(p.paid_on) over (partition by p.rule_id, p.subject_id) as first_paid_on,
        first_value(p.rule_id) over (
            partition by p.family, p.subject_id, p.subject_year order by p.paid_on, p.payment_no
        ) as first_rule,
        -- the same amount for the same project; without a number its name stands for it, and without that the rule and the
        -- round, or where there is none the day
        lag(p.payment_no) over same as same_before,
        lag(p.paid_on) over same    as same_paid_on,
        first_value(p.round) over (
            partition by p.rule_id, case when p.no_project then p.payee else p.subject_id end order by p.paid_on, p.payment_no
        ) as first_round,
        first_value(p.round) over (
            partition by p.rule_id, case when p.no_project then p.payee else p.subject_id end, p.award_year order by p.paid_on, p.payment_no
        ) as first_round_of_year
    from core.award_payment p
    window
        so_far as (
            partition by p.rule_id, p.subject_id, p.subject_year order by p.paid_on, p.payment_no rows unbounded preceding
        ),
        same as (
            partition by
                p.jurisdiction_code, coalesce(p.payee_id, p.payee_name), p.amount, p.share, p.project_no,
                case when p.project_no is null then p.rule_id end, case when p.project_no is null then p.project end,
                case
                    when p.project_no is null and p.project is null
                        then case when p.no_project and not p.no_round then p.round else cast(p.paid_on as varchar) end
                end
            order by p.paid_on, p.payment_no
        )
),
evidence as (
    select
        p.payment_no,
        p.rule_id,
        sum(case when e.counts then e.amount else 0 end)   as base_amount,
        sum(case when e.counts then e.quantity else 0 end) as base_quantity
    from running p
    join core.award_evidence e
      on e.rule_id = p.rule_id
     and e.subject_id = p.subject_id
     and e.subject_year = p.subject_year
     and e.on_date <= p.paid_on
    group by p.payment_no, p.rule_id
),
reckoned as (
    select
        p.payment_no, p.paid_on, p.rule_id, p.family, p.enforced, p.payee_name, p.payee_id, p.payee_kind,
        p.subject_id, p.subject_year, p.region_code, p.amount, p.batch_id, p.row_no,
        p.paid_so_far, p.city_so_far, p.district_so_far, p.unstated_so_far, p.instalment, p.first_rule, p.round, p.no_project, p.no_round, p.award_year,
        case when p.paid_on - p.same_paid_on <= 30 then p.same_before end as same_as,
        coalesce(r.times, '') = 'once' and p.round <> p.first_round as more_than_once,
        coalesce(r.times, '') = 'year' and p.round <> p.first_round_of_year as twice_a_year,
        coalesce(r.per_year, false) and extract(year from p.paid_on) > p.award_year as over_two_years,
        coalesce(r.lead, false) as lead,
        e.base_amount,
        e.base_quantity,
        cast(r.cap as decimal(20, 2)) as cap,
        coalesce(r.rate, r.each_amount) is not null as reckonable,
        cast(
            case
                when r.each_amount is not null then r.each_amount * e.base_quantity
                else cast(r.rate as decimal(9, 6)) * e.base_amount
            end as decimal(20, 2)
        ) as earned,
        r.tier,
        r.per,
        case
            when r.months > 0 and r.window_from = 'payment'
                then (extract(year from p.paid_on) - extract(year from p.first_paid_on)) * 12
                    + extract(month from p.paid_on) - extract(month from p.first_paid_on) >= r.months
            else false
        end as past_window
    from running p
    left join core.award_rule r on r.rule_id = p.rule_id
    left join evidence e on e.payment_no = p.payment_no and e.rule_id = p.rule_id
),
compared as (
    select
        payment_no, paid_on, rule_id, family, enforced, payee_name, payee_id, payee_kind, subject_id, subject_year,
        region_code, amount, batch_id, row_no, paid_so_far, city_so_far, district_so_far, unstated_so_far, instalment, first_rule, same_as,
        no_project, no_round, more_than_once, twice_a_year, over_two_years, lead,
        base_amount, base_quantity, cap, earned, reckonable, tier, per, past_window,
        case when cap < earned then cap else earned end            as entitlement,
        case when paid_so_far > cap then cap else paid_so_far end  as within_cap,
        case when paid_so_far - amount > cap then cap else paid_so_far - amount end as within_cap_before
    from reckoned
)
select
    c.payment_no,
    b.jurisdiction_code,
    c.paid_on,
    c.rule_id,
    c.family,
    c.enforced,
    c.payee_name,
    c.payee_id,
    c.subject_id,
    c.subject_year,
    c.region_code,
    c.amount,
    c.instalment,
    c.paid_so_far,
    c.city_so_far,
    c.district_so_far,
    c.unstated_so_far,
    c.base_amount,
    c.base_quantity,
    c.entitlement,
    c.cap,
    case
        when c.cap is null then 0
        else greatest(c.paid_so_far - c.cap, 0) - greatest(c.paid_so_far - c.amount - c.cap, 0)
    end as over_cap,
    case
        when c.entitlement is null then 0
        else greatest(c.within_cap - c.entitlement, 0) - greatest(c.within_cap_before - c.entitlement, 0)
    end as over_entitlement,
    c.reckonable and c.earned is null                           as no_basis,
    c.past_window,
    c.rule_id is not null and c.first_rule <> c.rule_id         as paid_by_twin,
    c.same_as,
    c.no_project,
    c.no_round,
    c.more_than_once,
    c.twice_a_year,
    c.over_two_years,
    c.rule_id is null                                           as rule_unknown,
    c.payee_kind = 'unknown' and coalesce(c.per, '') <> 'person'
        and exists (select 1 from core.enterprise)              as payee_unknown,
    c.payee_kind = 'enterprise' and i.enterprise_id is null
        or c.payee_kind = 'consortium' and k.consortium_no is null as payee_inactive,
    not c.lead and coalesce(c.tier, '') <> '' and i.enterprise_id is not null and t.enterprise_id is null as ineligible,
    c.lead and i.enterprise_id is not null and t.enterprise_id is null as untitled_lead,
    c.batch_id,
    c.row_no
from compared c
join core.batch b on b.batch_id = c.batch_id
left join core.consortium k
  on k.consortium_no = c.payee_id
 and k.recognised_on <= c.paid_on
 and c.paid_on < least(k.stood_to, k.company_closed_on)
left join core.enterprise_in_city i
  on i.enterprise_id = c.payee_id
 and i.valid_from <= c.paid_on
 and c.paid_on < i.valid_to
left join core.tier_interval t
  on t.enterprise_id = c.payee_id
 and t.tier = c.tier
 and t.valid_from <= c.paid_on
 and c.paid_on < t.valid_to
