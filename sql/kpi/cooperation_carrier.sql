-- Carriers of cooperation while they stand: science parks and transfer institutions (transfer),
-- what universities and firms found together (consortium), practice centres and pilot bases (base).
with grouped as (
    select
        case
            when kind in ('science_park', 'transfer_institution') then 'transfer'
            when kind in ('practice_centre', 'pilot_base') then 'base'
            else 'consortium'
        end as variant,
        carrier_no, name, region_code, founded_on,
        coalesce(closed_on, date '9999-12-31') as closed_on, batch_id, row_no
    from lake.cooperation_carrier
)
select
    variant,
    region_code,
    carrier_no                as entity_id,
    name                      as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    founded_on                as valid_from,
    closed_on                 as valid_to,
    batch_id,
    row_no
from grouped
where founded_on < closed_on
