package main

// code is a credit code whose check character is right.
const code = "91350100M000100Y43"

type row = map[string]string

// values are the cases of single cells: whatever the format, the same rows load
// and the same are rejected.
func values() []corpusCase {
	one := func(name, header, bad, rule, column, value string) corpusCase {
		return corpusCase{name: name, formats: brief, table: of(header, bad, "A9|好"+rest(header)),
			want: want{Rows: []row{{"no": "A9", "row_no": "3"}}, Rejects: []reject{{2, rule, column, value}}}}
	}
	return []corpusCase{
		{name: "plain", formats: append(all, ".pipe.csv"), table: of("编号|企业名称|信用代码|类别|日期|金额（万元）|净额(元)|人数|比例|是否续聘|所属区|地址",
			"A1|南京华科(集团) 有限公司|"+code+"|转让|2025年9月1日|1,234.5|1200万人民币|12|12.5%|是|江宁开发区|南京市鼓楼区",
			"A2|甲||||297(万美元)|297(万美元)|||否||南京市浦口区江北新区星火路",
			"A3|乙|320107000123456|技术开发|20250902|0|0||0.5||320111003|"),
			want: want{Rows: []row{
				{"no": "A1", "name": "南京华科（集团）有限公司", "code": code, "kind": "sale", "day": "2025-09-01", "amount": "12345000", "net": "12000000", "heads": "12", "share": "12.5", "again": "true", "region_code": "320115-01", "row_no": "2"},
				{"no": "A3", "name": "乙", "code": "320107000123456", "kind": "dev", "day": "2025-09-02", "amount": "0", "share": "0.5", "region_code": "320111", "row_no": "4"}},
				Rejects: []reject{{3, "money.currency", "金额（万元）", "297(万美元)"}}}},
		{name: "foreign_kept", formats: brief, table: of("编号|名称|净额(元)", "A1|甲|297(万美元)", "A2|乙|3万欧元"),
			want: want{Rows: []row{{"no": "A1", "net": "", "net_foreign": "2970000", "net_currency": "USD"}, {"no": "A2", "net_foreign": "30000", "net_currency": "EUR"}}}},
		{name: "full_width", formats: all, table: of("编号|名称|人数|金额（万元）|日期", "Ａ１|甲（集团）\u3000有限公司|１２|１，２３４．５|２０２５－０９－０１", "\u200bA2\u00a0|\ufeff乙|\u00a03|4\u200b|2025/9/1 0:00:00"),
			want: want{Rows: []row{{"no": "A1", "name": "甲（集团）有限公司", "heads": "12", "amount": "12345000", "day": "2025-09-01"}, {"no": "A2", "name": "乙", "heads": "3", "amount": "40000", "day": "2025-09-01"}}}},
		{name: "dates", formats: brief, table: of("编号|名称|日期", "A1|甲|2022-09-01", "A2|甲|2022/9/1", "A3|甲|2022.9.1", "A4|甲|2022年9月1日", "A5|甲|2022-09-01T08:00:00", "A6|甲|44805", "A7|甲|20220901", "A8|甲|2022/9/1 0:00:00", "A9|甲|44805.75"),
			want: want{Rows: repeat(row{"day": "2022-09-01"}, 9)}},
		{name: "code_spelling", formats: brief, table: of("编号|名称|信用代码", "A1|甲|'91350100m000100y43", "A2|乙| 9135 0100 M000 100Y 43 "),
			want: want{Rows: []row{{"no": "A1", "code": code}, {"no": "A2", "code": code}}}},
		{name: "code_legacy", formats: brief, table: of("编号|名称|信用代码", "A1|甲|320107000123456", "A2|乙|3201001012345", "A3|丙|32012X10023", "A4|丁|32012x10023", "A5|戊|３２０１００１０１２３４５"),
			want: want{Rows: []row{{"code": "320107000123456"}, {"code": "3201001012345"}, {"code": "32012X10023"}, {"code": "32012X10023"}, {"code": "3201001012345"}}}},
		{name: "money_forms", formats: all, table: of("编号|名称|净额（万元）", "A1|甲|1,234.50", "A2|甲|１２３４", "A3|甲|3.5亿", "A4|甲|1,000(万元人民币)", "A5|甲|（５００）", "A6|甲|¥12", "A7|甲|人民币500万元", "A8|甲|1,200.5 元", "A9|甲|297(万美元)", "A10|甲|HK$ 100万", "A11|甲|－"),
			want: want{Rows: []row{{"net": "12345000"}, {"net": "12340000"}, {"net": "350000000"}, {"net": "10000000"}, {"net": "-5000000"}, {"net": "120000"}, {"net": "5000000"}, {"net": "1200.5"},
				{"net": "", "net_foreign": "2970000", "net_currency": "USD"}, {"net": "", "net_foreign": "1000000", "net_currency": "HKD"}, {"net": "", "net_currency": ""}}}},
		{name: "booleans", formats: brief, table: of("编号|名称|是否续聘", "A1|甲|是", "A2|甲|√", "A3|甲|✔", "A4|甲|有", "A5|甲|Ｙ", "B1|甲|否", "B2|甲|×", "B3|甲|✘", "B4|甲|无", "B5|甲|０", "C1|甲|/"),
			want: want{Rows: append(append(repeat(row{"again": "true"}, 5), repeat(row{"again": "false"}, 5)...), row{"again": ""})}},
		{name: "dates_to_the_month", formats: brief, table: of("编号|名称|日期", "A1|甲|2022年9月", "A2|甲|2024-02", "A3|甲|2022/9", "A4|甲|202209", "A5|甲|2022年9月份", "A6|甲|2022-09-05", "A7|甲|2025年9月", "A8|甲|", "A9|甲|2022", "B1|甲|2025年10月", "B2|甲|2022.1", "B3|甲|２０２２．１０"),
			want: want{Contract: "months.yaml", Rows: []row{{"day": "2022-09-30", "day_precision": "month"}, {"day": "2024-02-29", "day_precision": "month"}, {"day": "2022-09-30", "day_precision": "month"}, {"day": "2022-09-30", "day_precision": "month"},
				{"day": "2022-09-30", "day_precision": "month"}, {"day": "2022-09-05", "day_precision": "day"}, {"day": "2025-09-30", "day_precision": "month"}, {"day": "", "day_precision": ""}, {"no": "B3", "day": "2022-10-31", "day_precision": "month"}},
				Rejects: []reject{{10, "date.day_missing", "日期", "2022"}, {11, "date.range", "日期", "2025年10月"}, {12, "date.day_missing", "日期", "2022.1"}}}},
		{name: "months_typed", formats: []string{".csv", ".xlsx", ".xls", ".html", ".jsonl"}, table: of("编号|名称|日期", "A1|甲|^2022-09", "A2|甲|@2022-09-01", "A9|甲|^2024-02", "A10|甲|^2022-09-15").typed(),
			want: want{Contract: "months.yaml", Rows: []row{{"day": "2022-09-30", "day_precision": "month"}, {"day": "2022-09-01", "day_precision": "day"}, {"day": "2024-02-29", "day_precision": "month"}, {"day": "2022-09-15", "day_precision": "day"}}}},
		{name: "years_typed", formats: []string{".csv", ".xlsx", ".xls", ".html", ".jsonl"}, table: of("编号|名称|日期", "A1|甲|^2022", "A2|甲|@2022-09-01").typed(),
			want: want{Contract: "months.yaml", Rows: []row{{"no": "A2", "day": "2022-09-01", "day_precision": "day"}}, Rejects: []reject{{2, "date.day_missing", "日期", "2022"}}}},
		{name: "months_without_a_day", formats: []string{".csv", ".xlsx", ".xls", ".html", ".jsonl"}, table: of("编号|名称|日期", "A1|甲|^2022-09", "A2|甲|@2022-09-01").typed(),
			want: want{Rows: []row{{"no": "A2", "day": "2022-09-01"}}, Rejects: []reject{{2, "date.day_missing", "日期", "2022-09"}}}},
		{name: "dates_open", formats: brief, table: of("编号|名称|有效期至", "A1|甲|长期", "A2|甲|9999-9-9", "A3|甲|9999/12/31", "A4|甲|无固定期限", "A5|甲|99991231"),
			want: want{Contract: "months.yaml", Rows: repeat(row{"until": "9999-12-31"}, 5)}},
		one("code_check", "编号|名称|信用代码", "A1|甲|91350100M000100Y44", "credit_code.check", "信用代码", "91350100M000100Y44"),
		one("code_short", "编号|名称|信用代码", "A1|甲|12345", "credit_code.form", "信用代码", "12345"),
		one("code_digits_lost", "编号|名称|信用代码", "A1|甲|9.13201E+17", "credit_code.digits_lost", "信用代码", "9.13201E+17"),
		one("required_empty", "编号|名称|人数", "A1||3", "required", "名称", ""),
		one("pattern", "编号|名称|人数", "1A|甲|3", "text.pattern", "编号", "1A"),
		one("category_unknown", "编号|名称|类别", "A1|甲|租赁", "category.unknown", "类别", "租赁"),
		one("date_calendar", "编号|名称|日期", "A1|甲|2025-02-30", "date.calendar", "日期", "2025-02-30"),
		one("date_year_short", "编号|名称|日期", "A1|甲|9/1/22", "date.form", "日期", "9/1/22"),
		one("date_month_only", "编号|名称|日期", "A1|甲|2025年9月", "date.day_missing", "日期", "2025年9月"),
		one("date_future", "编号|名称|日期", "A1|甲|2025-10-01", "date.range", "日期", "2025-10-01"),
		one("date_open", "编号|名称|日期", "A1|甲|长期", "date.range", "日期", "长期"),
		one("money_words", "编号|名称|金额（万元）", "A1|甲|若干", "money.form", "金额（万元）", "若干"),
		one("money_digits_lost", "编号|名称|金额（万元）", "A1|甲|1.2E+07", "money.digits_lost", "金额（万元）", "1.2E+07"),
		one("money_negative", "编号|名称|金额（万元）", "A1|甲|-1", "number.range", "金额（万元）", "-1"),
		one("number_fraction", "编号|名称|人数", "A1|甲|3.5", "number.whole", "人数", "3.5"),
		one("boolean_maybe", "编号|名称|是否续聘", "A1|甲|也许", "boolean.form", "是否续聘", "也许"),
		one("region_unknown", "编号|名称|所属区", "A1|甲|苏州工业园区", "region.unknown", "所属区", "苏州工业园区"),
		one("rule", "编号|名称|金额（元）|净额（元）", "A1|甲|5|6", "net_within_amount", "净额（元）", "6"),
		{name: "line_ends_in_cells", formats: []string{".csv", ".gb18030.csv", ".utf-16le.csv", ".tsv", ".xlsx", ".xls", ".json", ".jsonl", ".parquet", ".zip"},
			table: of("编号|名称|地址", `A1|甲|南京市\n"江宁区"`, "A2|乙|a;b,c"),
			want:  want{Rows: []row{{"no": "A1", "address": "南京市\n\"江宁区\"", "row_no": "2"}, {"no": "A2", "address": "a;b,c", "row_no": "3"}}}},
		{name: "rare_characters", formats: all, table: of("编号|名称", "A1|龴龵䶮㛃𠂇𢦏有限公司"), want: want{Rows: []row{{"name": "龴龵䶮㛃𠂇𢦏有限公司"}}}},
		{name: "blank_rows", formats: []string{".csv", ".xlsx", ".html", ".jsonl", ".parquet"}, table: of("编号|名称", "A1|甲", "|", " |\u3000", "A2|乙"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2", "row_no": "5"}}, Dropped: map[string]int64{"blank": 2}}},
		{name: "footers", formats: brief, table: of("编号|名称|人数", "A1|甲|3", "合 计||3", "制表人：张三||", "A2|合计科技有限公司|4", "小计||", "备注：含分支机构||", "填表说明：一、按季填报||", "填表说明||"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2", "name": "合计科技有限公司"}}, Dropped: map[string]int64{"footer": 6}}},
		{name: "total_agrees", formats: all, table: of("编号|名称|金额（万元）|人数|比例", "A1|甲|1,234.56|3|1.5", "A2|乙|２００|4|", "合计||1,434.56|7|1.5"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Dropped: map[string]int64{"footer": 1}, Notes: []string{"totals that their rows add up to: row 4 (合计)"}}},
		{name: "total_off", formats: brief, table: of("编号|名称|金额（万元）|人数", "A1|甲|1234.56|3", "A2|乙|200|4", "合计||1534.56|7"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Dropped: map[string]int64{"footer": 1},
				Notes: []string{"合计 in row 4 says 1534.56 under C 金额（万元）, its 2 rows add up to 1434.56"}}},
		{name: "total_in_other_unit", formats: brief, table: of("编号|名称|金额（万元）", "A1|甲|12000.4", "A2|乙|8000", "总计||2亿元"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Dropped: map[string]int64{"footer": 1}, Notes: []string{"row 4 (总计)"}}},
		{name: "total_with_rejects", formats: brief, table: of("编号|名称|金额（万元）|人数", "A1|甲|100|3", "x|乙|20|4", "A3|丙|-5|1", "A4|丁|3|若干", "合计||118|10"),
			want: want{Rows: []row{{"no": "A1"}}, Rejects: []reject{{3, "text.pattern", "编号", "x"}, {4, "number.range", "金额（万元）", "-5"}, {5, "number.form", "人数", "若干"}},
				Dropped: map[string]int64{"footer": 1}, Notes: []string{"row 6 (合计)", "合计 in row 6 is not compared, D 人数: 1 of its 4 rows hold no number there"}}},
		{name: "subtotals", formats: brief, table: of("编号|名称|金额（万元）|所属区", "A1|甲|1|江宁区", "A2|乙|2|江宁区", "江宁区小计||3|", "A3|丙|4|栖霞区", "小计||5|", "合计||7|"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}, {"no": "A3"}}, Dropped: map[string]int64{"footer": 3},
				Notes: []string{"小计 in row 6 says 5 under C 金额（万元）, its 1 rows add up to 4", "row 4 (江宁区小计), row 7 (合计)"}}},
		{name: "totals_on_top", formats: brief, table: of("编号|名称|人数", "全市合计||6", "江宁区小计||3", "A1|甲|1", "A2|乙|2", "栖霞区小计||3", "A3|丙|3"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}, {"no": "A3"}}, Dropped: map[string]int64{"footer": 3}, Notes: []string{"row 2 (全市合计), row 3 (江宁区小计), row 6 (栖霞区小计)"}}},
		{name: "total_of_foreign", formats: brief, table: of("编号|名称|净额（万元）", "A1|甲|100", "A2|乙|5(万美元)", "合计||105"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2", "net_currency": "USD"}}, Dropped: map[string]int64{"footer": 1}, Notes: []string{"1 of its 2 rows are in a foreign currency"}}},
		{name: "total_counts_rows", formats: brief, table: of("编号|名称|人数", "A1|甲|1", "A2|乙|2", "共 2 条||", "合计：3户||3"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Dropped: map[string]int64{"footer": 2}, Notes: []string{"合计:3户 in row 5 counts 3 rows, there are 2", "row 4 (共2条)"}}},
		{name: "running_total", formats: brief, table: of("编号|名称|人数", "A1|甲|1", "累计||99"), want: want{Rows: []row{{"no": "A1"}}, Dropped: map[string]int64{"footer": 1}}},
		{name: "several_errors", formats: brief, table: of("编号|名称|人数", "1||x", "A2|乙|"), want: want{Rows: []row{{"no": "A2"}}, Rejects: []reject{{2, "text.pattern", "编号", "1"}}}},
		{name: "typed", formats: []string{".csv", ".xlsx", ".xls", ".html", ".json", ".jsonl", ".parquet"},
			table: of("编号|名称|日期|金额（万元）|人数|是否续聘", "A1|甲|@2022-09-01|#1234.5|#12|?true", "A2|乙|@2025-09-30|#0.07|#0|?false", "A3|丙|@2025-10-01|#1|#-1|?true").typed(),
			want: want{Rows: []row{{"no": "A1", "day": "2022-09-01", "amount": "12345000", "heads": "12", "again": "true"}, {"no": "A2", "day": "2025-09-30", "amount": "700", "heads": "0", "again": "false"}},
				Rejects: []reject{{4, "date.range", "日期", "2025-10-01"}}}},
		{name: "code_as_number", formats: []string{".xlsx", ".xls"}, table: of("编号|名称|信用代码", "A1|甲|#913201000000000000", "A2|乙|#320107000123456").typed(),
			want: want{Rows: []row{{"no": "A2", "code": "320107000123456"}}, Rejects: []reject{{2, "credit_code.digits_lost", "信用代码", "913201000000000000"}}}},
		{name: "formula_errors", formats: []string{".xlsx", ".xls"}, table: of("编号|名称|人数", "A1|甲|~#N/A", "A2|乙|~", "A3|丙|#3").typed(),
			want: want{Rows: []row{{"no": "A3", "heads": "3"}}, Rejects: []reject{{2, "cell.error", "人数", "#N/A"}, {3, "cell.error", "人数", "公式未计算"}}}},
		{name: "exponents", files: map[string][]byte{".jsonl": []byte(`{"编号":"A1","名称":"甲","金额（万元）":1.5E7}` + "\n")}, want: want{Rows: []row{{"amount": "150000000000"}}}},
	}
}

// rest is as many empty cells as a row of two needs.
func rest(header string) string {
	out := ""
	for i, n := 0, 0; i < len(header); i++ {
		if header[i] == '|' {
			if n++; n > 1 {
				out += "|"
			}
		}
	}
	return out
}
