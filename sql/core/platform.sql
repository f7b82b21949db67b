-- Platforms from each recognition until they are withdrawn or recognised again: the status
-- history. stage 1 is a platform's first recognition. sort says what kind of platform the plan
-- for key parks takes it for: research, verification or integration; other: none of them.
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
    coalesce(t.term, 'other')                              as sort,
    h.level,
    h.university_name,
    h.park,
    h.region_code,
    h.recognised_on                                        as valid_from,
    least(coalesce(h.withdrawn_on, date '9999-12-31'), coalesce(h.next_on, date '9999-12-31')) as valid_to,
    h.batch_id,
    h.row_no
from history h
join core.batch b on b.batch_id = h.batch_id
left join core.term t
  on t.jurisdiction_code = b.jurisdiction_code
 and t.model = 'park_platform'
 and t.term in ('research', 'verification', 'integration')
 and t.word = h.kind
