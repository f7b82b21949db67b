-- Parks and universities that are paired, each from its first agreement since the commitment counts (once). A park counts where
-- it stands, a university for the city as a whole.
with agreed as (
    select p.university_name, p.signed_on, k.park_code, k.park_name, k.region_code, b.jurisdiction_code, p.batch_id, p.row_no
    from lake.park_pairing p
    join core.park k on p.park in (k.park_code, k.park_name)
    join core.batch b on b.batch_id = p.batch_id
),
side as (
    select 'park' as variant, park_code as item_id, park_name as item_name, region_code, signed_on, batch_id, row_no from agreed
    union all
    select 'university', university_name, university_name, jurisdiction_code, signed_on, batch_id, row_no from agreed
)
select
    variant,
    region_code,
    item_id                   as entity_id,
    item_name                 as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    signed_on                 as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no
from side
