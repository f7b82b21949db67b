-- Whose number a rule bounds, and while: every consortium for its members, teams, committee and
-- company, every team for its well-known experts.
with part as (
    select 'members' as part
    union all select 'teams'
    union all select 'committee'
    union all select 'companies'
)
select
    p.part, c.consortium_no as holder_no, c.consortium_name as holder_name, c.jurisdiction_code,
    c.recognised_on as valid_from, c.stood_to as valid_to, c.batch_id, c.row_no
from core.consortium c
cross join part p
union all
select
    'experts', t.consortium_no || ' ' || t.entity_id, c.consortium_name || ' ' || t.entity_name || ' ' || t.entity_id, c.jurisdiction_code,
    t.valid_from, t.valid_to, t.batch_id, t.row_no
from core.consortium_part t
join core.consortium c on c.consortium_no = t.consortium_no
where t.part = 'teams'
