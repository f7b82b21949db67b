package main

import "fmt"

// stringsAsStyles has the table of strings where the styles were.
const stringsAsStyles = `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/sharedStrings" Target="/xl/styles.xml"/></Relationships>`

// struckStyles are plain, struck out, a day struck out, and a day of which the font says that it is not.
const struckStyles = `<styleSheet><numFmts/><fonts><font><sz val="9"/></font><font><strike/></font><font><strike val="1"/><b/></font><font><strike val="0"/></font></fonts>` +
	`<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="14" fontId="2"/><xf numFmtId="14" fontId="3"/></cellXfs></styleSheet>`

// runs are texts of which some are struck out: 0 and 1 in part, 2 not, 3 as a whole.
var runs = []string{
	`<r><rPr><strike/><sz val="9"/></rPr><t>90</t></r><r><rPr><sz val="9"/></rPr><t>10</t></r>`,
	`<r><t>甲</t></r><r><rPr><b/><strike val="true"/></rPr><t>乙</t></r><r><rPr><strike/></rPr><t xml:space="preserve"> </t></r>`,
	`<r><rPr><strike val="0"/></rPr><t>7</t></r>`,
	`<r><rPr><strike val="1"/></rPr><t>5</t></r>`,
}

func inlineRuns(n int) string { return `t="inlineStr"><is>` + runs[n] + `</is>` }

func sharedRuns(before string) string {
	out := "<sst>" + before
	for _, r := range runs {
		out += "<si>" + r + "</si>"
	}
	return out + "</sst>"
}

func inlineCell(ref string, style int, text string) string {
	return fmt.Sprintf(`<c r="%s" s="%d" t="inlineStr"><is><t>%s</t></is></c>`, ref, style, text)
}

// struckSheet has the runs in its cells, as rich writes what follows a cell's reference.
func struckSheet(rich func(n int) string) string {
	cell := func(ref string, n int) string { return `<c r="` + ref + `" ` + rich(n) + `</c>` }
	return `<worksheet><sheetData><row r="1">` + inlineCell("A1", 0, "编号") + inlineCell("B1", 0, "名称") + inlineCell("C1", 0, "人数") + `</row>` +
		`<row r="2">` + inlineCell("A2", 0, "A1") + inlineCell("B2", 0, "甲") + cell("C2", 0) + `</row>` +
		`<row r="3">` + inlineCell("A3", 0, "A2") + cell("B3", 1) + `</row>` +
		`<row r="4">` + inlineCell("A4", 0, "A3") + inlineCell("B4", 0, "甲") + cell("C4", 2) + `</row>` +
		`<row r="5">` + inlineCell("A5", 0, "A4") + inlineCell("B5", 0, "甲") + cell("C5", 3) + `</row></sheetData></worksheet>`
}

// misread are the cases of cells in which a person sees something else than one value.
func misread() []corpusCase {
	two := of("编号|名称", "A1|甲", "A2|乙")
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
		{name: "struck_runs", files: map[string][]byte{
			".xlsx":   replaced(two, "sheet1.xml", struckSheet(inlineRuns)),
			".b.xlsx": replaced(two, "sheet1.xml", "<!-- x -->"+struckSheet(inlineRuns)),
			".c.xlsx": replaced(two, "sheet1.xml", struckSheet(func(n int) string { return fmt.Sprintf(`t="s"><v>%d</v>`, n) }), "styles.xml", sharedRuns(""), "workbook.xml.rels", stringsAsStyles),
			".d.xlsx": replaced(two, "sheet1.xml", struckSheet(func(n int) string { return fmt.Sprintf(`t="s"><v>%d</v>`, n) }), "styles.xml", sharedRuns("<!-- x -->"), "workbook.xml.rels", stringsAsStyles),
		}, want: want{Rows: []row{{"no": "A3", "heads": "7"}}, Rejects: []reject{{2, "cell.struck", "人数", "〔划去：90〕10"}, {3, "cell.struck", "名称", "甲〔划去：乙〕 "}, {5, "cell.struck", "人数", "〔划去：5〕"}}}},
		{name: "struck_cells", files: map[string][]byte{".xlsx": replaced(two, "styles.xml", struckStyles, "sheet1.xml", `<worksheet><sheetData><row r="1">`+inlineCell("A1", 0, "编号")+inlineCell("B1", 0, "名称")+inlineCell("C1", 0, "人数")+inlineCell("D1", 0, "日期")+`</row>`+
			`<row r="2">`+inlineCell("A2", 0, "A1")+inlineCell("B2", 0, "甲")+`<c r="C2" s="1"><v>90</v></c></row>`+
			`<row r="3">`+inlineCell("A3", 0, "A2")+inlineCell("B3", 0, "甲")+`<c r="C3" s="0"><v>5</v></c><c r="D3" s="2"><v>44805</v></c></row>`+
			`<row r="4">`+inlineCell("A4", 0, "A3")+inlineCell("B4", 1, "甲")+`</row>`+
			`<row r="5">`+inlineCell("A5", 0, "A4")+inlineCell("B5", 0, "甲")+`<c r="C5" s="1"/><c r="D5" s="3"><v>44805</v></c></row>`+
			`</sheetData></worksheet>`)},
			want: want{Rows: []row{{"no": "A4", "heads": "", "day": "2022-09-01"}}, Rejects: []reject{{2, "cell.struck", "人数", "〔划去：90〕"}, {3, "cell.struck", "日期", "〔划去：2022-09-01〕"}, {4, "cell.struck", "名称", "〔划去：甲〕"}}}},
		{name: "html_struck", files: map[string][]byte{".html": []byte(`<html><head><style><!-- td {color:red} .xl65, td.xl66 {mso-style-parent:style0; text-decoration:line-through;} .xl67 {text-decoration:underline} --></style></head>` + numbers +
			`<tr><td>A1<td>甲<td><del>900</del>100<td><tr><td>A2<td>甲<td><td><s>9</s>1<tr><td>A3<td>甲<td><strike><b>9</b></strike>1<td><tr><td>A4<td>甲<td><span style="color:red; TEXT-DECORATION: line-through">9<span>0</span>0</span>1<td>` +
			`<tr><td>A5<td>甲<td style="text-decoration-line:line-through">9<td><tr style="text-decoration:line-through"><td>A6<td>甲<td><td><tr><td>A7<td class="x xl65">甲<td><td><tr><td>A8<td>甲<td class=xl66>5<td><tr><td>A9<td>甲<td class=xl67>5<td><s> </s>7` +
			`<tr><td>B1<td>甲<td><table><tr><td><s>9</s>1</td></tr></table><td><tr><td>B2<td>甲<td><span style="visibility: hidden">9</span>1<td><i style="opacity:0">9</i>1<tr><td>B3<td>甲<td><span style="opacity:0.5">9</span>1<td><i style="opacity:0.0;color:red">9</i>2<tr><td>B4<td>甲<td style="visibility:hidden">9<td style="opacity:0"><b>9</b><tr><td>B5<td>甲<td>1<td>2</table>`)},
			want: want{Rows: []row{{"no": "A9", "net": "5", "heads": "7"}, {"no": "B2", "net": "1", "heads": "1"}, {"no": "B3", "net": "91", "heads": "2"}, {"no": "B4", "net": "", "heads": ""}, {"no": "B5", "net": "1", "heads": "2"}},
				Rejects: []reject{{2, "cell.struck", "净额（元）", "〔划去：900〕100"}, {3, "cell.struck", "人数", "〔划去：9〕1"}, {4, "cell.struck", "净额（元）", "〔划去：9〕1"}, {5, "cell.struck", "净额（元）", "〔划去：9〕〔划去：0〕〔划去：0〕1"}, {6, "cell.struck", "净额（元）", "〔划去：9〕"},
					{7, "cell.struck", "编号", "〔划去：A6〕"}, {8, "cell.struck", "名称", "〔划去：甲〕"}, {9, "cell.struck", "净额（元）", "〔划去：5〕"}, {11, "cell.struck", "净额（元）", "〔划去：9〕1"}}}},
		{name: "shown_words", formats: []string{".xlsx", ".xls"}, table: of("编号|名称|比例", "A1|甲|#12.5", "A2|甲|#3", "A3|甲|#3", "A4|甲|#3", "A5|甲|#12", "A6|甲|#5", "A7|甲|#3", "A8|甲|#3", "A9|甲|#3", "B1|甲|#123", "B2|甲|#3", "B3|甲|#12.5", "B4|甲|#3", "B5|甲|#3", "B6|甲|#3", "B7|甲|#1234", "B8|甲|#3", "B9|甲|#3").typed().
			shownIn(2, `0.0"‰"`, `"约"0`, `"≥"0`, `0"以上"`, `0"余人"`, `0"成"`, `0"°"`, `"第"0"号"`, `"NJ"0`, `0"年"00"月"`, `0"(估)"`, `0.0"个百分点"`, `0"人"`, `0_ "家"`, `0"平方米"`, `#" "##0`, `"¥"0`, `0" 项"_)`),
			want: want{Rows: []row{{"no": "B3", "share": "12.5"}, {"share": "3"}, {"share": "3"}, {"share": "3"}, {"share": "1234"}, {"share": "3"}, {"share": "3"}},
				Rejects: []reject{{2, "number.format", "比例", "12.5‰"}, {3, "number.format", "比例", "约3"}, {4, "number.format", "比例", "≥3"}, {5, "number.format", "比例", "3以上"}, {6, "number.format", "比例", "12余人"}, {7, "number.format", "比例", "5成"}, {8, "number.format", "比例", "3°"}, {9, "number.format", "比例", "第3号"}, {10, "number.format", "比例", "NJ3"}, {11, "number.format", "比例", "1年23月"}, {12, "number.format", "比例", "3(估)"}}}},
		{name: "shown_words_of_amounts", formats: []string{".xlsx", ".xls"}, table: of("编号|名称|净额（元）", "A1|甲|#12", "A2|甲|#3", "A3|甲|#5", "A4|甲|#5", "A5|甲|#7", "A6|甲|#8", "A7|甲|#9", "A8|甲|#9", "A9|甲|#9").typed().
			shownIn(2, `0"‰"`, `"约"0"万元"`, `0"分"`, `0"多万"`, `0"元整"`, `[$RMB] 0`, `0.00"万"_ `, `0"人"`, `"合计："0`),
			want: want{Rows: []row{{"no": "A5", "net": "7"}, {"no": "A6", "net": "8"}, {"no": "A7", "net": "90000"}},
				Rejects: []reject{{2, "number.format", "净额（元）", "12‰"}, {3, "number.format", "净额（元）", "约3万元"}, {4, "number.format", "净额（元）", "5分"}, {5, "number.format", "净额（元）", "5多万"}, {9, "number.format", "净额（元）", "9人"}, {10, "number.format", "净额（元）", "合计：9"}}}},
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
				Rejects: []reject{{2, "cell.several", "净额（元）", "1\n2"}, {3, "cell.several", "净额（元）", "1\n2"}, {4, "cell.several", "人数", "1\n2"}, {5, "cell.several", "人数", "1\n2"}, {6, "cell.several", "净额（元）", "5\n6"}, {7, "cell.several", "人数", "7\n8"}}}},
	}
}
