-- Universities with an agreement, each at its first since the commitment counts; and the
-- agreements themselves. They belong to the city as a whole.
with begins as (
    select coalesce(min(counts_from), date '0001-01-01') as on_date
    from core.commitment
    where model = 'agreement_university'
),
agreement as (
    select a.university_code, a.university_name, a.agreement_no, a.signed_on, a.batch_id, a.row_no
    from lake.school_enterprise_agreement a
    join begins g on g.on_date <= a.signed_on
),
signed as (
    select 'university' as variant, university_code as entity_id, university_name as entity_name, signed_on, batch_id, row_no
    from agreement
    union all
    select 'agreement', agreement_no, university_name, signed_on, batch_id, row_no
    from agreement
),
numbered as (
    select
        variant, entity_id, entity_name, signed_on, batch_id, row_no,
        row_number() over (partition by variant, entity_id order by signed_on, batch_id, row_no) as place
    from signed
)
select
    n.variant,
    b.jurisdiction_code         as region_code,
    n.entity_id,
    n.entity_name,
    cast(1 as decimal(20, 2)) as weight,
    n.signed_on               as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    n.batch_id,
    n.row_no
from numbered n
join core.batch b on b.batch_id = n.batch_id
where n.place = 1
