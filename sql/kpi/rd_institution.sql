-- Coverage of the industrial enterprises above the designated size by R&D institutions on
-- file: variant enterprise is the year's list, covered what of it has an institution then.
-- An enterprise with several institutions counts once: stretches that touch are one.
with listed as (
    select
        year, enterprise_code as enterprise_id, enterprise_name, region_code,
        cast(cast(year as varchar) || '-01-01' as date)     as valid_from,
        cast(cast(year + 1 as varchar) || '-01-01' as date) as valid_to,
        batch_id, row_no
    from lake.large_industry
),
filed as (
    select
        k.enterprise_id, r.filed_on, coalesce(r.revoked_on, date '9999-12-31') as closed_on, r.batch_id, r.row_no
    from lake.rd_institution r
    join core.enterprise_match k on k.batch_id = r.batch_id and k.sheet = r.sheet and k.row_no = r.row_no
    where r.filed_on < coalesce(r.revoked_on, date '9999-12-31')
),
reached as (
    select
        enterprise_id, filed_on, closed_on, batch_id, row_no,
        max(closed_on) over (
            partition by enterprise_id order by filed_on, closed_on, batch_id, row_no
            rows between unbounded preceding and 1 preceding
        ) as held_to
    from filed
),
numbered as (
    select
        enterprise_id, filed_on, closed_on, batch_id, row_no,
        sum(case when held_to is null or filed_on > held_to then 1 else 0 end) over (
            partition by enterprise_id order by filed_on, closed_on, batch_id, row_no
            rows unbounded preceding
        ) as stretch
    from reached
),
stretched as (
    select
        enterprise_id, batch_id, row_no,
        min(filed_on) over (partition by enterprise_id, stretch)  as valid_from,
        max(closed_on) over (partition by enterprise_id, stretch) as valid_to,
        row_number() over (partition by enterprise_id, stretch order by filed_on, closed_on, batch_id, row_no) as place
    from numbered
),
covered as (
    select
        l.year, l.enterprise_id, l.enterprise_name, l.region_code,
        greatest(l.valid_from, s.valid_from) as valid_from,
        least(l.valid_to, s.valid_to)        as valid_to,
        s.batch_id, s.row_no
    from listed l
    join stretched s
      on s.enterprise_id = l.enterprise_id
     and s.place = 1
     and s.valid_from < l.valid_to
     and l.valid_from < s.valid_to
),
counted as (
    select 'enterprise' as variant, enterprise_id, enterprise_name, region_code, valid_from, valid_to, batch_id, row_no from listed
    union all
    select 'covered', enterprise_id, enterprise_name, region_code, valid_from, valid_to, batch_id, row_no from covered
)
select
    variant,
    region_code,
    enterprise_id             as entity_id,
    enterprise_name           as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    valid_from,
    valid_to,
    batch_id,
    row_no
from counted
