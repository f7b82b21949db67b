-- Universities with an agreement, and the agreements themselves: each counts at its first row since
-- the commitment counts (once). They belong to the city as a whole.
with signed as (
    select 'university' as variant, university_code as entity_id, university_name as entity_name, signed_on, batch_id, row_no
    from lake.school_enterprise_agreement
    union all
    select 'agreement', agreement_no, university_name, signed_on, batch_id, row_no
    from lake.school_enterprise_agreement
)
select
    n.variant,
    b.jurisdiction_code       as region_code,
    n.entity_id,
    n.entity_name,
    cast(1 as decimal(20, 2)) as weight,
    n.signed_on               as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    n.batch_id,
    n.row_no
from signed n
join core.batch b on b.batch_id = n.batch_id
