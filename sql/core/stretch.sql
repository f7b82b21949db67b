-- Stretches of days without a gap on which a thing holds of somebody: rows whose days touch or overlap are one
-- stretch. first is the row that began it, last the one that began last. Whoever asks reads them here:
--   tier            an enterprise's tier, of recognitions that were renewed (core.tier_interval)
--   five_one        a thing of “五个一” in a listed park (core.five_one_stretch)
--   track           a new track of the plan, in whichever park (kpi.track_growing)
--   rd_institution  an enterprise with an R&D institution on file (kpi.rd_institution)
-- Elsewhere something else is asked, and no gap is looked for: which row holds on each day of several that do
-- (core.tier_held, kpi.enterprise_tier, kpi.consortium_fee), and what reads the same in exports or is graded the same in
-- years that follow each other (staging.enterprise_stretch, core.scorecard_score).
with held as (
    select 'tier' as thing, tier as part, enterprise_id as subject_id, valid_from, valid_to, batch_id, row_no
    from core.tier_counted
    union all
    select
        'five_one', i.element, k.park_code,
        greatest(i.begun_on, k.listed_on), least(coalesce(i.ended_on, date '9999-12-31'), k.left_on), i.batch_id, i.row_no
    from lake.park_five_one i
    join core.park k on i.park in (k.park_code, k.park_name)
    union all
    select 'track', '', track_name, recognised_on, coalesce(ended_on, date '9999-12-31'), batch_id, row_no
    from lake.new_track
    where in_plan
    union all
    select 'rd_institution', '', k.enterprise_id, r.filed_on, coalesce(r.revoked_on, date '9999-12-31'), r.batch_id, r.row_no
    from lake.rd_institution r
    join core.enterprise_match k on k.batch_id = r.batch_id and k.sheet = r.sheet and k.row_no = r.row_no
),
reached as (
    select
        thing, part, subject_id, valid_from, valid_to, batch_id, row_no,
        max(valid_to) over (
            partition by thing, part, subject_id order by valid_from, valid_to, batch_id, row_no
            rows between unbounded preceding and 1 preceding
        ) as held_to
    from held
    where valid_from < valid_to
),
numbered as (
    select
        thing, part, subject_id, valid_from, valid_to, batch_id, row_no,
        sum(case when held_to is null or valid_from > held_to then 1 else 0 end) over (
            partition by thing, part, subject_id order by valid_from, valid_to, batch_id, row_no
            rows unbounded preceding
        ) as stretch
    from reached
),
placed as (
    select
        thing, part, subject_id, stretch, valid_from, valid_to, batch_id, row_no,
        row_number() over (partition by thing, part, subject_id, stretch order by valid_from, valid_to, batch_id, row_no) as from_first,
        row_number() over (
            partition by thing, part, subject_id, stretch order by valid_from desc, valid_to desc, batch_id desc, row_no desc
        ) as from_last
    from numbered
)
select
    thing,
    part,
    subject_id,
    min(valid_from)                                  as valid_from,
    max(valid_to)                                    as valid_to,
    max(case when from_first = 1 then batch_id end) as first_batch_id,
    max(case when from_first = 1 then row_no end)   as first_row_no,
    max(case when from_last = 1 then batch_id end)  as last_batch_id,
    max(case when from_last = 1 then row_no end)    as last_row_no
from placed
group by thing, part, subject_id, stretch
