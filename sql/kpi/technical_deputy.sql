-- Professors newly engaged as 技术副总, each once a year at the first signing with a firm
-- registered here; renewals are counted apart, one by one.
with signed as (
    select
        case when coalesce(d.renewal, false) then 'renewal' else 'person' end as variant,
        d.person_no, d.university_name, d.signed_on, c.region_code, d.batch_id, d.row_no
    from lake.technical_deputy d
    join core.enterprise_match k on k.batch_id = d.batch_id and k.sheet = d.sheet and k.row_no = d.row_no
    join core.enterprise_in_city c
      on c.enterprise_id = k.enterprise_id
     and c.valid_from <= d.signed_on
     and d.signed_on < c.valid_to
),
numbered as (
    select
        variant, person_no, university_name, signed_on, region_code, batch_id, row_no,
        row_number() over (
            partition by variant, person_no, extract(year from signed_on) order by signed_on, batch_id, row_no
        ) as place
    from signed
)
select
    variant,
    region_code,
    person_no                 as entity_id,
    university_name           as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    signed_on                 as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no
from numbered
where place = 1 or variant = 'renewal'
