-- Technology SMEs that a university incubated, each once a year, at its first entry in the library
-- that year after it was incubated: an entry is valid for its year.
with incubated as (
    select enterprise_code, min(incubated_on) as incubated_on
    from lake.university_incubation
    group by enterprise_code
),
listed as (
    select
        s.enterprise_code, s.enterprise_name, s.region_code, s.listed_on, 1 as weight, s.batch_id, s.row_no,
        row_number() over (
            partition by s.enterprise_code, extract(year from s.listed_on) order by s.listed_on, s.registration_no
        ) as place
    from lake.technology_sme s
    join incubated i on i.enterprise_code = s.enterprise_code
    where i.incubated_on <= s.listed_on
)
select
    ''                             as variant,
    region_code,
    enterprise_code                as entity_id,
    enterprise_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    listed_on                      as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from listed
where place = 1
