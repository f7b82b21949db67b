-- Projects awarded by open challenge or by race: how many, and for how much.
with counted as (
    select 'project' as variant, project_no, name, region_code, awarded_on, 1 as weight, batch_id, row_no
    from lake.challenge_project
    union all
    select 'amount', project_no, name, region_code, awarded_on, amount, batch_id, row_no
    from lake.challenge_project
    where amount is not null
)
select
    variant,
    region_code,
    project_no                     as entity_id,
    name                           as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    awarded_on                     as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from counted
