-- Enterprises organised: each at its first agreement with a university since the commitment
-- counts, signed while it was specialised or a “little giant”, in force and registered here.
with begins as (
    select coalesce(min(counts_from), date '0001-01-01') as on_date
    from core.commitment
    where model = 'agreement_enterprise'
),
signed as (
    select
        k.enterprise_id, a.signed_on, t.region_code, a.batch_id, a.row_no,
        case when a.signed_on < t.last_from then t.first_batch_id else t.batch_id end as beside_batch_id,
        case when a.signed_on < t.last_from then t.first_row_no else t.row_no end     as beside_row_no,
        row_number() over (partition by k.enterprise_id order by a.signed_on, a.batch_id, a.row_no) as place
    from lake.school_enterprise_agreement a
    join core.enterprise_match k on k.batch_id = a.batch_id and k.sheet = a.sheet and k.row_no = a.row_no
    join core.tier_interval t
      on t.enterprise_id = k.enterprise_id
     and t.tier = 'specialised'
     and t.valid_from <= a.signed_on
     and a.signed_on < t.valid_to
    join begins g on g.on_date <= a.signed_on
)
select
    ''                        as variant,
    s.region_code,
    s.enterprise_id           as entity_id,
    e.enterprise_name         as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    s.signed_on               as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    s.batch_id,
    s.row_no,
    s.beside_batch_id,
    s.beside_row_no
from signed s
join core.enterprise e on e.enterprise_id = s.enterprise_id
where s.place = 1
