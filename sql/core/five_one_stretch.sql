-- Stretches in which a listed park has at least one of a thing of “五个一”: rows that touch or
-- overlap are one stretch, named by the row that began it.
with held as (
    select
        k.park_code, i.element, i.batch_id, i.row_no,
        greatest(i.begun_on, k.listed_on)                                  as valid_from,
        least(coalesce(i.ended_on, date '9999-12-31'), k.left_on)          as valid_to
    from lake.park_five_one i
    join core.park k on i.park in (k.park_code, k.park_name)
),
reached as (
    select
        park_code, element, valid_from, valid_to, batch_id, row_no,
        max(valid_to) over (
            partition by park_code, element order by valid_from, valid_to, batch_id, row_no
            rows between unbounded preceding and 1 preceding
        ) as held_to
    from held
    where valid_from < valid_to
),
numbered as (
    select
        park_code, element, valid_from, valid_to, batch_id, row_no,
        sum(case when held_to is null or valid_from > held_to then 1 else 0 end) over (
            partition by park_code, element order by valid_from, valid_to, batch_id, row_no
            rows unbounded preceding
        ) as stretch
    from reached
),
whole as (
    select
        park_code, element, valid_from, batch_id, row_no,
        max(valid_to) over (partition by park_code, element, stretch) as valid_to,
        row_number() over (partition by park_code, element, stretch order by valid_from, valid_to, batch_id, row_no) as place
    from numbered
)
select park_code, element, valid_from, valid_to, batch_id, row_no
from whole
where place = 1
