-- One row per enterprise, tier and stretch of time in force, registered here and existing.
-- Recognitions that touch or overlap are one stretch (core.stretch), named by the row recognised last;
-- core.tier_held tells which of them holds on a day.
select
    l.tier,
    l.enterprise_id,
    c.region_code,
    greatest(s.valid_from, c.valid_from) as valid_from,
    least(s.valid_to, c.valid_to)        as valid_to,
    l.batch_id,
    l.row_no
from core.stretch s
join core.tier_counted l
  on s.thing = 'tier'
 and l.tier = s.part
 and l.batch_id = s.last_batch_id
 and l.row_no = s.last_row_no
join core.enterprise_in_city c
  on c.enterprise_id = s.subject_id
 and c.valid_from < s.valid_to
 and s.valid_from < c.valid_to
