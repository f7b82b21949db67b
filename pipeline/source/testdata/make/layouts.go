package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// layouts are the cases of how a table stands in its file.
func layouts() []corpusCase {
	two := of("编号|名称", "A1|甲", "A2|乙")
	loaded := []row{{"no": "A1", "name": "甲"}, {"no": "A2", "name": "乙"}}
	hidden := of("编号|名称", "A1|甲", "A2|乙")
	hidden.hidden[2] = true
	blanks := of("编号|名称", "A1|甲", " | ", "A2|乙").titled("小表")
	blanks.hidden = map[int]bool{0: true, 3: true, 4: true}
	columns := of("编号|备注栏|名称|人数|地址", "A1|x|甲|3|南京", "A2|x|乙|4|")
	columns.unseen = []int{1, 3}
	oddSheet := xlsxParts(columns)
	for i := range oddSheet { // the scanner leaves it to the parser
		oddSheet[i].content = bytes.ReplaceAll(oddSheet[i].content, []byte("</row>"), []byte("</row >"))
	}
	column := []row{{"no": "A1", "heads": "3"}, {"no": "A2", "heads": "4"}}
	epoch := of("编号|名称|日期", "A1|甲|@2022-09-01", "A2|乙|@2026-09-01").typed()
	epoch.epoch1904 = true
	strict := of("编号|名称|日期", "A1|甲|@2022-09-01").typed()
	strict.strict = true
	levels := of("||合同|技术|到账|", "A1|甲|3|2|1|南京市").titled("编号|名称|金额（万元）|||地址")
	deep := of("||合同|技术||", "A1|甲|3|2|1|南京市").titled("编号|名称|金额（万元）|||地址", "||签订||到账|")
	deep.merges = []merge{{0, 0, 2, 0}, {0, 1, 2, 1}, {0, 2, 0, 4}, {1, 2, 1, 3}, {1, 4, 2, 4}, {0, 5, 2, 5}}
	joined := []row{{"no": "A1", "amount": "30000", "tech": "20000", "net": "10000", "address": "南京市"}}
	filled := of("编号|名称|所属区", "A1|甲|江宁区", "A2|乙|", "A3|丙|栖霞区").merged(merge{1, 2, 2, 2})
	return []corpusCase{
		{name: "titles", formats: rows, table: of("名称|编号|金额|备注栏", "甲|A1|5|", "乙|A2|1万元|x").titled("2025年第三季度小表|||", "单位：万元|||"),
			want: want{Rows: []row{{"no": "A1", "amount": "50000", "row_no": "4"}, {"no": "A2", "amount": "10000", "row_no": "5"}}}},
		{name: "header_again", formats: rows, table: of("编号|名称", "A1|甲", "编号|名称", "A2|乙"), want: want{Rows: loaded, Dropped: map[string]int64{"header": 1}}},
		{name: "header_spelling", formats: rows, table: of("* 编 号|企业\\n名称|人  数", "A1|甲|3"), want: want{Rows: []row{{"no": "A1", "name": "甲", "heads": "3"}}}},
		{name: "header_two_levels", formats: rows, table: levels, want: want{Contract: "levels.yaml", Rows: joined}},
		{name: "header_three_levels", formats: rows, table: deep, want: want{Contract: "deep.yaml", Rows: joined}},
		{name: "header_nested_members", files: map[string][]byte{".jsonl": []byte(`{"编号": "A1", "名称": "甲", "金额（万元）": {"合同": 3, "技术": "2", "到账": 1}, "地址": "南京市"}` + "\n")}, want: want{Contract: "levels.yaml", Rows: joined}},
		{name: "header_twice", formats: rows, table: of("编号|名称|名称", "A1|甲|乙"), want: want{Error: "columns B and C are both 名称"}},
		{name: "header_missing", formats: all, table: of("编号|企业全称", "A1|甲"), want: want{Error: "nearest is 企业全称"}},
		{name: "header_absent", formats: all, table: of("a|b", "1|2"), want: want{Error: "no header row found"}},
		{name: "no_rows", formats: append(encodings, ".xlsx", ".xls", ".html", ".parquet"), table: of("编号|名称"), want: want{Error: "no rows below the header"}},
		{name: "unit_missing", formats: all, table: of("编号|名称|金额", "A1|甲|5"), want: want{Error: "an amount without a unit"}},
		{name: "unit_of_contract", formats: all, table: of("编号|名称|金额", "A1|甲|5", "A2|乙|1亿"), want: want{Contract: "unit.yaml", Rows: []row{{"amount": "50000"}, {"amount": "100000000"}}}},
		{name: "unit_not_the_contracts", formats: all, table: of("编号|名称|金额（元）", "A1|甲|5"), want: want{Contract: "unit.yaml", Error: "the file says 元, the contract 万元"}},
		{name: "unit_of_two_minds", formats: rows, table: of("编号|名称|金额（元）", "A1|甲|5").titled("小表||（单位：亿元）"), want: want{Error: "元 in one place above the table and 亿元 in another"}},
		{name: "unit_said_twice", formats: rows, table: of("编号|名称|金额（亿元）", "A1|甲|5").titled("小表||填报单位：某局　金额单位：人民币（亿元）"), want: want{Rows: []row{{"amount": "500000000"}}}},
		{name: "unit_unknown", formats: all, table: of("编号|名称|金额（千万元）", "A1|甲|5"), want: want{Error: "千万元 is unknown"}},
		{name: "row_width", formats: encodings, table: of("编号|名称|人数", "A1|甲", "A2|乙|3|4", "A3|丙|5||"),
			want: want{Rows: []row{{"no": "A3"}}, Rejects: []reject{{2, "row.width", "", ""}, {3, "row.width", "", ""}}}},
		{name: "fill_down", formats: sheets, table: filled, want: want{Contract: "fill.yaml", Rows: []row{{"no": "A1", "district": "江宁区"}, {"no": "A2", "district": "江宁区", "region_code": "320115"}, {"no": "A3", "district": "栖霞区"}}, Notes: []string{"filled down from merged ones: 1"}}},
		{name: "merged_rows", formats: sheets, table: filled, want: want{Error: "cells are merged across rows"}},
		{name: "hidden_row", formats: sheets, table: hidden, want: want{Rows: loaded, Notes: []string{"are read like all others: 3 (1 in all)"}}},
		{name: "hidden_rows_blank", formats: sheets, table: blanks, want: want{Rows: loaded, Dropped: map[string]int64{"blank": 1}, Notes: []string{"are read like all others: 5 (1 in all)"}}},
		{name: "hidden_columns", formats: sheets, table: columns, files: map[string][]byte{
			".b.xlsx": archive(oddSheet...),
		}, want: want{Rows: column, Notes: []string{"are read like all others: D 人数"}}},
		{name: "html_hidden_columns", files: map[string][]byte{
			".html": []byte(`<table><col style="display:none"><tr><td>小表</table><table><tr><td>编号<td>名称<td style="display:none">人数<tr><td>A1<td>甲<td style="display:none">3<tr><td>A2<td>乙<td style="display:none">4</table>`),
		}, want: want{Rows: column, Notes: []string{"are read like all others: C 人数"}}},
		{name: "epoch_1904", formats: []string{".xlsx", ".xls"}, table: epoch, want: want{Rows: []row{{"no": "A1", "day": "2022-09-01"}}, Rejects: []reject{{3, "date.range", "日期", "2026-09-01"}}}},
		{name: "strict", files: map[string][]byte{".xlsx": xlsxOf(strict)}, want: want{Rows: []row{{"no": "A1", "day": "2022-09-01"}}}},
		{name: "macros", files: map[string][]byte{".xlsm": archive(append(xlsxParts(two), member{"xl/vbaProject.bin", []byte("Attribute VB_Name")})...)}, want: want{Rows: loaded}},
		{name: "sheet_behind_cover", files: books(named("填表说明", of("请如实填写", "联系人：张三")), named("名单", two)), want: want{Rows: loaded, Notes: []string{"sheet 名单 is read; not read: 填表说明"}}},
		{name: "sheet_hidden", files: books(named("说明", of("无")), unseen(named("名单", two))), want: want{Rows: loaded, Notes: []string{"hidden and read all the same: sheet 名单"}}},
		{name: "sheets_by_pattern", files: books(named("江宁区", of("编号|名称", "A1|甲", "x|坏")), named("说明", of("无")), named("栖霞区", of("名称|编号", "乙|A2"))),
			want: want{Contract: "pattern.yaml", Rows: []row{{"no": "A1", "row_no": "2", "sheet": "江宁区"}, {"no": "A2", "row_no": "2", "sheet": "栖霞区"}}, Rejects: []reject{{3, "text.pattern", "编号", "x"}}}},
		{name: "sheets_of_two_units", files: books(named("江宁区", of("编号|名称|金额（万元）", "A1|甲|5")), named("栖霞区", of("编号|名称|金额（元）", "A2|乙|50000"))), want: want{Contract: "pattern.yaml", Error: "万元 on an earlier sheet, 元 on this"}},
		{name: "sheets_of_one_name", files: books(named("江宁区", of("编号|名称", "A1|甲")), named("江宁区", of("编号|名称", "A2|乙"))), want: want{Contract: "pattern.yaml", Error: "two sheets are called 江宁区"}},
		{name: "sheets_share_keys", files: books(named("江宁区", of("编号|名称|日期|所属区", "A1|甲|2025-09-01|江宁区", "A2|乙|2025-09-02|江宁区", "坏|己|2025-09-02|江宁区")),
			named("栖霞区", of("企业名称|编号|地址|所属区|日期", "丁|A2||栖霞区|2025-09-03", "丙|A3||栖霞区|2025-09-04", "戊|坏|某路|栖霞区|2025-09-05"))),
			want: want{Contract: "pattern.yaml", Rows: []row{{"no": "A1", "row_no": "2", "sheet": "江宁区"}, {"no": "A2", "name": "乙", "row_no": "3", "sheet": "江宁区"}, {"no": "A2", "name": "丁", "row_no": "2", "sheet": "栖霞区"}, {"no": "A3", "row_no": "3", "sheet": "栖霞区"}},
				Rejects: []reject{{4, "text.pattern", "编号", "坏"}, {4, "text.pattern", "编号", "坏"}}}},
		{name: "sheets_one_empty", files: books(named("江宁区", of("编号|名称")), named("栖霞区", two)), want: want{Contract: "pattern.yaml", Rows: loaded, Notes: []string{"sheet 江宁区 has no rows"}}},
		{name: "sheets_all_empty", files: books(named("江宁区", of("编号|名称")), named("栖霞区", of(""))), want: want{Contract: "pattern.yaml", Error: "no rows below the header"}},
		{name: "sheets_of_two_dates", files: books(named("江宁区", of("编号|名称", "A1|甲").titled("截至2025年6月30日")), named("栖霞区", of("编号|名称", "A2|乙").titled("截至2025年9月30日"))),
			want: want{Contract: "titled.yaml", Error: "2025-06-30 on one sheet, 2025-09-30 on this"}},
		{name: "json_empty_list", files: map[string][]byte{".json": []byte("[]"), ".list.json": []byte(`{"data":{"list":[]}}`)}, want: want{Error: "no rows below the header"}},
		{name: "sheets_by_name", files: books(named("说明", of("无")), named("甲", of("编号|名称", "A1|甲")), named("乙", of("编号|名称", "A2|乙"))), want: want{Contract: "names.yaml", Rows: loaded}},
		{name: "sheet_absent", files: books(named("说明", two)), want: want{Contract: "pattern.yaml", Error: "the contract wants sheet *区, the workbook has 说明"}},
		{name: "late_member", files: map[string][]byte{".jsonl": []byte(strings.Repeat(`{"编号":"A1","名称":"甲"}`+"\n", 450) + `{"编号":"A2","企业名称":"乙","人数":7,"备注栏":"x"}` + "\n")},
			want: want{Rows: append(repeat(row{"no": "A1"}, 450), row{"no": "A2", "name": "乙", "heads": "7", "row_no": "452"})}},
		{name: "broken_utf8", files: map[string][]byte{".csv": []byte("编号,名称\nA1,甲\n" + strings.Repeat("A2,乙乙乙乙乙乙乙乙乙乙\n", 20) + "A3,\xffx\n")},
			want: want{Rows: append([]row{{"no": "A1"}}, repeat(row{"no": "A2"}, 20)...), Rejects: []reject{{23, "text.replacement", "名称", "\ufffdx"}}}},
		{name: "broken_utf16", files: map[string][]byte{".csv": append(wide("编号,名称\nA1,甲\nA2,", binary.LittleEndian, true), append([]byte{0, 0xD8}, wide("x\n", binary.LittleEndian, false)...)...)},
			want: want{Rows: []row{{"no": "A1"}}, Rejects: []reject{{3, "text.replacement", "名称", "\ufffdx"}}}},
		{name: "broken_gb18030", files: map[string][]byte{".csv": append(gb18030("编号,名称\nA1,甲\n"+strings.Repeat("A2,乙乙乙乙乙乙乙乙乙乙\n", 20)), "A3,\xffx\n"...)},
			want: want{Rows: append([]row{{"no": "A1"}}, repeat(row{"no": "A2"}, 20)...), Rejects: []reject{{23, "text.replacement", "名称", "\ufffdx"}}}},
		{name: "utf16_without_mark", files: map[string][]byte{".csv": wide(csvOf(two, ","), binary.LittleEndian, false), ".be.csv": wide(csvOf(two, ","), binary.BigEndian, false)}, want: want{Rows: loaded}},
	}
}

func named(name string, t table) table {
	t.sheet = name
	return t
}

func unseen(t table) table {
	t.invisible = true
	return t
}

// books is the same workbook in both of its formats.
func books(sheets ...table) map[string][]byte {
	return map[string][]byte{".xlsx": xlsxOf(sheets...), ".xls": xlsOf(sheets...)}
}

func repeat(r row, n int) []row {
	var out []row
	for range n {
		out = append(out, r)
	}
	return out
}

// disguises are files that are not what their name says.
func disguises() []corpusCase {
	two := of("编号|名称", "A1|甲", "A2|乙")
	loaded := []row{{"no": "A1", "name": "甲"}, {"no": "A2", "name": "乙"}}
	note := func(ext, kind string) []string {
		return []string{fmt.Sprintf("the name says %s, the content is %s", ext, kind)}
	}
	return []corpusCase{
		{name: "html_named_xls", files: map[string][]byte{".xls": []byte(htmlOf(two)), ".gb.xls": gb18030(strings.Replace(htmlOf(two), "utf-8", "gb2312", 1))}, want: want{Rows: loaded, Notes: note(".xls", "HTML")}},
		{name: "csv_named_xls", files: map[string][]byte{".xls": []byte(csvOf(two, ",")), ".tab.xls": gb18030(csvOf(two, "\t"))}, want: want{Rows: loaded, Notes: note(".xls", "CSV")}},
		{name: "xlsx_named_xls", files: map[string][]byte{".xls": xlsxOf(two)}, want: want{Rows: loaded, Notes: note(".xls", "XLSX")}},
		{name: "xls_named_xlsx", files: map[string][]byte{".xlsx": xlsOf(two)}, want: want{Rows: loaded, Notes: note(".xlsx", "XLS")}},
		{name: "json_named_txt", files: map[string][]byte{".txt": two.write(".jsonl"), ".wide.txt": wide(string(two.write(".json")), binary.BigEndian, true)}, want: want{Rows: loaded, Notes: note(".txt", "JSON")}},
		{name: "et", files: map[string][]byte{".et": xlsOf(two), ".new.et": xlsxOf(two)}, want: want{Rows: loaded}},
		{name: "archives", files: map[string][]byte{
			".xlsx.zip":    archive(member{"表.xlsx", xlsxOf(two)}),
			".xls.zip":     archive(member{"表.xls", xlsOf(two)}),
			".json.zip":    archive(member{"__MACOSX/._表.json", []byte("x")}, member{"表.json", two.write(".json")}),
			".parquet.zip": archive(member{"a/", nil}, member{"a/表.parquet", parquetOf(two)}),
			".gb.zip":      archive(member{string(gb18030("导出/小表.csv")), gb18030(csvOf(two, ","))}),
		}, want: want{Rows: loaded}},
		{name: "html_layout_tables", files: map[string][]byte{".html": []byte("<!DOCTYPE html><body><table><tr><td>单位：万元<table>\n<thead><tr><th>编号<th>名称<th>金额</tr></thead><tr><td>A1<td>&#30002;&amp;乙<td> 5 </tr></table></td></tr></table>")},
			want: want{Rows: []row{{"no": "A1", "name": "甲&乙", "amount": "50000"}}}},
		{name: "html_number_behind_text", files: map[string][]byte{".xls": []byte(`<table><tr><td>编号<td>名称<td>比例<td>信用代码<td>地址<tr><td>A1<td>甲<td x:num="1234.5678">1,234.57<td x:num>320107000123456<tr><td>A2<td>乙<td><td x:num="913201000000000000">9.13E+17<tr><td>A3<td>丙<td x:num="0.125">12.5%<td><td x:num="44805">2022-09-01</table>`)},
			want: want{Rows: []row{{"no": "A1", "share": "1234.5678", "code": "320107000123456"}, {"no": "A3", "address": "2022-09-01", "share": "12.5"}}, Rejects: []reject{{3, "credit_code.digits_lost", "信用代码", "913201000000000000"}}}},
	}
}
