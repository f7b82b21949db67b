-- Rows: an expert's points without a reason (not applied), above what the item is worth (cut), or
-- for an item or consortium that is not known or not evaluated that year (not applied).
select r.consortium_no, r.year, r.item, r.points, r.reason, p.full_points
from lake.consortium_review r
left join core.scorecard_point p
  on p.consortium_no = r.consortium_no
 and p.year = r.year
 and p.kpi_id = r.item
where r.item <> '总评'
  and (r.points is null or r.reason is null or p.kpi_id is null or r.points > p.full_points)
