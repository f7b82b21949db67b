package main

// shown are the cases of what a person sees of a number or a boolean in a workbook.
func shown() []corpusCase {
	both := []string{".xlsx", ".xls"}
	return []corpusCase{
		{name: "shown_as_text", formats: both, table: of("编号|名称|地址", "A1|甲|#123", "A2|甲|#12", "A3|甲|#44805", "A4|甲|#1234567", "A5|甲|#0", "A6|甲|#-3", "A7|甲|#1234.5", "A8|甲|#0.125", "A9|甲|#0.354166666666667", "B1|甲|#44805.5", "B2|甲|#0", "B3|甲|#12").
			typed().shownIn(2, "00000", `"NJ"0000`, `e"年"m"月"`, "000-0000", "General;-;;", "General;-;;", `[$¥-804]#,##0.00`, "0.0%", "h:mm", "yyyy-mm-dd hh:mm", `#,##0;-#,##0;"-"`, `[>=10]"大"0;"小"0`),
			want: want{Rows: []row{{"address": "00123"}, {"address": "NJ0012"}, {"address": "2022年9月"}, {"address": "123-4567"}, {"address": ""}, {"address": ""}, {"address": "¥1,234.50"}, {"address": "12.5%"}, {"address": "8:30"}, {"address": "2022-09-01 12:00"}, {"address": ""}, {"address": "大12"}}}},
		{name: "shown_unknown", formats: both, table: of("编号|名称|地址|人数", "A1|甲|#12|3", "A2|甲|#0.5|3", "A3|甲|#12345|3", "A4|甲|#123|3").typed().shownIn(2, "[DBNum1]0", "# ?/?", "0.00E+00", "[DBNum1]General"),
			want: want{Rejects: []reject{{2, "cell.format", "地址", "12"}, {3, "cell.format", "地址", "0.5"}, {4, "cell.format", "地址", "12345"}, {5, "cell.format", "地址", "123"}}}},
		{name: "shown_sign_hidden", formats: both, table: of("编号|名称|净额（元）", "A1|甲|#-5", "A2|甲|#-6", "A3|甲|#-7", "A4|甲|#-8", "A5|甲|#9").typed().shownIn(2, "0;0", "0.00;[Red]0.00", "0;(0)", "0;△0", "0;0"),
			want: want{Rows: []row{{"no": "A2", "net": "-6"}, {"no": "A3", "net": "-7"}, {"no": "A4", "net": "-8"}, {"no": "A5", "net": "9"}}, Rejects: []reject{{2, "number.format", "净额（元）", "5"}}}},
		{name: "shown_shares", formats: both, table: of("编号|名称|比例", "A1|甲|#0.125", "A2|甲|#0.07", "A3|甲|#0.125", "A4|甲|#12.5", "A5|甲|#-0.333333333333333").typed().shownIn(2, "0.0%", "0%", "0.00%", `0.0"%"`, "0%"),
			want: want{Rows: []row{{"share": "12.5"}, {"share": "7"}, {"share": "12.5"}, {"share": "12.5"}, {"share": "-33.333333"}}}},
		{name: "shown_shares_elsewhere", formats: both, table: of("编号|名称|人数", "A1|甲|#0.12", "A2|乙|#12").typed().shownIn(2, "0%", "0"),
			want: want{Rows: []row{{"no": "A2", "heads": "12"}}, Rejects: []reject{{2, "number.form", "人数", "12%"}}}},
		{name: "shown_total_of_shares", formats: both, table: of("编号|名称|比例", "A1|甲|#0.125", "A2|乙|#0.25", "合计||#0.375").typed().shownIn(2, "0.0%"),
			want: want{Rows: []row{{"share": "12.5"}, {"share": "25"}}, Dropped: map[string]int64{"footer": 1}, Notes: []string{"totals that their rows add up to: row 4 (合计)"}}},
		{name: "shown_amounts", formats: both, table: of("编号|名称|净额（元）", "A1|甲|#5", "A2|甲|#1234.5", "A3|甲|#7", "A4|甲|#-6", "A5|甲|#12345", "A6|甲|#12345", "A7|甲|#0.5", "A8|甲|#44805").typed().
			shownIn(2, `0"万元"`, `[$¥-804]#,##0.00`, `"$"#,##0`, "#,##0_);[Red](#,##0)", "0!.0,", `0"整"`, "0%", "yyyy-mm-dd"),
			want: want{Rows: []row{{"net": "50000"}, {"net": "1234.5"}, {"net": "", "net_foreign": "7", "net_currency": "USD"}, {"net": "-6"}, {"no": "A6", "net": "12345"}},
				Rejects: []reject{{6, "number.format", "净额（元）", "1.2"}, {8, "money.form", "净额（元）", "50%"}, {9, "money.form", "净额（元）", "2022-09-01"}}}},
		{name: "shown_numbers", formats: both, table: of("编号|名称|人数", "A1|甲|#12", "A2|甲|#7", "A3|甲|#44805", "A4|甲|#5").typed().shownIn(2, `0"人"`, `0"万"`, "yyyy-mm-dd", `"1"00`),
			want: want{Rows: []row{{"no": "A1", "heads": "12"}}, Rejects: []reject{{3, "number.format", "人数", "7万"}, {4, "number.form", "人数", "2022-09-01"}, {5, "number.format", "人数", "105"}}}},
		{name: "shown_codes", formats: both, table: of("编号|名称|信用代码", "A1|甲|#320107000123456", "A2|甲|#20107000123456", "A3|甲|#320107000123456", "A4|甲|#1234567890123").typed().shownIn(2, "0", "000000000000000", "0.00E+00", "#,##0"),
			want: want{Rows: []row{{"code": "320107000123456"}, {"code": "020107000123456"}, {"code": "320107000123456"}, {"code": "1234567890123"}}}},
		{name: "shown_booleans", formats: both, table: of("编号|名称|地址|是否续聘", "A1|甲|?true|?false", "A2|乙|?false|?true").typed(),
			want: want{Rows: []row{{"address": "TRUE", "again": "false"}, {"address": "FALSE", "again": "true"}}}},
		{name: "booleans_elsewhere", formats: both, table: of("编号|名称|净额（元）|人数|信用代码|类别|日期", "A1|?true|||||", "A2|乙|?true||||", "A3|丙||?false|||", "A4|丁|||?true||", "A5|戊||||?true|", "A6|己|||||?true").typed(),
			want: want{Rejects: []reject{{2, "cell.boolean", "名称", "TRUE"}, {3, "money.form", "净额（元）", "TRUE"}, {4, "number.form", "人数", "FALSE"}, {5, "cell.boolean", "信用代码", "TRUE"}, {6, "category.unknown", "类别", "TRUE"}, {7, "date.form", "日期", "TRUE"}}}},
		{name: "digits_lost_without_pattern", formats: both, table: of("编号|名称|地址", "A1|甲|#6222021234567890", "A2|乙|#622202123456789", "A3|#6222021234567890|").typed(),
			want: want{Rows: []row{{"no": "A2", "address": "622202123456789"}}, Rejects: []reject{{2, "text.digits_lost", "地址", "6222021234567890"}, {4, "text.digits_lost", "名称", "6222021234567890"}}}},
		{name: "digits_lost_in_numbers", formats: both, table: of("编号|名称|比例|净额（元）", "A1|甲|#6222021234567890|", "A2|乙||#6222021234567890", "A3|丙|#0.30000000000000004|#622202123456789").typed(),
			want: want{Rows: []row{{"no": "A3", "share": "0.3", "net": "622202123456789"}}, Rejects: []reject{{2, "number.digits_lost", "比例", "6222021234567890"}, {3, "money.digits_lost", "净额（元）", "6222021234567890"}}}},
		{name: "days_of_1900", formats: both, table: of("编号|名称|有效期至", "A1|甲|#1", "A2|甲|#59", "A3|甲|#60", "A4|甲|#61", "A5|甲|#0").typed().shownIn(2, "yyyy-mm-dd"),
			want: want{Contract: "months.yaml", Rows: []row{{"until": "1900-01-01"}, {"until": "1900-02-28"}, {"until": "1900-03-01"}}, Rejects: []reject{{4, "date.calendar", "有效期至", "60"}, {6, "date.calendar", "有效期至", "0"}}}},
	}
}
