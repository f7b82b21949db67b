package main

// misread are the cases of cells in which a person sees something else than one value.
func misread() []corpusCase {
	numbers := `<table><tr><td>编号<td>名称<td>净额（元）<td>人数`
	return []corpusCase{
		{name: "several_numbers", formats: brief, table: of("编号|名称|净额（元）|人数|比例", `A1|甲|100\n200||`, `A2|甲||1\n2|`, `A3|甲|||1.5 2`, "A4|甲||5 6|", "A5|甲|100\u00a0200||", "A6|甲||100\u3000200|",
			`A7|甲|100万元\n200万元||`, "A8|甲|- 5 6||", "A9|甲|￥ 5|\u200b1\u200b2|12.5 %", "B1|甲|- 5|－ 7|5", "B2|甲|5 万元||", "B3|甲|||5 6%", "B4|甲|1,000 000||"),
			want: want{Rows: []row{{"no": "A9", "net": "5", "heads": "12", "share": "12.5"}, {"no": "B2", "net": "50000"}},
				Rejects: []reject{{2, "cell.several", "净额（元）", "100\n200"}, {3, "cell.several", "人数", "1\n2"}, {4, "cell.several", "比例", "1.5 2"}, {5, "cell.several", "人数", "5 6"}, {6, "cell.several", "净额（元）", "100\u00a0200"}, {7, "cell.several", "人数", "100\u3000200"},
					{8, "cell.several", "净额（元）", "100万元\n200万元"}, {9, "cell.several", "净额（元）", "- 5 6"}, {11, "number.range", "人数", "－ 7"}, {13, "cell.several", "比例", "5 6%"}, {14, "cell.several", "净额（元）", "1,000 000"}}}},
		{name: "commas", formats: brief, table: of("编号|名称|净额（元）|人数|比例", "A1|甲|12,50||", "A2|甲||99,5|", "A3|甲|||12,5", "A4|甲||1,2,3|", "A5|甲|1,5||", "A6|甲|12，34||", "A7|甲|1,23,456||", "A8|甲|0,123||", "A9|甲|100,||", "B1|甲|1234,567||", "B2|甲|1,5万元||", "B3|甲|||12,5%", "B4|甲|1,,000||", "B5|甲|(1,00)||",
			"C1|甲|1,234,567.5|999|1,234.5", "C2|甲|1,2345,6789||1，234", "C3|甲|-12，345,678元||", "C4|甲|1234,5678||", "C5|甲|(1,000)||"),
			want: want{Rows: []row{{"no": "C1", "net": "1234567.5", "share": "1234.5"}, {"no": "C2", "net": "123456789", "share": "1234"}, {"no": "C3", "net": "-12345678"}, {"no": "C4", "net": "12345678"}, {"no": "C5", "net": "-1000"}},
				Rejects: []reject{{2, "cell.comma", "净额（元）", "12,50"}, {3, "cell.comma", "人数", "99,5"}, {4, "cell.comma", "比例", "12,5"}, {5, "cell.comma", "人数", "1,2,3"}, {6, "cell.comma", "净额（元）", "1,5"}, {7, "cell.comma", "净额（元）", "12，34"}, {8, "cell.comma", "净额（元）", "1,23,456"}, {9, "cell.comma", "净额（元）", "0,123"},
					{10, "cell.comma", "净额（元）", "100,"}, {11, "cell.comma", "净额（元）", "1234,567"}, {12, "cell.comma", "净额（元）", "1,5万元"}, {13, "cell.comma", "比例", "12,5%"}, {14, "cell.comma", "净额（元）", "1,,000"}, {15, "cell.comma", "净额（元）", "(1,00)"}}}},
		{name: "commas_total", formats: brief, table: of("编号|名称|比例", "A1|甲|10", "A2|乙|115", "合计||12,5"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Dropped: map[string]int64{"footer": 1}, Notes: []string{"合计 in row 4 is not compared, C 比例: it says 12,5"}}},
		{name: "several_days", formats: brief, table: of("编号|名称|日期", `A1|甲|2022-09-01\n2`, `A2|甲|2022-09-01\n2023-01-01`, "A3|甲|2022 09 01", "A4|甲|2022 年 9 月 1 日", "A5|甲|4480 5", "A6|甲|2022年9月1 2日", "A7|甲|20220901 20230101", "A8|甲|2022 9 1", "A9|甲|2022-0 9-01"),
			want: want{Rows: []row{{"no": "A3", "day": "2022-09-01"}, {"no": "A4", "day": "2022-09-01"}, {"no": "A8", "day": "2022-09-01"}},
				Rejects: []reject{{2, "date.form", "日期", "2022-09-01\n2"}, {3, "date.form", "日期", "2022-09-01\n2023-01-01"}, {6, "date.day_missing", "日期", "4480 5"}, {7, "date.form", "日期", "2022年9月1 2日"}, {8, "date.form", "日期", "20220901 20230101"}, {10, "date.form", "日期", "2022-0 9-01"}}}},
		{name: "several_total", formats: brief, table: of("编号|名称|人数", "A1|甲|5", "A2|乙|51", "合计||5 6"),
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Dropped: map[string]int64{"footer": 1}, Notes: []string{"合计 in row 4 is not compared, C 人数: it says 5 6"}}},
		{name: "html_several_numbers", files: map[string][]byte{".html": []byte(numbers +
			`<tr><td>A1<td>甲<td>1<br>2<td><tr><td>A2<td>甲<td><p>1</p><p>2</p><td><tr><td>A3<td>甲<td><td><div>1</div>2<tr><td>A4<td>甲<td><td><ul><li>1</li><li>2</li></ul>` +
			`<tr><td>A5<td>甲<td><table><tr><td>5</td><td>6</td></tr></table><td><tr><td>A6<td>甲<td><td><table><tr><td>7</td></tr><tr><td>8</td></tr></table>` +
			`<tr><td>A7<td>甲<td><b>1</b>2<td><table><tr><td><b>3</b>4</td></tr></table><tr><td>A8<td>甲<td><table><tr style="display:none"><td>9</td></tr><tr><td>1</td></tr></table><td></table>`)},
			want: want{Rows: []row{{"no": "A7", "net": "12", "heads": "34"}, {"no": "A8", "net": "1"}},
				Rejects: []reject{{2, "cell.several", "净额（元）", "1 2"}, {3, "cell.several", "净额（元）", "1 2"}, {4, "cell.several", "人数", "1 2"}, {5, "cell.several", "人数", "1 2"}, {6, "cell.several", "净额（元）", "5 6"}, {7, "cell.several", "人数", "7 8"}}}},
	}
}
