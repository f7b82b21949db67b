-- Rows: ledgers of parks that name a park the list of key parks does not have. They count nowhere.
with named as (
    select 'park_plan' as source, park, batch_id, row_no from lake.park_plan
    union all
    select 'park_five_one', park, batch_id, row_no from lake.park_five_one
    union all
    select 'park_pairing', park, batch_id, row_no from lake.park_pairing
    union all
    select 'joint_graduate', park, batch_id, row_no from lake.joint_graduate
    union all
    select 'park_talent', park, batch_id, row_no from lake.park_talent
    union all
    select 'new_track', park, batch_id, row_no from lake.new_track
    union all
    select 'park_task', park, batch_id, row_no from lake.park_task
)
select n.source, n.park, n.batch_id, n.row_no
from named n
left join core.park k on n.park in (k.park_code, k.park_name)
where k.park_code is null
