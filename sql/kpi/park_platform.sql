-- Platforms built in key parks together with universities since the commitments count. Each
-- counts once, at its first recognition: for the provincial pilots or for the city's trials, never
-- for both (pilot, trial), and for both by sort (research, verification, integration); of research
-- only what is of a level that the document asks for, or that the register leaves open.
with first_day as (
    select
        k.cohort, p.sort, p.platform_no, p.platform_name, k.region_code, p.valid_from, p.batch_id, p.row_no,
        p.level is null or l.word is not null as high
    from core.platform p
    join core.park k on p.park in (k.park_code, k.park_name)
    join core.counted_from o on o.model = 'park_platform' and o.starts_on <= p.valid_from
    join core.batch b on b.batch_id = p.batch_id
    left join core.term l
      on l.jurisdiction_code = b.jurisdiction_code
     and l.model = 'park_platform'
     and l.term = 'levels'
     and l.word = p.level
    where p.stage = 1
      and p.sort <> 'other'
      and p.university_name is not null
),
counted as (
    select cohort as variant, platform_no as item_id, platform_name as item_name, region_code, valid_from as begun_on, batch_id, row_no from first_day
    union all
    select sort, platform_no, platform_name, region_code, valid_from, batch_id, row_no from first_day
    where sort <> 'research' or high
)
select
    variant,
    region_code,
    item_id                   as entity_id,
    item_name                 as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    begun_on                  as event_date,
    cast(null as date)        as valid_from,
    cast(null as date)        as valid_to,
    batch_id,
    row_no
from counted
