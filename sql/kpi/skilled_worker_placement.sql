-- Graduates of the city's vocational schools first insured by a firm that was specialised
-- or a “little giant” on the day, each person once a year.
with placed as (
    select
        w.person_no, w.school_name, w.insured_on, t.region_code, w.batch_id, w.row_no,
        t.batch_id as beside_batch_id,
        t.row_no   as beside_row_no,
        row_number() over (
            partition by w.person_no, extract(year from w.insured_on) order by w.insured_on, w.batch_id, w.row_no
        ) as place
    from lake.skilled_worker_placement w
    join core.school s
      on s.school_code = w.school_code
     and s.kind = 'vocational'
     and s.in_city
    join core.enterprise_match k on k.batch_id = w.batch_id and k.sheet = w.sheet and k.row_no = w.row_no
    join core.tier_held t
      on t.enterprise_id = k.enterprise_id
     and t.tier = 'specialised'
     and t.valid_from <= w.insured_on
     and w.insured_on < t.valid_to
)
select
    ''                        as variant,
    region_code,
    person_no                 as entity_id,
    school_name               as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    insured_on                as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no,
    beside_batch_id,
    beside_row_no
from placed
where place = 1
