-- Stretches in which a listed park has at least one of a thing of “五个一”: rows that touch or
-- overlap are one stretch (core.stretch), named by the row that began it.
select k.park_code, i.element, s.valid_from, s.valid_to, i.batch_id, i.row_no
from core.stretch s
join core.park k on s.thing = 'five_one' and k.park_code = s.subject_id
join lake.park_five_one i on i.batch_id = s.first_batch_id and i.row_no = s.first_row_no
