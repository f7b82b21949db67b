select
    consortium_no,
    consortium_name,
    region_code,
    year,
    cast(coalesce(raw, 0) as double) as raw,
    cast(coalesce(score, 0) as double) as score,
    grade,
    cast(subsidy as double) as subsidy,
    consequence
from mart.scorecard_total
where evaluated_on <= $1
order by consortium_no, year
