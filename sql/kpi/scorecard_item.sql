-- Consortia that earned an item's points, from their evaluation until the next year's round opens
-- or they are struck off. The variant is the item's id.
select
    p.kpi_id                  as variant,
    p.region_code,
    p.consortium_no           as entity_id,
    c.consortium_name         as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    p.evaluated_on            as valid_from,
    case when c.stood_to < r.next_opened_on then c.stood_to else r.next_opened_on end as valid_to,
    p.batch_id,
    p.row_no
from core.scorecard_point p
join core.consortium c on c.consortium_no = p.consortium_no
join core.scorecard_round r on r.jurisdiction_code = p.jurisdiction_code and r.year = p.year
where p.points > 0
  and p.evaluated_on < r.next_opened_on
  and p.evaluated_on < c.stood_to
