-- Entries standing in the two libraries: results (patents among them) and enterprises' demands.
select
    case l.kind when 'demand' then 'demand' else 'achievement' end as variant,
    b.jurisdiction_code                      as region_code,
    l.entry_no                               as entity_id,
    l.title                                  as entity_name,
    cast(1 as decimal(20, 2))                as weight,
    cast(null as date)                       as event_date,
    l.entered_on                             as valid_from,
    coalesce(l.left_on, date '9999-12-31')   as valid_to,
    l.batch_id,
    l.row_no
from lake.technology_library l
join core.batch b on b.batch_id = l.batch_id
where l.entered_on < coalesce(l.left_on, date '9999-12-31')
