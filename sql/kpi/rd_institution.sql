-- Coverage of the industrial enterprises above the designated size by R&D institutions on
-- file: variant enterprise is the year's list, covered what of it has an institution then.
-- An enterprise with several institutions counts once, while it has one of them (core.stretch).
with listed as (
    select
        year, enterprise_code as enterprise_id, enterprise_name, region_code,
        cast(cast(year as varchar) || '-01-01' as date)     as valid_from,
        cast(cast(year + 1 as varchar) || '-01-01' as date) as valid_to,
        batch_id, row_no
    from lake.large_industry
),
covered as (
    select
        l.enterprise_id, l.enterprise_name, l.region_code,
        greatest(l.valid_from, s.valid_from) as valid_from,
        least(l.valid_to, s.valid_to)        as valid_to,
        r.batch_id, r.row_no
    from core.stretch s
    join lake.rd_institution r
      on s.thing = 'rd_institution'
     and r.batch_id = s.first_batch_id
     and r.row_no = s.first_row_no
    join core.enterprise_match k on k.batch_id = r.batch_id and k.sheet = r.sheet and k.row_no = r.row_no
    join listed l
      on l.enterprise_id = k.enterprise_id
     and s.valid_from < l.valid_to
     and l.valid_from < s.valid_to
),
counted as (
    select 'enterprise' as variant, enterprise_id, enterprise_name, region_code, valid_from, valid_to, batch_id, row_no from listed
    union all
    select 'covered', enterprise_id, enterprise_name, region_code, valid_from, valid_to, batch_id, row_no from covered
)
select
    variant,
    region_code,
    enterprise_id             as entity_id,
    enterprise_name           as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    valid_from,
    valid_to,
    batch_id,
    row_no
from counted
