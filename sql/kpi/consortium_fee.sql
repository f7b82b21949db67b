-- The contract whose management fee is the largest share of its amount among those signed in the
-- year so far, in percent, rounded up so that no excess rounds away; the jurisdiction's as a whole.
with rate as (
    select
        c.jurisdiction_code, k.contract_no, k.project, k.signed_on,
        cast(cast(extract(year from k.signed_on) + 1 as varchar) || '-01-01' as date) as year_to,
        cast((
            round((coalesce(k.fee, 0) * 10000 - mod(coalesce(k.fee, 0) * 10000, k.amount)) / k.amount)
            + case when mod(coalesce(k.fee, 0) * 10000, k.amount) > 0 then 1 else 0 end
        ) * 0.01 as decimal(20, 2)) as percent,
        k.batch_id, k.row_no
    from lake.consortium_contract k
    join core.consortium c on c.consortium_no = k.consortium_no
    where k.amount > 0
),
edge as (
    select jurisdiction_code, signed_on as on_date from rate
    union
    select jurisdiction_code, year_to from rate
),
span as (
    select jurisdiction_code, on_date, lead(on_date) over (partition by jurisdiction_code order by on_date) as to_date
    from edge
),
ranked as (
    select
        s.jurisdiction_code, s.on_date, s.to_date, r.contract_no, r.project, r.percent, r.batch_id, r.row_no,
        row_number() over (partition by s.jurisdiction_code, s.on_date order by r.percent desc, r.contract_no) as place
    from span s
    join rate r
      on r.jurisdiction_code = s.jurisdiction_code
     and r.signed_on <= s.on_date
     and s.on_date < r.year_to
    where s.to_date is not null
)
select
    ''                              as variant,
    jurisdiction_code               as region_code,
    contract_no                     as entity_id,
    project                         as entity_name,
    cast(percent as decimal(20, 2)) as weight,
    cast(null as date)              as event_date,
    on_date                         as valid_from,
    to_date                         as valid_to,
    batch_id,
    row_no
from ranked
where place = 1
