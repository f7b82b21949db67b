select
    kpi_id,
    measure,
    region_code,
    as_of,
    cast(value as double) as value
from mart.value
