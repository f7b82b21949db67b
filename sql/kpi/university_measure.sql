-- Universities of the city on the education bureau's roll, and of them those that have
-- brought in rules that reward transfer, rules of disclosure, or a publicity zone.
-- They belong to the city as a whole. What is a share of those on the roll counts nobody who was not
-- on it yet.
with measure as (
    select 'university' as variant, university_code, university_name, listed_on as valid_from, cast(null as date) as last_day, batch_id, row_no
    from lake.university_measure
    union all
    select 'evaluation_reform', university_code, university_name, reform_on, cast(null as date), batch_id, row_no
    from lake.university_measure
    where reform_on is not null
    union all
    select 'disclosure', university_code, university_name, greatest(disclosure_on, listed_on), cast(null as date), batch_id, row_no
    from lake.university_measure
    where disclosure_on is not null
    union all
    select 'publicity_zone', university_code, university_name, greatest(zone_from, listed_on), zone_to, batch_id, row_no
    from lake.university_measure
    where zone_from is not null
)
select
    m.variant,
    b.jurisdiction_code                      as region_code,
    m.university_code                        as entity_id,
    m.university_name                        as entity_name,
    cast(1 as decimal(20, 2))                as weight,
    cast(null as date)                       as event_date,
    m.valid_from,
    coalesce(m.last_day, date '9999-12-31')  as valid_to,
    m.batch_id,
    m.row_no
from measure m
join core.batch b on b.batch_id = m.batch_id
where m.valid_from < coalesce(m.last_day, date '9999-12-31')
