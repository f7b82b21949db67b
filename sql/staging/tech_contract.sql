-- Technology contracts with their amounts in 元. What was filed in a foreign currency is converted at
-- the rate in force on the day of registration; without one it has no amount: the contract counts, the
-- money does not, and a check lists it.
select
    c.contract_no,
    c.kind,
    c.signed_on,
    c.registered_on,
    c.seller_name,
    c.buyer_name,
    c.buyer_code,
    c.buyer_region,
    c.field,
    c.region_code,
    cast(coalesce(c.amount, round(c.amount_foreign * r.rate, 2)) as decimal(20, 2))           as amount,
    cast(coalesce(c.tech_amount, round(c.tech_amount_foreign * t.rate, 2)) as decimal(20, 2)) as tech_amount,
    coalesce(c.amount_currency, c.tech_amount_currency)                                       as currency,
    c.amount_foreign,
    c.tech_amount_foreign,
    c.batch_id,
    c.sheet,
    c.row_no
from lake.tech_contract c
left join staging.exchange_rate r on r.currency = c.amount_currency and c.registered_on >= r.valid_from and c.registered_on < r.valid_to
left join staging.exchange_rate t on t.currency = c.tech_amount_currency and c.registered_on >= t.valid_from and c.registered_on < t.valid_to
