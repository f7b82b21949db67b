-- Updates of the two libraries, and the universities a new version of the demand library was sent
-- to (pushed) and the pairs it made (matched).
with updated as (
    select library, version, updated_on, pushed, matched, batch_id, row_no
    from lake.library_update
),
counted as (
    select library as variant, library, version, updated_on, 1 as weight, batch_id, row_no
    from updated
    union all
    select 'pushed', library, version, updated_on, pushed, batch_id, row_no
    from updated
    where library = 'demand' and pushed is not null
    union all
    select 'matched', library, version, updated_on, matched, batch_id, row_no
    from updated
    where library = 'demand' and matched is not null
)
select
    u.variant,
    b.jurisdiction_code              as region_code,
    u.version                        as entity_id,
    case u.library when 'demand' then '企业技术需求库 ' else '高校成果库 ' end || u.version as entity_name,
    cast(u.weight as decimal(20, 2)) as weight,
    u.updated_on                     as event_date,
    cast(null as date)               as valid_from,
    cast(null as date)               as valid_to,
    u.batch_id,
    u.row_no
from counted u
join core.batch b on b.batch_id = u.batch_id
