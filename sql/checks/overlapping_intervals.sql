-- Rows: an interval that begins before the one before it has ended.
with ordered as (
    select
        tier, enterprise_id, valid_from, valid_to, batch_id, row_no,
        lag(valid_to) over (partition by tier, enterprise_id order by valid_from) as held_to
    from core.tier_interval
)
select tier, enterprise_id, valid_from, valid_to, held_to, batch_id, row_no
from ordered
where valid_from < held_to
