select
    year,
    quarter,
    field,
    contracts,
    cast(amount as double) as amount,
    cast(tech_amount as double) as tech_amount
from mart.tech_contract_field
order by year, quarter, field
