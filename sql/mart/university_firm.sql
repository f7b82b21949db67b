-- Firms founded on the results of the city's universities: one row per firm.
select
    s.school_code,
    s.name              as university_name,
    f.enterprise_name,
    f.enterprise_code,
    f.founded_on,
    f.district,
    f.batch_id,
    f.row_no
from lake.university_spinoff f
join core.school s on s.name = f.university_name and s.kind = 'university' and s.in_city
