-- Rows: a year whose contracts by place, by field or by quarter do not add up to the same.
with flow as (
    select year, sum(contracts) as contracts, sum(amount) as amount from mart.tech_contract_flow group by year
),
field as (
    select year, sum(contracts) as contracts, sum(amount) as amount from mart.tech_contract_field group by year
),
quarter as (
    select year, sum(contracts) as contracts, sum(amount) as amount from mart.tech_contract_quarter group by year
)
select q.year, q.contracts, f.contracts as by_place, d.contracts as by_field
from quarter q
left join flow f on f.year = q.year
left join field d on d.year = q.year
where f.contracts is null or d.contracts is null
   or f.contracts <> q.contracts or d.contracts <> q.contracts
   or f.amount <> q.amount or d.amount <> q.amount
