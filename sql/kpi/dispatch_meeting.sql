-- Half-yearly dispatches by the day they were held: within so many days of the half year as the
-- commitment gives (on_time), or at any time (held).
with dispatch as (
    select period_end, held_on, form, batch_id, row_no
    from lake.dispatch_meeting
),
counted as (
    select 'held' as variant, period_end, held_on, form, 1 as weight, batch_id, row_no from dispatch
    union all
    select 'on_time', d.period_end, d.held_on, d.form, 1, d.batch_id, d.row_no
    from dispatch d
    join core.batch b on b.batch_id = d.batch_id
    join core.term t on t.jurisdiction_code = b.jurisdiction_code and t.model = 'dispatch_meeting' and t.term = 'days'
    where d.held_on <= d.period_end + cast(t.number as integer) * interval '1' day
)
select
    d.variant,
    b.jurisdiction_code              as region_code,
    cast(d.period_end as varchar)    as entity_id,
    d.form                           as entity_name,
    cast(d.weight as decimal(20, 2)) as weight,
    d.held_on                        as event_date,
    cast(null as date)               as valid_from,
    cast(null as date)               as valid_to,
    d.batch_id,
    d.row_no
from counted d
join core.batch b on b.batch_id = d.batch_id
