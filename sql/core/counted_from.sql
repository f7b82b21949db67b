-- One row per model whose commitments count from a day on: the first of these days. It is their document's,
-- or what the policy file says (from:). A model that counts something once looks for its first since then.
select model, min(counts_from) as starts_on
from core.commitment
where counts_from is not null
group by model
