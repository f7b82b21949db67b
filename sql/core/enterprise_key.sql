-- One row per text and enterprise that bears it: its credit code, its older registration
-- number, its present and former names as they are compared (staging.name_key).
-- fits is how many enterprises bear the text: only one that fits once names an enterprise
-- by itself.
with named as (
    select distinct enterprise_id, registration_no, enterprise_name
    from staging.enterprise_stretch
),
keyed as (
    select enterprise_id as enterprise_key, enterprise_id, 'code' as how
    from core.enterprise
    union all
    select registration_no, enterprise_id, 'number'
    from named
    where registration_no is not null
    union all
    select
        k.name_key,
        n.enterprise_id,
        case when n.enterprise_name = e.enterprise_name then 'name' else 'former_name' end
    from named n
    left join staging.name_key k on k.name = n.enterprise_name
    join core.enterprise e on e.enterprise_id = n.enterprise_id
),
once as (
    select enterprise_key, enterprise_id, max(how) as how -- a present name rather than a former one
    from keyed
    group by enterprise_key, enterprise_id
),
counted as (
    select enterprise_key, count(*) as fits
    from once
    group by enterprise_key
)
select o.enterprise_key, o.enterprise_id, o.how, c.fits
from once o
join counted c on c.enterprise_key = o.enterprise_key
