-- what an analyst asks for
select region_code, region_name as "名称", value, counted_on
from kpi.value
order by period desc, region_code;
