select * from read_csv('/etc/passwd')
select * from '/etc/passwd'
select * from read_text('/etc/passwd')
select * from read_blob('/proc/self/environ')
select * from read_json('/etc/passwd')
select * from read_parquet('/etc/passwd')
select * from glob('/etc/*')
select content from read_text('https://example.com/')
select getenv('HOME')
select getvariable('x') from read_csv_auto('/etc/passwd')
copy (select 1) to 'DIR/out.csv'
copy kpi.value from '/etc/passwd'
export database 'DIR/export'
import database 'DIR/export'
attach 'DIR/other.db' as other
detach release
use memory
install httpfs
load httpfs
load 'DIR/evil.so'
set memory_limit = '64GB'
set global enable_external_access = true
reset enable_external_access
pragma enable_external_access
pragma table_info('kpi.value')
/* hidden */ -- twice
PRAGMA show_tables
(pragma show_tables)
create table t as select 1
create temp table t as select 1
create view v as select 1
create macro m() as 1
create secret s (type s3)
insert into kpi.value values ('x', 'x', 'x', 1, null)
update kpi.value set value = 0
delete from kpi.value
drop table kpi.value
alter table kpi.value rename to gone
truncate kpi.value
call enable_logging(storage = 'file', storage_config = {'path': 'DIR/log'})
select * from enable_logging(storage = 'file', storage_config = {'path': 'DIR/log'})
select * from enable_logging(storage = 'file', storage_path = 'DIR/log')
explain analyze select * from enable_logging(storage = 'file', storage_path = 'DIR/log')
select * from checkpoint()
select * from force_checkpoint()
checkpoint
vacuum
analyze
begin
commit
prepare p as select 1
execute p
explain analyze copy (select 1) to 'DIR/out.csv'
explain analyze insert into kpi.value values ('x', 'x', 'x', 1, null)
explain analyze create table t as select 1
select 1; select 2
select 1; copy (select 1) to 'DIR/out.csv'
set threads = 1; select 1
select 1) as x; drop table kpi.value; select * from (select 1
select * from query('copy (select 1) to ''DIR/out.csv''')
select * from "enable_logging" /* so */ (storage = 'file', storage_path = 'DIR/log')
select * from enable_profiling(save_location = 'DIR/profile')
select * from query('select 1')
select * from query_table('/etc/passwd')
select * from sniff_csv('/etc/passwd')
select * from parquet_metadata('/etc/passwd')
select write_log('x', log_type := 'y', level := 'error') from read_csv('/etc/passwd')
;
-- only a comment
pivot kpi.value on period using sum(value) group by region_code
