select
    kpi_id,
    on_date,
    reached
from mart.crossing
order by kpi_id, on_date
