select
    f.year,
    coalesce(c.name, '') as university_name,
    f.buyer_code,
    f.buyer_code <> '' as local,
    f.contracts,
    cast(f.amount as double) as amount,
    cast(f.tech_amount as double) as tech_amount
from mart.tech_contract_flow f
left join core.school c on c.school_code = f.school_code
where f.year <= $1
order by f.year, f.amount desc, f.school_code, f.buyer_code
