-- The points of an item: all of them where every condition holds, none otherwise, unless the
-- experts gave other points with a reason. Experts cannot give more than the item is worth. Where their row
-- does not justify points that it gives, unjustified says so; where it changes them with a reason, adjusted does.
with earned as (
    select consortium_no, year, kpi_id, min(case when holds then 1 else 0 end) as all_hold
    from core.scorecard_condition_value
    group by consortium_no, year, kpi_id
)
select
    e.consortium_no,
    e.year,
    e.kpi_id,
    r.evaluated_on,
    c.jurisdiction_code,
    c.region_code,
    i.name as item_name,
    i.bonus,
    cast(i.points as decimal(20, 2))                as full_points,
    cast(i.points * e.all_hold as decimal(20, 2))   as computed_points,
    cast(case
        when o.points is null or o.reason is null then i.points * e.all_hold
        when o.points > i.points then i.points
        else o.points
    end as decimal(20, 2))                          as points,
    case when o.points is not null then o.reason end as override_reason,
    case
        when o.consortium_no is null then null
        when o.points is null then '专家行未写得分，仍按佐证计 ' || cast(cast(i.points * e.all_hold as decimal(20, 2)) as varchar) || ' 分'
        when o.reason is null then '专家行给 ' || cast(cast(o.points as decimal(20, 2)) as varchar) || ' 分而未写理由，不采用，仍按佐证计 '
            || cast(cast(i.points * e.all_hold as decimal(20, 2)) as varchar) || ' 分'
        when o.points > i.points then '专家行给 ' || cast(cast(o.points as decimal(20, 2)) as varchar) || ' 分，超过该项分值，只计 '
            || cast(cast(i.points as decimal(20, 2)) as varchar) || ' 分'
    end                                             as unjustified,
    case
        when o.points is not null and o.reason is not null and least(o.points, i.points) <> i.points * e.all_hold
            then '按佐证得 ' || cast(cast(i.points * e.all_hold as decimal(20, 2)) as varchar) || ' 分，专家调整为 '
                || cast(cast(least(o.points, i.points) as decimal(20, 2)) as varchar) || ' 分，理由：' || o.reason
    end                                             as adjusted,
    o.batch_id as review_batch_id,
    o.row_no   as review_row_no,
    r.batch_id,
    r.row_no
from earned e
join core.scorecard_item i on i.kpi_id = e.kpi_id
join core.consortium c on c.consortium_no = e.consortium_no
join lake.consortium_review r on r.consortium_no = e.consortium_no and r.year = e.year and r.item = '总评'
left join lake.consortium_review o on o.consortium_no = e.consortium_no and o.year = e.year and o.item = e.kpi_id
