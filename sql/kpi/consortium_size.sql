-- What consortia are made of, while they stand: one fact per member firm, team, well-known expert of
-- a team, committee member and company, and one of weight 0 for each consortium or team that the
-- number is counted for, so that who has none is seen as well. mart.bound says who keeps to the
-- number. The id begins with the consortium's number. The jurisdiction's as a whole.
with part as (
    select part, holder_no as entity_id, holder_name as entity_name, 0 as weight, jurisdiction_code, valid_from, valid_to, batch_id, row_no
    from core.consortium_holder
    union all
    select p.part, p.holder_no || ' ' || p.entity_id, p.entity_name, 1, h.jurisdiction_code, p.valid_from, p.valid_to, p.batch_id, p.row_no
    from core.consortium_part p
    join core.consortium_holder h on h.part = p.part and h.holder_no = p.holder_no
)
select
    part                           as variant,
    jurisdiction_code              as region_code,
    entity_id,
    entity_name,
    cast(weight as decimal(20, 2)) as weight,
    cast(null as date)             as event_date,
    valid_from,
    valid_to,
    batch_id,
    row_no
from part
where valid_from < valid_to
