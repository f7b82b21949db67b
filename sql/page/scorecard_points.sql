select
    s.consortium_no,
    s.consortium_name,
    s.region_code,
    s.year,
    s.kpi_id,
    s.item_name,
    s.bonus,
    cast(s.full_points as double) as full_points,
    cast(s.computed_points as double) as computed_points,
    cast(s.points as double) as points,
    s.reason,
    coalesce(s.override_reason, '') as override_reason,
    coalesce(s.unjustified, '') as unjustified,
    coalesce(s.adjusted, '') as adjusted
from mart.scorecard s
join core.scorecard_score t on t.consortium_no = s.consortium_no and t.year = s.year and t.evaluated_on <= $1
order by s.consortium_no, s.year, s.kpi_id
