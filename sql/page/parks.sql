select
    park_code,
    park_name,
    cohort,
    region_code,
    five_one,
    direction > 0 as has_direction,
    platform > 0 as has_platform,
    talent > 0 as has_talent,
    fund > 0 as has_fund,
    project > 0 as has_project,
    joint_plan > 0 as has_joint_plan,
    universities,
    platforms,
    graduates,
    leading_talents,
    top_talents,
    tracks,
    tasks_green,
    tasks_yellow,
    tasks_red,
    tasks_done
from mart.park_evaluation
order by cohort, park_code
