select region_code, value from kpi.value where false
