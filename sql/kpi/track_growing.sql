-- New tracks being grown in at least one key park: those of the plan's eight (plan), and of these
-- those that the document names (named). Tracks belong to the city as a whole.
with growing as (
    select t.track_name, s.valid_from, s.valid_to, b.jurisdiction_code, t.batch_id, t.row_no
    from core.stretch s
    join lake.new_track t
      on s.thing = 'track'
     and t.batch_id = s.first_batch_id
     and t.row_no = s.first_row_no
    join core.batch b on b.batch_id = t.batch_id
),
counted as (
    select 'plan' as variant, track_name, valid_from, valid_to, jurisdiction_code, batch_id, row_no from growing
    union all
    select 'named', w.track_name, w.valid_from, w.valid_to, w.jurisdiction_code, w.batch_id, w.row_no
    from growing w
    join core.term n
      on n.jurisdiction_code = w.jurisdiction_code
     and n.model = 'track_growing'
     and n.term = 'tracks'
     and n.word = w.track_name
)
select
    variant,
    jurisdiction_code         as region_code,
    track_name                as entity_id,
    track_name                as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    valid_from,
    valid_to,
    batch_id,
    row_no
from counted
