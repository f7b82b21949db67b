-- The last decision about each text that named no enterprise, or several: the
-- enterprise that is meant, or none of the city's.
with decided as (
    select
        d.named_as,
        d.enterprise_code as enterprise_id,
        d.reason,
        d.batch_id,
        d.row_no,
        row_number() over (partition by d.named_as order by b.seq desc, d.row_no desc) as place
    from lake.match_decision d
    join core.batch b on b.batch_id = d.batch_id
    where d.enterprise_code is not null
       or d.left_out
)
select named_as, enterprise_id, reason, batch_id, row_no
from decided
where place = 1
