select
    year,
    place,
    university_name,
    contracts,
    cast(amount as double) as amount,
    cast(tech_amount as double) as tech_amount,
    cast(local_amount as double) as local_amount,
    cast(local_share as double) as local_share,
    firms
from mart.university_ranking
where year <= $1
order by year, place, school_code
