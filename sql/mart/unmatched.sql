-- Rows that name an enterprise the registry does not know, or several it knows: they are
-- kept, counted nowhere, and wait for a decision.
select m.source, m.named_as, m.name, m.name_key, m.batch_id, m.sheet, m.row_no
from staging.enterprise_mention m
left join core.enterprise_match k on k.batch_id = m.batch_id and k.sheet = m.sheet and k.row_no = m.row_no
left join staging.match_decision d on d.decided_key = coalesce(m.code, m.name_key)
where m.waits
  and k.enterprise_id is null
  and d.decided_key is null
