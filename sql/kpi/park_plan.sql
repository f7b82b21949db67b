-- Parks with a plan on file, from the first day they have one: trial parks with a plan of the
-- trial (trial_plan), all parks with a plan to work with a university (joint_plan).
with filed as (
    select
        p.kind, k.park_code, k.park_name, k.cohort, k.region_code, k.left_on,
        greatest(p.filed_on, k.listed_on) as filed_on,
        p.batch_id, p.row_no,
        row_number() over (partition by p.kind, k.park_code order by p.filed_on, p.batch_id, p.row_no) as place
    from lake.park_plan p
    join core.park k on p.park in (k.park_code, k.park_name)
)
select
    kind                      as variant,
    region_code,
    park_code                 as entity_id,
    park_name                 as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    filed_on                  as valid_from,
    left_on                   as valid_to,
    batch_id,
    row_no
from filed
where place = 1
  and filed_on < left_on
  and (kind = 'joint_plan' or cohort = 'trial')
