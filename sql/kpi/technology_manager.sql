-- Technology managers, each at the first certificate ever: who has one from before the
-- commitment counts is nobody it brought forth.
with certified as (
    select
        person_no, employer_name, recognised_on, region_code, batch_id, row_no,
        row_number() over (partition by person_no order by recognised_on, batch_id, row_no) as place
    from lake.technology_manager
)
select
    ''                        as variant,
    region_code,
    person_no                 as entity_id,
    employer_name             as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    recognised_on             as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no
from certified
where place = 1
