-- Where technology contracts go: one row per year of registration, selling university (all other sellers
-- are one) and buyer's place.
select
    extract(year from c.registered_on)        as year,
    c.school_code,
    c.buyer_code,
    count(*)                                  as contracts,
    cast(coalesce(sum(c.amount), 0) as decimal(20, 2))       as amount,
    cast(coalesce(sum(c.tech_amount), 0) as decimal(20, 2))  as tech_amount
from core.tech_contract c
group by extract(year from c.registered_on), c.school_code, c.buyer_code
