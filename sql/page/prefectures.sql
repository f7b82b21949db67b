select
    region_code,
    region_name,
    cast(achievements as double) as achievements,
    cast(invested as double) as invested,
    cast(revenue as double) as revenue,
    cast(high_tech as double) as high_tech,
    cast(on_time as double) as on_time,
    cast(owed as double) as owed,
    cast(on_time_rate as double) as on_time_rate
from mart.prefecture_assessment
where as_of = $1
order by region_code
