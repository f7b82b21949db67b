select
    s.consortium_no,
    s.year,
    s.kpi_id,
    s.condition_no,
    s.condition_name,
    s.wants,
    cast(s.value as double) as value,
    s.holds
from core.scorecard_condition_value s
join core.scorecard_score t on t.consortium_no = s.consortium_no and t.year = s.year and t.evaluated_on <= $1
order by s.consortium_no, s.year, s.kpi_id, s.condition_no
