-- 产业教授 from firms that were specialised or “little giants” on the day, each person once a year.
with appointed as (
    select
        p.person_no, p.university_name, p.appointed_on, t.region_code, p.batch_id, p.row_no,
        t.batch_id as beside_batch_id,
        t.row_no   as beside_row_no,
        row_number() over (
            partition by p.person_no, extract(year from p.appointed_on) order by p.appointed_on, p.batch_id, p.row_no
        ) as place
    from lake.industry_professor p
    join core.enterprise_match k on k.batch_id = p.batch_id and k.sheet = p.sheet and k.row_no = p.row_no
    join core.tier_held t
      on t.enterprise_id = k.enterprise_id
     and t.tier = 'specialised'
     and t.valid_from <= p.appointed_on
     and p.appointed_on < t.valid_to
)
select
    ''                        as variant,
    region_code,
    person_no                 as entity_id,
    university_name           as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    appointed_on              as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no,
    beside_batch_id,
    beside_row_no
from appointed
where place = 1
