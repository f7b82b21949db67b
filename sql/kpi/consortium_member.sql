-- Consortia that stand, their member firms (the leader aside), and those of them without a
-- research centre of their own.
with counted as (
    select 'consortium' as variant, region_code, consortium_no as entity_id, consortium_name as entity_name,
        recognised_on as valid_from, stood_to as valid_to, batch_id, row_no
    from core.consortium
    union all
    select 'member', region_code, holder_no || ' ' || entity_id, entity_name, valid_from, valid_to, batch_id, row_no
    from core.consortium_part
    where part = 'members'
    union all
    select 'no_centre', p.region_code, p.holder_no || ' ' || p.entity_id, p.entity_name, p.valid_from, p.valid_to, p.batch_id, p.row_no
    from core.consortium_part p
    join lake.consortium_member m on m.consortium_no = p.consortium_no and m.member_name = p.entity_name
    where p.part = 'members'
      and not m.has_centre
)
select
    variant,
    region_code,
    entity_id,
    entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    valid_from,
    valid_to,
    batch_id,
    row_no
from counted
where valid_from < valid_to
