-- Investments by their day: of the national SME fund's sub-funds in cooperation projects, of
-- the transfer pool, and demonstration projects of government-guided funds.
with invested as (
    select i.investment_no, i.project, i.region_code, i.invested_on, i.amount, i.cooperation, i.demonstration, f.kind, i.batch_id, i.row_no
    from lake.fund_investment i
    join lake.industry_fund f on f.fund_no = i.fund_no
),
counted as (
    select 'sme_amount' as variant, investment_no, project, region_code, invested_on, amount as weight, batch_id, row_no
    from invested
    where kind = 'sme' and cooperation
    union all
    select 'sme_project', investment_no, project, region_code, invested_on, 1, batch_id, row_no
    from invested
    where kind = 'sme' and cooperation
    union all
    select 'pool_amount', investment_no, project, region_code, invested_on, amount, batch_id, row_no
    from invested
    where kind = 'pool'
    union all
    select 'demonstration', investment_no, project, region_code, invested_on, 1, batch_id, row_no
    from invested
    where kind = 'guided' and demonstration
)
select
    variant,
    region_code,
    investment_no                  as entity_id,
    project                        as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    invested_on                    as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
