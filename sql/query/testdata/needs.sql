# Statements analysts write. All are allowed.
show tables
show all tables
show tables from kpi
describe kpi.value
describe select 1
desc kpi.value
summarize kpi.value
show databases
show schemas
from kpi.value
table kpi.value
values (1, 'a'), (2, 'b')
select 1;
select 1; -- done
explain select * from kpi.value
explain analyze select count(*) from kpi.value
/* why */ select 1 -- not
with a as (select 1 as n), b as materialized (select n from a) select * from b
with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select * from r
with recursive r(n) using key (n) as (select 1 as n union select 2) select * from r
select * exclude (value) replace (upper(region_code) as region_code) rename (period as p) from kpi.value
select columns('region_.*'), columns(c -> c like 'v%') from kpi.value
select sum(columns(* exclude (region_code, region_name, period, counted_on))) from kpi.value
select region_code, sum(value) filter (period = '2026Q3'), count(distinct period order by period), string_agg(period, ', ' order by period) from kpi.value group by all order by all
select region_code, period, sum(value) from kpi.value group by grouping sets ((region_code), (period), ()) having count(*) > 0
select grouping(region_code), count(*) from kpi.value group by cube (region_code, period)
select row_number() over w, rank() over w, lag(value, 1, 0) over w, sum(value) over (order by counted_on rows between 1 preceding and current row exclude ties) from kpi.value window w as (partition by region_code order by counted_on)
select * from kpi.value qualify row_number() over (partition by region_code order by counted_on desc) = 1
select ntile(4) over (order by value), percent_rank() over (order by value), cume_dist() over (order by value), first_value(value) over (order by value), last_value(value ignore nulls) over (order by value), nth_value(value, 2) over (order by value), dense_rank() over (order by value), lead(value) over (order by value) from kpi.value
select quantile_cont(value, 0.5), median(value), mode(period), approx_quantile(value, 0.9), stddev(value), corr(value, value), regr_slope(value, value), arg_max(region_code, value), max(value, 2), histogram(period), list(value), any_value(value), bool_and(true), kurtosis(value) from kpi.value
select percentile_cont(0.5) within group (order by value) from kpi.value
select * from kpi.value a join kpi.value b using (region_code) left join kpi.value c on c.period = a.period and c.value > b.value
select * from kpi.value a full join kpi.value b on a.value = b.value cross join kpi.value c
select * from kpi.value a natural join kpi.value b semi join kpi.value c using (period) anti join kpi.value d on d.value = 0
select * from kpi.value a asof join kpi.value b on a.region_code = b.region_code and a.counted_on >= b.counted_on
select * from kpi.value positional join kpi.value b
select * from kpi.value v, lateral (select v.value + 1 as more) l, unnest([1, 2]) u(i), range(3) r(n), generate_series(1, 3) with ordinality
pivot kpi.value on period in ('2026Q2', '2026Q3') using sum(value) group by region_code
unpivot (select 1 as a, 2 as b) on a, b into name n value v
select * from kpi.value pivot (sum(value) for period in ('2026Q3') group by region_code)
select * from (select 1 as a) unpivot (v for n in (a))
select * from kpi.value tablesample 10%
select * from kpi.value using sample reservoir(2 rows) repeatable (42)
select distinct on (region_code) * from kpi.value order by region_code, counted_on desc nulls last limit 3 offset 1
select * from kpi.value limit 10%
select 1 as a union all by name select 2 as b
select 1 union select 2 union all select 3 intersect select 3 except select 4
select case when value > 1 then 'a' else 'b' end, case region_code when '320100' then 1 end, coalesce(value, 0), nullif(value, 0), ifnull(value, 1), if(value > 0, 1, 2), try(1 / 0) from kpi.value
select value between 1 and 2, value not between 1 and 2, period in ('a', 'b'), period not in ('a'), value is null, value is not null, not true, period is distinct from 'a', period is not distinct from 'a' from kpi.value
select exists (from kpi.value), value > any (select 1), value = all (select 2), value in (select value from kpi.value), (select max(value) from kpi.value) from kpi.value
select period like '2026%', period not like 'x', period ilike 'q', period similar to '.*', period ~ 'Q', period glob '2*', period like 'a!%' escape '!' from kpi.value
select 1 + 2 - 3 * 4 / 5 // 6 % 7 ** 2, 1 & 2 | 3, ~1, 1 << 2, -1, @(-1), 4!, 'a' || 'b', true and false or true
select cast('1' as integer), '1'::decimal(18, 2), try_cast('x' as date), '1'::hugeint, '1'::ubigint, 1.5::double, 'a'::varchar(10), '{}'::json, 'x'::blob, '101'::bit, '6f1b7f5e-4c8e-4f0a-9b1a-2d3c4b5a6978'::uuid, 'a'::enum ('a', 'b'), [1]::bigint[], [1, 2]::int[2], {'a': 1}::struct(a bigint), map {'a': 1}::map(varchar, bigint), 1::union(n int, s varchar), 1::int4, '1'::text, 'x'::bytea, 12345678901234567890123::bignum, 1::uhugeint
select date '2026-09-30', time '08:30:00', timestamp '2026-09-30 08:30:00', timestamptz '2026-09-30 08:30:00+08', interval '1 day', interval 3 month, date '2026-01-01' + interval 1 year, '2026-09-30 08:30:00'::timestamp_s, '2026-09-30'::timestamp_ns, '08:30:00+08'::timetz
select current_date, current_timestamp, now(), today(), extract(year from date '2026-09-30'), date_part('quarter', date '2026-09-30'), date_trunc('month', counted_on), date_diff('day', counted_on, date '2026-12-31'), strftime(counted_on, '%Y-%m'), strptime('2026-09-30', '%Y-%m-%d'), counted_on at time zone 'Asia/Shanghai', age(counted_on), last_day(counted_on), make_date(2026, 9, 30), year(counted_on), monthname(counted_on), time_bucket(interval '1 month', counted_on), epoch(counted_on), dayofweek(counted_on) from kpi.value
select upper(region_name), region_name.lower(), length(region_name), substring(region_name, 1, 2), substring(region_name from 1 for 2), position('京' in region_name), trim(both ' ' from region_name), replace(region_name, '市', ''), split_part(region_name, '市', 1), lpad(period, 10, '0'), left(region_name, 2), right(region_name, 1), regexp_replace(period, 'Q', 'q'), regexp_matches(period, '\d'), regexp_extract(period, '(\d+)Q(\d)', 2), concat_ws('-', region_code, period), printf('%d', 1), format('{:,}', 1000), md5(period), levenshtein(period, 'x'), contains(period, 'Q'), starts_with(period, '2'), reverse(period), repeat('ab', 3), strip_accents('é'), chr(65), ascii('A'), unicode('京'), hash(period), sha256(period), string_split(period, 'Q'), jaro_winkler_similarity(period, 'x') from kpi.value
select round(value, 1), floor(value), ceil(value), abs(value), sqrt(abs(value)), ln(2), log(10), exp(1), pow(2, 3), mod(7, 3), sign(value), greatest(1, 2), least(1, 2), pi(), random() < 2, isnan(1.0), trunc(1.5), gcd(4, 6), fdiv(7, 2), fmod(7, 2) from kpi.value
select [1, 2, 3][1], [1, 2, 3][1:2], [x + 1 for x in [1, 2] if x > 1], list_transform([1], lambda x: x + 1), list_filter([1, 2], x -> x > 1), list_reduce([1, 2], lambda a, b: a + b), list_sort([2, 1]), list_distinct([1, 1]), list_aggregate([1, 2], 'sum'), list_sum([1, 2]), len([1]), flatten([[1]]), unnest([1, 2]), array_length([1]), list_contains([1], 1), list_zip([1], [2]), range(3), generate_series(1, 3), array_to_string(['a'], ','), array_agg(1) over ()
select {'a': 1}.a, {'a': 1}['a'], struct_pack(a := 1), row(1, 2), struct_extract({'a': 1}, 'a'), map {'k': 1}['k'], map_keys(map {'k': 1}), map_from_entries([('k', 1)]), element_at(map {'k': 1}, 'k'), unnest({'a': 1}), union_value(a := 1), union_tag(union_value(a := 1)), (1, 2) < (3, 4)
select '{"a": [1]}'::json -> 'a', '{"a": 1}' ->> '$.a', json_extract('{"a": 1}', '$.a'), json_extract_string('{"a": 1}', 'a'), json_keys('{"a": 1}'), json_array_length('[1]'), to_json({'a': 1}), json_object('a', 1), json_group_array(1), json_valid('x'), json_type('1'), json_structure('{"a": 1}')
select * from json_each('{"a": 1}')
select key, value from json_tree('[1, 2]')
select schema_name, table_name, estimated_size from duckdb_tables()
select * from duckdb_columns() where table_name = 'value'
select * from information_schema.columns where table_name = 'value'
select table_schema, table_name from information_schema.tables
select function_name from duckdb_functions() where function_name like 'list%'
select #1 from kpi.value
select typeof(value), value::varchar collate nocase, region_name collate zh, alias(value) from kpi.value order by region_name collate zh
select v from kpi.value v
select kpi.value.value, value.value from kpi.value
select * like 'region%' from kpi.value
select count(), count(*), count_star() from kpi.value
select e'a\nb', $$dollar$$, 1_000, 1e5, 'it''s'
select first(value order by period), max_by(region_code, value), weighted_avg(value, 1), geomean(value), entropy(period), sem(value), bit_or(1), product(2), sum(distinct value) from kpi.value
select pg_typeof(1), uuid() is not null, enum_range(null::enum ('a', 'b')), current_database(), current_schema()
