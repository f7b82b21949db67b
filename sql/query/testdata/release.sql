create schema kpi;
create table kpi.value (region_code varchar, region_name varchar, period varchar, value decimal(18, 2), counted_on date);
insert into kpi.value values
    ('320100', '南京市', '2026Q3', 361.00, '2026-09-30'),
    ('320115', '江宁区', '2026Q3', 88.50, '2026-09-30'),
    ('320100', '南京市', '2026Q2', null, '2026-06-30');
