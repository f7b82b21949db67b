-- The evaluation table of key parks on the as-of date: how complete “五个一” is, universities,
-- platforms, graduates and talents gained, tracks, and tasks by colour.
with as_of as (
    select max(period_end) as on_date from core.period
),
item as (
    select
        i.park_code,
        count(distinct case when i.topic in ('direction', 'platform', 'talent', 'fund', 'project') then i.topic end) as five_one,
        max(case when i.topic = 'direction' then 1 else 0 end)  as direction,
        max(case when i.topic = 'platform' then 1 else 0 end)   as platform,
        max(case when i.topic = 'talent' then 1 else 0 end)     as talent,
        max(case when i.topic = 'fund' then 1 else 0 end)       as fund,
        max(case when i.topic = 'project' then 1 else 0 end)    as project,
        max(case when i.topic = 'joint_plan' then 1 else 0 end) as joint_plan,
        count(distinct case when i.topic = 'pairing' then i.item_id end) as universities,
        count(distinct case when i.topic in ('research', 'verification', 'integration') then i.item_id end) as platforms,
        count(distinct case when i.topic = 'graduate' then i.item_id end) as graduates,
        count(distinct case when i.topic = 'leading' then i.item_id end)  as leading_talents,
        count(distinct case when i.topic = 'top' then i.item_id end)      as top_talents,
        count(distinct case when i.topic = 'track' then i.item_id end)    as tracks
    from core.park_item i
    join as_of a on i.begun_on <= a.on_date and a.on_date < i.ended_on
    group by i.park_code
),
task as (
    select
        t.park_code,
        count(*)                                             as tasks,
        sum(case when t.colour = 'green' then 1 else 0 end)  as green,
        sum(case when t.colour = 'yellow' then 1 else 0 end) as yellow,
        sum(case when t.colour = 'red' then 1 else 0 end)    as red,
        sum(case when t.colour = 'done' then 1 else 0 end)   as done
    from core.park_task t
    join as_of a on t.valid_from <= a.on_date and a.on_date < t.valid_to
    group by t.park_code
)
select
    a.on_date                       as as_of,
    k.park_code,
    k.park_name,
    k.cohort,
    g.reporting_code                as region_code,
    coalesce(i.five_one, 0)         as five_one,
    coalesce(i.direction, 0)        as direction,
    coalesce(i.platform, 0)         as platform,
    coalesce(i.talent, 0)           as talent,
    coalesce(i.fund, 0)             as fund,
    coalesce(i.project, 0)          as project,
    coalesce(i.joint_plan, 0)       as joint_plan,
    coalesce(i.universities, 0)     as universities,
    coalesce(i.platforms, 0)        as platforms,
    coalesce(i.graduates, 0)        as graduates,
    coalesce(i.leading_talents, 0)  as leading_talents,
    coalesce(i.top_talents, 0)      as top_talents,
    coalesce(i.tracks, 0)           as tracks,
    coalesce(t.tasks, 0)            as tasks,
    coalesce(t.green, 0)            as tasks_green,
    coalesce(t.yellow, 0)           as tasks_yellow,
    coalesce(t.red, 0)              as tasks_red,
    coalesce(t.done, 0)             as tasks_done
from core.park k
join core.region g on g.region_code = k.region_code
join as_of a on k.listed_on <= a.on_date and a.on_date < k.left_on
left join item i on i.park_code = k.park_code
left join task t on t.park_code = k.park_code
