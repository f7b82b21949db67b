-- Half-yearly dispatches by the day they were held: within 31 days of the half year, by the end of
-- July or of January (on_time), or at any time (held).
with dispatch as (
    select period_end, held_on, form, batch_id, row_no
    from lake.dispatch_meeting
),
counted as (
    select 'held' as variant, period_end, held_on, form, 1 as weight, batch_id, row_no from dispatch
    union all
    select 'on_time', period_end, held_on, form, 1, batch_id, row_no
    from dispatch
    where held_on <= period_end + interval '31' day
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
