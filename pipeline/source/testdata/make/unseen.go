package main

import "strings"

// withoutRoom are the cases of rows, columns and texts that are in a file and that nobody who opens it sees.
func withoutRoom() []corpusCase {
	three := of("编号|名称|人数", "A1|甲|#1", "A2|乙|#2", "A3|丙|#3").typed()
	rows := []row{{"no": "A1", "heads": "1"}, {"no": "A2", "heads": "2"}, {"no": "A3", "heads": "3"}}
	sheet := func(above, row3 string) []byte {
		return replaced(three, "sheet1.xml", strings.NewReplacer("<sheetData>", above+"<sheetData>", `<row r="3">`, `<row r="3"`+row3+`>`).Replace(sheetXML(three, "x")))
	}
	odd := func(above, row3 string) []byte { return sheet(above+"<!-- x -->", row3) }
	legacy := func(records func(w *biff)) []byte {
		t := three
		t.rowless, t.records = true, records
		return xlsOf(t)
	}
	return []corpusCase{
		{name: "rows_without_height", want: want{Rows: rows, Notes: []string{"are read like all others: 3 (1 in all)"}}, files: map[string][]byte{
			".xlsx":   sheet("", ` ht="0" customHeight="1"`),
			".b.xlsx": odd("", ` ht='0.0' customHeight="1"`),
			".c.xlsx": sheet("", ` spans="1:3" hidden="true" ht="15"`),
			".xls":    legacy(func(w *biff) { w.record(0x0208, u16(2, 0, 3, 0, 0, 0, 0x140, 15)) }),
		}},
		{name: "rows_without_height_of_their_own", want: want{Rows: rows, Notes: []string{"are read like all others: 2, 4 (2 in all)"}}, files: map[string][]byte{
			".xlsx":   sheet(`<sheetFormatPr defaultRowHeight="0" customHeight="1"/>`, ` ht="15"`),
			".b.xlsx": odd(`<sheetFormatPr customHeight="1" defaultRowHeight="0"/>`, ` ht="15"`),
			".xls": legacy(func(w *biff) {
				w.record(0x0225, u16(2, 300))
				w.record(0x0208, u16(2, 0, 3, 300, 0, 0, 0x100, 15))
			}),
		}},
		{name: "rows_hidden_by_default", want: want{Rows: rows, Notes: []string{"are hidden by default (zeroHeight): those that stand in the sheet are read like all others"}}, files: map[string][]byte{
			".xlsx":   sheet(`<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>`, ""),
			".b.xlsx": odd(`<sheetFormatPr defaultRowHeight="15" zeroHeight="true"/>`, ""),
		}},
		{name: "columns_without_width", want: want{Rows: rows, Notes: []string{"are read like all others: C 人数"}}, files: map[string][]byte{
			".xlsx":   sheet(`<cols><col min="3" max="3" width="0.0" customWidth="1"/></cols>`, ""),
			".b.xlsx": sheet(`<sheetFormatPr defaultColWidth="0" defaultRowHeight="15"/><cols><col min="1" max="2" width="9"/></cols>`, ""),
			".c.xlsx": odd(`<sheetFormatPr defaultColWidth="0" defaultRowHeight="15"/><cols><col min="1" max="2" width="9"/></cols>`, ""),
		}},
		{name: "html_unseen_in_cells", want: want{Rows: []row{{"no": "A1", "name": "甲", "net": "1", "heads": "2"}, {"no": "A2", "name": "乙", "net": "3", "heads": "4"}, {"no": "A3", "name": "丙", "net": "5", "heads": "6"}}}, files: map[string][]byte{
			".html": []byte(`<style>.n{font-size:0.0em}</style><table><tr><td>编号<td>名称<td>净额（元）<td>人数` +
				`<tr><td>A1<td>甲<span style="font-size:0px">暗</span><td>1<i class=n>9</i><td>2<b style="color: transparent">9</b>` +
				`<tr><td>A2<td>乙<svg><title>暗</title><desc>暗</desc></svg><iframe>暗</iframe><td>3<video>9</video><canvas>9</canvas><td>4<audio>9</audio>` +
				`<tr><td><input value=A3><td>丙<input type=password value=暗><td>5<input type=image value=9><input type=FILE value=9><td>6<input type=range value=9><input type=color value=9></table>`),
		}},
		{name: "html_right_to_left", want: want{Rows: []row{{"no": "A1", "heads": "5", "net": "12"}, {"no": "A7", "address": "12-3"}},
			Rejects: []reject{{3, "text.control", "净额（元）", "\u202e12"}, {4, "text.control", "地址", "\u202eAB12"}, {5, "text.control", "净额（元）", "\u202e12"}, {6, "text.control", "地址", "10 ~ 20\u202e"}, {7, "text.control", "地址", "3 号 5\u202e"}, {9, "text.control", "地址", "3 号 5\u202e"}}}, files: map[string][]byte{
			".html": []byte(`<table><tr><td>编号<td>名称<td>净额（元）<td>人数<td>地址` +
				`<tr><td>A1<td>甲<td dir=rtl>12<td><bdo dir=RTL>5</bdo><td><bdo dir=ltr>AB12</bdo>` +
				`<tr><td>A2<td>甲<td><bdo dir=RTL>12</bdo><td><td>` +
				`<tr><td>A3<td>甲<td><td><td><bdo dir="rtl">AB12</bdo>` +
				`<tr><td>A4<td>甲<td style="direction:rtl; unicode-bidi:bidi-override">12<td><td>` +
				`<tr><td>A5<td>甲<td><td><td><span dir=rtl>10 ~ 20</span>` +
				`<tr dir=rtl><td>A6<td>甲<td>1,200.5<td>3<td>3 号 5` +
				`<tr dir=rtl><td>A7<td>甲<td>1,200.5<td>3<td>12-3` +
				`</table><div dir=rtl><table><tr><td>A8<td>甲<td><td><td>3 号 5</table></div>`),
		}},
		{name: "html_pictures_and_cut_texts", want: want{Rows: []row{{"no": "A1", "name": "甲", "heads": "1"}, {"no": "A2", "name": "乙公司", "address": "说…"}, {"no": "A3", "heads": ""}},
			Rejects: []reject{{5, "cell.part", "人数", ""}, {6, "cell.part", "名称", "南京甲…"}, {7, "cell.part", "地址", "玄武区..."}}, Dropped: map[string]int64{"blank": 1}}, files: map[string][]byte{
			".html": []byte(`<table><tr><td>编号<td>名称<td>人数<td>地址` +
				`<tr><td>A1<td title=9><img alt="图标">甲<td>1<td><img src=x>` +
				`<tr><td>A2<td title="乙公司">乙公司<td><td title="点击查看">说…` +
				`<tr><td>A3<td>丙<td><img style="display:none" alt=9><td>` +
				`<tr><td>A4<td>丁<td><img src="5.png" alt=5><td>` +
				`<tr><td>A5<td title="南京甲公司">南京甲…<td><td>` +
				`<tr><td>A6<td>己<td><td><a title="玄武区中山路1号">玄武区...</a>` +
				`<tr><td><img alt="图标"><td><td><td></table>`),
		}},
		{name: "names_of_workbooks", formats: []string{".csv", ".xls", ".jsonl"}, table: of("编号|名称|备注", "k1|甲公司_x000D_|", "k2|乙_X公司|_x000D_"), want: want{Contract: "people.yaml", Rows: []row{{"no": "k2"}}, Rejects: []reject{{2, "name.markup", "名称", "甲公司_x000D_"}}}},
		{name: "html_other_table_as_wide", want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}, {"no": "A3"}}, Dropped: map[string]int64{"header": 1}, Rejects: []reject{{6, "row.width", "", ""}, {7, "row.width", "", ""}, {8, "row.width", "", ""}, {9, "row.width", "", ""}}}, files: map[string][]byte{
			".html": []byte(`<table><thead><tr><td>编号<td>名称<td>净额（元）</thead></table><table><tr><td>A1<td>甲<td>1</table><table><tr><th>编号<th>名称<th>净额（元）<tr><td>A2<td>乙<td>2<tr><td>A3<td>丙<td>2</table>` +
				`<table><tr><th>部门<th>电话<th>楼层<tr><td>B1<td>丁<td>3</table><table><thead><tr><td>部门<td>电话<td>楼层</thead><tr><td>B2<td>戊<td>3</table>`),
		}},
		{name: "shown_texts", formats: []string{".xlsx", ".xls"}, table: of("编号|名称|地址", "A1|甲|12", "A2|乙|丙", "A3|丁|戊", "A4|己|辛", "A5|壬|癸", "A6|甲|x", "A7|甲|").
			shownIn(2, `0;-0;0;"NJ"@`, `@"区"`, `;;;`, `_ * #,##0_ ;_ @_ `, `0;-0;;@`, `#,##0;-#,##0;0;`, `@"区"`),
			want: want{Rows: []row{{"address": "NJ12"}, {"address": "丙区"}, {"no": "A4", "address": "辛"}, {"address": "癸"}, {"no": "A7", "address": ""}}, Rejects: []reject{{4, "cell.format", "地址", "戊"}, {7, "cell.format", "地址", "x"}}}},
		{name: "header_with_more_in_brackets", formats: sheets, table: of("编号|名称|比例（%）|人数(女)", "A1|甲|12.5|3"), want: want{Rows: []row{{"no": "A1", "share": "", "heads": ""}},
			Notes: []string{"column 比例（%） is not read, and 比例 (share) is in no column: if they are the same, add the header to cn of share in data/sources/small.yaml", "column 人数(女) is not read"}}},
		{name: "totals_in_brackets", formats: brief, table: of("编号|名称|人数", "k1|甲|3", "k2|乙|4", "（合计）||7", "【总计】||7", "合计（2家）||7", "合计（人）||7", "*合计：||7", "Total||7", "合计人数||7", "平均值||3.5",
			"（以下空白）||", "第1页 共3页||", "（续上表）||", "（注：初步数）||", "打印时间：2025-09-30||"),
			want: want{Contract: "people.yaml", Rows: []row{{"no": "k1"}, {"no": "k2"}}, Dropped: map[string]int64{"footer": 13},
				Notes: []string{"totals that their rows add up to: row 4 ((合计)), row 5 (【总计】), row 6 (合计(2家)), and 4 more"}}},
		{name: "names_like_totals", formats: brief, table: of("编号|名称|人数", "Total-1|甲|3", "总部|乙|4", "（附）1|丙|4", "第一|丁|1", "END1|戊|1"),
			want: want{Contract: "people.yaml", Rows: []row{{"no": "Total-1"}, {"no": "总部"}, {"no": "（附）1"}, {"no": "第一"}, {"no": "END1"}}}},
		{name: "xls_halves_in_two_records", files: map[string][]byte{".xls": func() []byte {
			t := of("编号|名称", "A1|𠮷𠂇公司")
			t.cut = 8 + len(wideText("编号", 2)) + len(wideText("名称", 2)) + len(wideText("A1", 2)) + 3 + 2
			t.cutText = true
			return xlsOf(t)
		}()}, want: want{Rows: []row{{"no": "A1", "name": "𠮷𠂇公司"}}}},
		{name: "xls_sheet_without_end", files: map[string][]byte{".xls": func() []byte {
			b := xlsStream(three)
			return compoundOf("Workbook", b[:len(b)-4])
		}()}, want: want{Error: "the sheet has no end"}},
	}
}
