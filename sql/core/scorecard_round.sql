-- A year's round of evaluations holds until the next round opens.
select
    jurisdiction_code,
    year,
    min(evaluated_on) as opened_on,
    coalesce(lead(min(evaluated_on)) over (partition by jurisdiction_code order by year), date '9999-12-31') as next_opened_on
from core.scorecard_point
group by jurisdiction_code, year
