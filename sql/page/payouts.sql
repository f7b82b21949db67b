select
    year,
    quarter,
    region_code,
    article,
    payouts,
    payees,
    cast(amount as double) as amount
from mart.award_payout_quarter
where jurisdiction_code = $1
order by 1, 2, 3, 4
