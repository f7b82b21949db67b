select
    t.year,
    t.quarter,
    t.region_code,
    case t.kind
        when 'development' then '技术开发'
        when 'transfer' then '技术转让'
        when 'licence' then '技术许可'
        when 'consulting' then '技术咨询'
        else '技术服务'
    end as kind,
    t.contracts,
    cast(t.amount as double) as amount,
    cast(t.tech_amount as double) as tech_amount
from mart.tech_contract_quarter t
order by 1, 2, 3, t.kind
