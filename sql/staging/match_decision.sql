-- The last decision about each text that named no enterprise, or several: the enterprise
-- that is meant, or none of the city's. Names are compared as everywhere
-- (staging.name_key), so that a decision is remembered however the name is written the next time.
with given as (
    select
        k.name_key as decided_key,
        d.enterprise_code as enterprise_id,
        d.reason,
        d.batch_id,
        d.row_no,
        b.seq
    from lake.match_decision d
    left join staging.name_key k on k.name = d.named_as
    join core.batch b on b.batch_id = d.batch_id
    where d.enterprise_code is not null
       or d.left_out
),
decided as (
    select
        decided_key, enterprise_id, reason, batch_id, row_no,
        row_number() over (partition by decided_key order by seq desc, row_no desc) as place
    from given
)
select decided_key, enterprise_id, reason, batch_id, row_no
from decided
where place = 1
