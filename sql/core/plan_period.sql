-- The first day of the period the “千校万企” plan's targets are counted from. The plan bears no
-- date and rests on a notice of 2022: 2023-01-01 is assumed; another start is another date here.
select
    region_code       as jurisdiction_code,
    date '2023-01-01' as starts_on
from core.jurisdiction
where region_code = '230000'
