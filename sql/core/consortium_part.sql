-- What consortia are made of, while they stand: member firms (the leader aside), teams, well-known
-- experts of a team, committee members, the company. The holder is whose number a rule bounds:
-- the consortium, or the team. A member is known by its code, where it has one of its own.
with member as (
    select
        consortium_no, member_name, joined_on, left_on, batch_id, row_no,
        case
            when count(*) over (partition by consortium_no, member_code) = 1 then coalesce(member_code, member_name)
            else member_name
        end as member_no
    from lake.consortium_member
    where role = 'member'
),
team as (
    select
        t.consortium_no, t.team_no, t.university_name, t.batch_id, t.row_no,
        min(t.joined_on) over (partition by t.consortium_no, t.team_no) as joined_on,
        max(coalesce(t.left_on, date '9999-12-31')) over (partition by t.consortium_no, t.team_no) as left_on,
        row_number() over (partition by t.consortium_no, t.team_no order by t.joined_on, t.expert_no) as place
    from lake.consortium_team t
),
part as (
    select
        'members' as part, consortium_no, consortium_no as holder_no, member_no as entity_id, member_name as entity_name,
        joined_on, coalesce(left_on, date '9999-12-31') as left_on, batch_id, row_no
    from member
    union all
    select 'teams', consortium_no, consortium_no, team_no, university_name, joined_on, left_on, batch_id, row_no
    from team
    where place = 1
    union all
    select
        'experts', consortium_no, consortium_no || ' ' || team_no, expert_no, university_name,
        joined_on, coalesce(left_on, date '9999-12-31'), batch_id, row_no
    from lake.consortium_team
    where well_known
    union all
    select
        'committee', consortium_no, consortium_no, expert_no, employer_name,
        appointed_on, coalesce(ended_on, date '9999-12-31'), batch_id, row_no
    from lake.consortium_committee
    union all
    select
        'companies', consortium_no, consortium_no, company_name, company_name,
        company_founded_on, company_closed_on, batch_id, row_no
    from core.consortium
    where company_founded_on is not null
)
select
    p.part,
    p.consortium_no,
    p.holder_no,
    p.entity_id,
    p.entity_name,
    c.region_code,
    case when p.joined_on < c.recognised_on then c.recognised_on else p.joined_on end as valid_from,
    case when p.left_on < c.stood_to then p.left_on else c.stood_to end               as valid_to,
    p.batch_id,
    p.row_no
from part p
join core.consortium c on c.consortium_no = p.consortium_no
where p.joined_on < c.stood_to
  and p.left_on > c.recognised_on
  and p.joined_on < p.left_on
