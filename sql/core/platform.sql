-- Platforms from each recognition until they are withdrawn or recognised again: the status
-- history. stage 1 is a platform's first recognition. sort says what kind of platform the
-- “双高协同” plan takes it for: research, verification or integration; other: none of them.
with history as (
    select
        p.platform_no, p.platform_name, p.kind, p.level, p.university_name, p.park, p.region_code,
        p.recognised_on, p.withdrawn_on, p.batch_id, p.row_no,
        row_number() over (partition by p.platform_no order by p.recognised_on)       as stage,
        lead(p.recognised_on) over (partition by p.platform_no order by p.recognised_on) as next_on
    from lake.platform p
)
select
    h.platform_no,
    h.stage,
    h.platform_name,
    h.kind,
    case
        when h.kind in ('key_lab', 'engineering_centre', 'innovation_centre') then 'research'
        when h.kind in ('concept_verification', 'pilot_base') then 'verification'
        when h.kind in ('engineer_school', 'future_school', 'speciality_school', 'graduate_station', 'integrated') then 'integration'
        else 'other'
    end                                                     as sort,
    h.level,
    h.university_name,
    h.park,
    h.region_code,
    h.recognised_on                                        as valid_from,
    least(coalesce(h.withdrawn_on, date '9999-12-31'), coalesce(h.next_on, date '9999-12-31')) as valid_to,
    h.batch_id,
    h.row_no
from history h
