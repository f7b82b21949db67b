-- The part of the consortia a rule bounds, where it comes nearest to the bound: the members of the
-- consortium that has most of them, the experts of the team that has fewest. One fact per member,
-- expert … of that consortium or team, while it is the one; where it has none, the consortium or
-- team itself, of weight 0. The id begins with the consortium's number. The jurisdiction's as a whole.
with edge as (
    select part, jurisdiction_code, valid_from as on_date from core.consortium_holder
    union
    select part, jurisdiction_code, valid_to from core.consortium_holder
    union
    select p.part, h.jurisdiction_code, p.valid_from
    from core.consortium_part p
    join core.consortium_holder h on h.part = p.part and h.holder_no = p.holder_no
    union
    select p.part, h.jurisdiction_code, p.valid_to
    from core.consortium_part p
    join core.consortium_holder h on h.part = p.part and h.holder_no = p.holder_no
),
span as (
    select
        part, jurisdiction_code, on_date,
        lead(on_date) over (partition by part, jurisdiction_code order by on_date) as to_date
    from edge
),
sized as (
    select s.part, s.jurisdiction_code, s.on_date, s.to_date, h.holder_no, count(p.entity_id) as size
    from span s
    join core.consortium_holder h
      on h.part = s.part
     and h.jurisdiction_code = s.jurisdiction_code
     and h.valid_from <= s.on_date
     and s.on_date < h.valid_to
    left join core.consortium_part p
      on p.part = h.part
     and p.holder_no = h.holder_no
     and p.valid_from <= s.on_date
     and s.on_date < p.valid_to
    where s.to_date is not null
    group by s.part, s.jurisdiction_code, s.on_date, s.to_date, h.holder_no
),
ranked as (
    select
        part, jurisdiction_code, on_date, to_date, holder_no,
        row_number() over (
            partition by part, jurisdiction_code, on_date
            order by case when part in ('experts', 'companies') then size else -size end, holder_no
        ) as place
    from sized
)
select
    r.part                    as variant,
    r.jurisdiction_code       as region_code,
    h.holder_no || coalesce(' ' || p.entity_id, '') as entity_id,
    coalesce(p.entity_name, h.holder_name) as entity_name,
    cast(case when p.entity_id is null then 0 else 1 end as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    r.on_date                 as valid_from,
    r.to_date                 as valid_to,
    coalesce(p.batch_id, h.batch_id) as batch_id,
    case when p.entity_id is null then h.row_no else p.row_no end as row_no
from ranked r
join core.consortium_holder h on h.part = r.part and h.holder_no = r.holder_no
left join core.consortium_part p
  on p.part = r.part
 and p.holder_no = r.holder_no
 and p.valid_from <= r.on_date
 and r.on_date < p.valid_to
where r.place = 1
