-- Award money by the day it was paid, in 元.
select
    'amount'                       as variant,
    region_code,
    payment_no                     as entity_id,
    payee_name                     as entity_name,
    cast(amount as decimal(20, 2)) as weight,
    paid_on                        as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no
from lake.award_payout
