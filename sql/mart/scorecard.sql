-- The scorecard of a consortium and year, item by item: points, and why. Where a condition does
-- not hold, the first of those that do not is told.
with condition as (
    select
        consortium_no, year, kpi_id, holds,
        condition_name || coalesce(cast(value as varchar), '无佐证') || '，要求' || wants as said,
        row_number() over (partition by consortium_no, year, kpi_id, holds order by condition_no) as place
    from core.scorecard_condition_value
)
select
    p.consortium_no,
    c.consortium_name,
    p.region_code,
    p.year,
    p.kpi_id,
    p.item_name,
    p.bonus,
    p.full_points,
    p.computed_points,
    p.points,
    coalesce(k.said, '条件全部满足') as reason,
    p.override_reason,
    p.unjustified,
    p.adjusted,
    p.review_batch_id,
    p.review_row_no
from core.scorecard_point p
join core.consortium c on c.consortium_no = p.consortium_no
left join condition k
  on k.consortium_no = p.consortium_no
 and k.year = p.year
 and k.kpi_id = p.kpi_id
 and not k.holds
 and k.place = 1
