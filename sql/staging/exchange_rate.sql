-- What one unit of a foreign currency is worth in 元, by the stretches of time in which each rate the
-- office has filed is in force: until the next one of its currency, and for a year at most.
with stated as (
    select
        currency,
        cast(case when rate_on_precision = 'month' then rate_on - (extract(day from rate_on) - 1) * interval '1' day else rate_on end as date) as valid_from,
        cast(rate * case units when 'one' then 1.0000 when 'hundred' then 0.0100 else 0.0001 end as decimal(24, 10)) as rate,
        published_by,
        batch_id,
        row_no
    from lake.exchange_rate
),
followed as (
    select
        currency, valid_from, rate, published_by, batch_id, row_no,
        lead(valid_from) over (partition by currency order by valid_from, batch_id, row_no) as next_from
    from stated
)
select
    currency,
    valid_from,
    case when next_from <= valid_from + interval '366' day then next_from else cast(valid_from + interval '366' day as date) end as valid_to,
    rate,
    published_by,
    batch_id,
    row_no
from followed
where next_from is null
   or next_from > valid_from
