select source, rows, by_code + by_number + by_former_name + by_name + by_decision + pending + strange + left_out as counted
from mart.match_quality
where rows <> by_code + by_number + by_former_name + by_name + by_decision + pending + strange + left_out
