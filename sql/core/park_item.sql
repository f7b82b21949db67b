-- Everything that stands in a key park for a time, for the evaluation of parks: its plans, the five
-- things of “五个一”, its universities, platforms, talents, graduates and tracks, each row of a
-- ledger once. KPIs read the ledgers one by one: a ledger that is missing must not silence the others.
with item as (
    select park, kind as topic, plan_no as item_id, university_name as item_name, filed_on as begun_on, cast(null as date) as ended_on, batch_id, row_no
    from lake.park_plan
    union all
    select park, element, item_no, item_name, begun_on, ended_on, batch_id, row_no
    from lake.park_five_one
    union all
    select park, 'pairing', university_name, university_name, signed_on, ended_on, batch_id, row_no
    from lake.park_pairing
    union all
    select park, 'graduate', student_no, university_name, signed_on, null, batch_id, row_no
    from lake.joint_graduate
    union all
    select park, rank, person_no, employer_name, arrived_on, left_on, batch_id, row_no
    from lake.park_talent
    where rank in ('top', 'leading')
    union all
    select park, 'track', track_name, track_name, recognised_on, ended_on, batch_id, row_no
    from lake.new_track
),
built as (
    select park, topic, item_id, item_name, begun_on, ended_on, batch_id, row_no
    from item
    union all
    select park, sort, platform_no, platform_name, valid_from, valid_to, batch_id, row_no
    from core.platform
    where park is not null
      and university_name is not null
      and sort <> 'other'
)
select
    k.park_code,
    i.topic,
    i.item_id,
    i.item_name,
    i.begun_on,
    coalesce(i.ended_on, date '9999-12-31') as ended_on,
    i.batch_id,
    i.row_no
from built i
join core.park k on i.park in (k.park_code, k.park_name)
