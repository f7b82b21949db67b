-- Platforms in force, by kind: a stock. Other documents count the same platforms; the variants are
--   integrated 产教融合集成平台 (NJ88-030), training_centre 公共实习实训中心（平台） (NJ88-031),
--   vocational_group 紧密型职教集团 (NJ88-032), public_service 公共技术服务平台, new_rd 新型研发机构,
--   concept_verification 概念验证中心, pilot_base 中试基地, finance_station 金融服务驿站,
--   engineer_school, future_school, speciality_school, graduate_station, key_lab,
--   engineering_centre and innovation_centre.
-- A platform stands in the district the list names, else in the city as a whole.
-- What has been built in key parks with universities is kpi.park_platform.
select
    kind                      as variant,
    region_code,
    platform_no               as entity_id,
    platform_name             as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    valid_from,
    valid_to,
    batch_id,
    row_no
from core.platform
where valid_from < valid_to
