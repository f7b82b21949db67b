-- People, each at the first appointment since the commitment counts (once): by role, and in any of the three roles of exchange
-- (person); technology managers stand between the two sides and are counted on their own.
with appointed as (
    select role as variant, person_no, enterprise_name, region_code, appointed_on, batch_id, row_no
    from lake.exchange_person
    union all
    select 'person', person_no, enterprise_name, region_code, appointed_on, batch_id, row_no
    from lake.exchange_person
    where role <> 'technology_manager'
)
select
    variant,
    region_code,
    person_no                      as entity_id,
    enterprise_name                as entity_name,
    cast(1 as decimal(20, 2))      as weight,
    appointed_on                   as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from appointed
