-- Pilot universities: those listed, those with a rule for each of the four reforms, and those
-- with all four (complete). They belong to the city as a whole.
with listed as (
    select
        r.university_code, r.university_name, r.listed_on, b.jurisdiction_code, r.batch_id, r.row_no,
        row_number() over (partition by r.university_code order by r.listed_on, r.batch_id, r.row_no) as place
    from lake.pilot_university_rule r
    join core.batch b on b.batch_id = r.batch_id
),
issued as (
    select
        university_code, reform, batch_id, row_no,
        greatest(issued_on, listed_on) as valid_from,
        count(*) over (partition by university_code)                                                as reforms,
        row_number() over (partition by university_code order by greatest(issued_on, listed_on) desc, reform) as latest
    from lake.pilot_university_rule
    where issued_on is not null
),
counted as (
    select 'listed' as variant, university_code, listed_on as valid_from, batch_id, row_no from listed where place = 1
    union all
    select reform, university_code, valid_from, batch_id, row_no from issued
    union all
    select 'complete', university_code, valid_from, batch_id, row_no from issued where reforms = 4 and latest = 1
)
select
    c.variant,
    l.jurisdiction_code       as region_code,
    c.university_code         as entity_id,
    l.university_name         as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    c.valid_from,
    date '9999-12-31'         as valid_to,
    c.batch_id,
    c.row_no
from counted c
join listed l on l.university_code = c.university_code and l.place = 1
