-- One row per recognition and tier it counts as while it holds. Tiers are nested: a “little giant” is
-- specialised and innovative too; a champion is a title beside the tiers.
select
    n.counts_as as tier,
    r.enterprise_id,
    r.valid_from,
    r.valid_to,
    r.batch_id,
    r.row_no
from core.tier_recognition r
join (
    values
        ('innovative', 'innovative'),
        ('specialised', 'innovative'),
        ('specialised', 'specialised'),
        ('little_giant', 'innovative'),
        ('little_giant', 'specialised'),
        ('little_giant', 'little_giant'),
        ('champion', 'champion')
) as n (tier, counts_as) on n.tier = r.tier
where r.enterprise_id is not null
  and r.valid_from < r.valid_to
