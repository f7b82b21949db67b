-- Units that take part (unit), and since when cooperation is in their work plan (in_plan), has a
-- team (team) and a ledger (ledger). Nothing counts before the unit takes part.
with step as (
    select 'unit' as variant, unit_name, region_code, listed_on, listed_on as on_date, batch_id, row_no from lake.cooperation_unit
    union all
    select 'in_plan', unit_name, region_code, listed_on, in_plan_on, batch_id, row_no from lake.cooperation_unit
    union all
    select 'team', unit_name, region_code, listed_on, team_on, batch_id, row_no from lake.cooperation_unit
    union all
    select 'ledger', unit_name, region_code, listed_on, ledger_on, batch_id, row_no from lake.cooperation_unit
),
counted as (
    select
        variant, unit_name, region_code, 1 as weight,
        case when on_date < listed_on then listed_on else on_date end as from_date, batch_id, row_no
    from step
    where on_date is not null
)
select
    variant,
    region_code,
    unit_name                      as entity_id,
    unit_name                      as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    from_date                      as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
