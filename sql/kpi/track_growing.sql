-- New tracks being grown in at least one key park: those of the plan's eight (plan), and of these
-- the seven the document names (named). Tracks belong to the city as a whole.
with named as (
    select track_name
    from (values ('合成生物'), ('原子级制造'), ('脑机接口'), ('数智信息'), ('工业软件'), ('细胞和基因技术'), ('量子计算')) as t (track_name)
),
held as (
    select
        t.track_name, t.recognised_on as valid_from, coalesce(t.ended_on, date '9999-12-31') as valid_to,
        b.jurisdiction_code, t.batch_id, t.row_no
    from lake.new_track t
    join core.batch b on b.batch_id = t.batch_id
    where t.in_plan
),
reached as (
    select
        track_name, valid_from, valid_to, jurisdiction_code, batch_id, row_no,
        max(valid_to) over (
            partition by track_name order by valid_from, valid_to, batch_id, row_no
            rows between unbounded preceding and 1 preceding
        ) as held_to
    from held
    where valid_from < valid_to
),
numbered as (
    select
        track_name, valid_from, valid_to, jurisdiction_code, batch_id, row_no,
        sum(case when held_to is null or valid_from > held_to then 1 else 0 end) over (
            partition by track_name order by valid_from, valid_to, batch_id, row_no
            rows unbounded preceding
        ) as stretch
    from reached
),
whole as (
    select
        track_name, valid_from, jurisdiction_code, batch_id, row_no,
        max(valid_to) over (partition by track_name, stretch) as valid_to,
        row_number() over (partition by track_name, stretch order by valid_from, valid_to, batch_id, row_no) as place
    from numbered
),
counted as (
    select 'plan' as variant, track_name, valid_from, valid_to, jurisdiction_code, batch_id, row_no from whole where place = 1
    union all
    select 'named', w.track_name, w.valid_from, w.valid_to, w.jurisdiction_code, w.batch_id, w.row_no
    from whole w
    join named n on n.track_name = w.track_name
    where w.place = 1
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
