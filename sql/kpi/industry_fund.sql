-- Funds by the day they were put on file: those of the kinds that the document names first (each kind at its first fund),
-- concept-verification funds, and the money paid into a kind. They belong to the city as a whole.
with numbered as (
    select
        f.fund_no, f.name, f.kind, f.registered_on, f.paid_in, f.batch_id, f.row_no, t.word is not null as named,
        row_number() over (partition by f.kind order by f.registered_on, f.fund_no) as place
    from lake.industry_fund f
    join core.batch b on b.batch_id = f.batch_id
    left join core.term t
      on t.jurisdiction_code = b.jurisdiction_code
     and t.model = 'industry_fund'
     and t.term = 'kinds'
     and t.word = f.kind
),
counted as (
    select 'first_batch' as variant, fund_no, name, registered_on, 1 as weight, batch_id, row_no
    from numbered
    where named and place = 1
    union all
    select 'first_batch_paid', fund_no, name, registered_on, paid_in, batch_id, row_no
    from numbered
    where named
    union all
    select 'concept', fund_no, name, registered_on, 1, batch_id, row_no
    from numbered
    where kind = 'concept'
    union all
    select 'pool_paid', fund_no, name, registered_on, paid_in, batch_id, row_no
    from numbered
    where kind = 'pool'
)
select
    c.variant,
    b.jurisdiction_code              as region_code,
    c.fund_no                        as entity_id,
    c.name                           as entity_name,
    cast(c.weight as decimal(20, 2)) as weight,
    c.registered_on                  as event_date,
    cast(null as date)               as valid_from,
    cast(null as date)               as valid_to,
    c.batch_id,
    c.row_no
from counted c
join core.batch b on b.batch_id = c.batch_id
