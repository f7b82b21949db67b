-- One row per recognition and tier it counts as while it holds. Tiers are nested (core.tier): a “little giant”
-- is specialised and innovative too; a champion is a title beside the tiers.
select
    n.tier,
    r.enterprise_id,
    r.valid_from,
    r.valid_to,
    r.batch_id,
    r.row_no
from core.tier_recognition r
join core.tier t on t.tier = r.tier
join core.tier n on n.tier = t.tier or n.tier_rank < t.tier_rank
where r.enterprise_id is not null
  and r.valid_from < r.valid_to
