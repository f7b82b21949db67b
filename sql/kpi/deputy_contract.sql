-- Technology contracts that a deputy's own university signed as the seller with the firm it was sent to,
-- within the deputy's term, of the amount that the commitment asks for or more, by the day they were registered: each contract once
-- (contract), its amount (amount), and the deputies who have one (deputy), each at the first since the
-- commitment counts (once). A term without an end goes on. The deputy's own row stands beside the contract's.
with term as (
    select
        d.person_no, d.university_name, k.enterprise_id,
        coalesce(d.term_from, d.signed_on)            as term_from,
        coalesce(d.term_to, date '9999-12-31')        as term_to,
        d.batch_id                                    as beside_batch_id,
        d.row_no                                      as beside_row_no
    from lake.technical_deputy d
    join core.enterprise_match k on k.batch_id = d.batch_id and k.sheet = d.sheet and k.row_no = d.row_no
),
signed as (
    select
        t.person_no, t.university_name, n.contract_no, n.amount, n.registered_on, c.region_code, n.batch_id, n.row_no,
        t.beside_batch_id, t.beside_row_no,
        row_number() over (partition by n.contract_no order by t.term_from, t.person_no)   as of_contract,
        row_number() over (partition by t.person_no, n.contract_no order by t.term_from, t.beside_batch_id, t.beside_row_no) as of_person
    from core.tech_contract n
    join term t
      on t.enterprise_id = n.buyer_id
     and t.university_name = n.seller_name
     and t.term_from <= n.signed_on
     and n.signed_on <= t.term_to
    join core.enterprise_in_city c
      on c.enterprise_id = n.buyer_id
     and c.valid_from <= n.signed_on
     and n.signed_on < c.valid_to
    join core.batch b on b.batch_id = n.batch_id
    join core.term a on a.jurisdiction_code = b.jurisdiction_code and a.model = 'deputy_contract' and a.term = 'amount'
    where n.amount >= cast(a.number as decimal(20, 2))
),
counted as (
    select 'contract' as variant, contract_no as entity_id, 1 as weight, university_name, registered_on, region_code, batch_id, row_no,
        beside_batch_id, beside_row_no
    from signed
    where of_contract = 1
    union all
    select 'amount', contract_no, amount, university_name, registered_on, region_code, batch_id, row_no,
        beside_batch_id, beside_row_no
    from signed
    where of_contract = 1
    union all
    select 'deputy', person_no, 1, university_name, registered_on, region_code, batch_id, row_no,
        beside_batch_id, beside_row_no
    from signed
    where of_person = 1
)
select
    variant,
    region_code,
    entity_id,
    university_name                as entity_name,
    cast(weight as decimal(20, 2)) as weight,
    registered_on                  as event_date,
    cast(null as date)             as valid_from,
    cast(null as date)             as valid_to,
    batch_id,
    row_no,
    beside_batch_id,
    beside_row_no
from counted
