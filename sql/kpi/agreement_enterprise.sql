-- Enterprises organised: their agreements with universities, signed while they were specialised or
-- “little giants”, in force and registered here. An enterprise counts at its first since the
-- commitment counts (once).
select
    ''                        as variant,
    t.region_code,
    k.enterprise_id           as entity_id,
    e.enterprise_name         as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    a.signed_on               as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    a.batch_id,
    a.row_no,
    t.batch_id as beside_batch_id,
    t.row_no   as beside_row_no
from lake.school_enterprise_agreement a
join core.enterprise_match k on k.batch_id = a.batch_id and k.sheet = a.sheet and k.row_no = a.row_no
join core.enterprise e on e.enterprise_id = k.enterprise_id
join core.tier_held t
  on t.enterprise_id = k.enterprise_id
 and t.tier = 'specialised'
 and t.valid_from <= a.signed_on
 and a.signed_on < t.valid_to
