-- Doctoral students and young teachers who served firms that were specialised or “little giants” on
-- the day, as the document sends them “根据专精特新企业技术需求”: each person once a year (person), and every
-- stay (visit). person_any are those who served any firm registered here.
with served as (
    select s.person_no, s.university_name, s.started_on, c.region_code, t.enterprise_id as titled, s.batch_id, s.row_no,
        t.batch_id as beside_batch_id,
        t.row_no   as beside_row_no
    from lake.doctoral_service s
    join core.enterprise_match k on k.batch_id = s.batch_id and k.sheet = s.sheet and k.row_no = s.row_no
    join core.enterprise_in_city c
      on c.enterprise_id = k.enterprise_id
     and c.valid_from <= s.started_on
     and s.started_on < c.valid_to
    left join core.tier_held t
      on t.enterprise_id = k.enterprise_id
     and t.tier = 'specialised'
     and t.valid_from <= s.started_on
     and s.started_on < t.valid_to
    where s.role in ('doctoral_student', 'young_teacher')
),
numbered as (
    select
        person_no, university_name, started_on, region_code, titled, batch_id, row_no, beside_batch_id, beside_row_no,
        row_number() over (
            partition by person_no, extract(year from started_on) order by started_on, batch_id, row_no
        ) as place,
        row_number() over (
            partition by person_no, extract(year from started_on), titled is null order by started_on, batch_id, row_no
        ) as place_titled
    from served
),
counted as (
    select 'person' as variant, person_no, university_name, started_on, region_code, batch_id, row_no, beside_batch_id, beside_row_no
    from numbered
    where titled is not null and place_titled = 1
    union all
    select 'visit', person_no, university_name, started_on, region_code, batch_id, row_no, beside_batch_id, beside_row_no
    from numbered
    where titled is not null
    union all
    select 'person_any', person_no, university_name, started_on, region_code, batch_id, row_no, null, null
    from numbered
    where place = 1
)
select
    variant,
    region_code,
    person_no                 as entity_id,
    university_name           as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    started_on                as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no,
    beside_batch_id,
    beside_row_no
from counted
