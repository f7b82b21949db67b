select distinct
    region_code,
    event_date
from mart.fact
where kpi_id = $1 and measure = $2 and event_date <= $3
order by region_code, event_date
