-- Platforms built in key parks together with universities since the commitments count. Each
-- counts once, at its first recognition: for the provincial pilots or for the city's trials, never
-- for both (pilot, trial), and for both by sort (research, verification, integration); of research
-- only what is provincial or above, as article 5 asks, or of a level the register leaves open.
with first_day as (
    select k.cohort, p.sort, p.level, p.platform_no, p.platform_name, k.region_code, p.valid_from, p.batch_id, p.row_no
    from core.platform p
    join core.park k on p.park in (k.park_code, k.park_name)
    join core.counted_from o on o.model = 'park_platform' and o.starts_on <= p.valid_from
    where p.stage = 1
      and p.kind in (
          'key_lab', 'engineering_centre', 'innovation_centre', 'concept_verification', 'pilot_base',
          'engineer_school', 'future_school', 'speciality_school', 'graduate_station', 'integrated'
      )
      and p.university_name is not null
),
counted as (
    select cohort as variant, platform_no as item_id, platform_name as item_name, region_code, valid_from as begun_on, batch_id, row_no from first_day
    union all
    select sort, platform_no, platform_name, region_code, valid_from, batch_id, row_no from first_day
    where sort <> 'research' or level is null or level in ('national', 'provincial')
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
