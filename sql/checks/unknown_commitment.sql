-- Rows: lines of the office's ledgers under a commitment that no policy file has, or that is not
-- counted from this ledger. They count nowhere. Those of a document that the installation leaves
-- out are not looked for.
with named as (
    select 'policy_activity' as source, 'activity' as model, commitment_id, batch_id, row_no from lake.policy_activity
    union all
    select 'policy_progress', 'milestone', commitment_id, batch_id, row_no from lake.policy_progress
)
select n.source, n.commitment_id, n.batch_id, n.row_no
from named n
left join core.commitment c on c.kpi_id = n.commitment_id and c.model = n.model
left join core.left_out o on o.word = n.commitment_id
where c.kpi_id is null
  and o.word is null
