package main

import "strings"

// silent are the cases of files that could be read, wrongly, without anybody noticing.
func silent() []corpusCase {
	people := func(name string, formats []string, t table, w want) corpusCase {
		w.Contract = "people.yaml"
		return corpusCase{name: name, formats: formats, table: t, want: w}
	}
	csv := func(name string, w want, texts ...string) corpusCase {
		files, ends := map[string][]byte{}, []string{".csv", ".b.csv", ".c.csv", ".d.csv"}
		w.Contract = "people.yaml"
		for i, text := range texts {
			files[ends[i]] = []byte(text)
		}
		return corpusCase{name: name, files: files, want: w}
	}
	const head = "<tr><td>编号<td>名称<td>净额（元）<td>人数"
	page := func(name string, w want, rows ...string) corpusCase {
		files, ends := map[string][]byte{}, []string{".html", ".b.html", ".c.html", ".d.html"}
		for i, r := range rows {
			files[ends[i]] = []byte("<table>" + head + r + "</table>")
		}
		return corpusCase{name: name, files: files, want: w}
	}
	four := []row{{"no": "k1"}, {"no": "k9", "remark": "z"}}
	return []corpusCase{
		people("codes_as_dates", brief, of("编号|批准文号", "9月1日|", "1-Sep|", "Sep-25|", "3-Mar-25|", "k1|12月31日", "9-1|2025-09-01", "k2|5月"),
			want{Rows: []row{{"no": "9-1", "document": "2025-09-01"}, {"no": "k2", "document": "5月"}},
				Rejects: []reject{{2, "text.date", "编号", "9月1日"}, {3, "text.date", "编号", "1-Sep"}, {4, "text.date", "编号", "Sep-25"}, {5, "text.date", "编号", "3-Mar-25"}, {6, "text.date", "批准文号", "12月31日"}}}),
		people("codes_typed", []string{".xlsx", ".xls"}, of("编号|名称", "#45901|甲", "#45901|甲", "#5|甲", "k1|@2025-09-01", "k2|#44805").typed().shownIn(0, `m"月"d"日"`, `yyyy"年"m"月"`, `0`),
			want{Rows: []row{{"no": "2025年9月"}, {"no": "5"}}, Rejects: []reject{{2, "text.date", "编号", "2025-09-01"}, {5, "name.form", "名称", "2025-09-01"}, {6, "name.form", "名称", "44805"}}}),
		people("codes_of_programs", brief, of("编号|人员编号", "320102.0|", "None|", "nan|", "undefined|", "<NA>|", "k1|NaN", "k2|1.0", "k3|320102.00"),
			want{Rows: []row{{"no": "k1", "person_no": ""}, {"no": "k2", "person_no": "1.0"}, {"no": "k3", "person_no": "320102.00"}},
				Rejects: []reject{{2, "text.number", "编号", "320102.0"}, {3, "required", "编号", "None"}, {4, "required", "编号", "nan"}, {5, "required", "编号", "undefined"}, {6, "required", "编号", "<NA>"}}}),
		people("codes_with_blanks", brief, of("编号|备注", "NJ 2025 001|", "NJ - 2|", "k 3|", "k1  k22|", "20250901 20250902|", "A-1 B-22|"),
			want{Rows: []row{{"no": "NJ2025001"}, {"no": "NJ-2"}, {"no": "k3"}}, Rejects: []reject{{5, "cell.several", "编号", "k1  k22"}, {6, "cell.several", "编号", "20250901 20250902"}, {7, "cell.several", "编号", "A-1 B-22"}}}),
		{name: "registrations_several", formats: brief, table: of("编号|名称|注册号", "A1|甲|3201002 3201003", `A2|甲|32010012345\n32010012346`, "A3|甲|32010 70001 23456", "A4|甲|3201 0700 0123 456"),
			want: want{Contract: "registrations.yaml", Rows: []row{{"registration": "320107000123456"}, {"registration": "320107000123456"}}, Rejects: []reject{{2, "registration_no.several", "注册号", "3201002 3201003"}, {3, "registration_no.several", "注册号", "32010012345\n32010012346"}}}},
		people("names_of_programs", brief, of("编号|名称|备注", "k1|甲&amp;乙公司|a&amp;b", "k2|&#30002;公司|", "k3|<b>甲</b>公司|<b>x</b>", `k4|甲公司\\n乙公司|`, `k5|\\u7532公司|`, "k6|%E7%94%B2公司|", "k7|甲?公司|?", "k8|????|", "k9|AT&T公司|", "m1|甲％公司|", "m2|A<B公司|"),
			want{Rows: []row{{"no": "k9", "name": "AT&T公司"}, {"no": "m1"}, {"no": "m2"}},
				Rejects: []reject{{2, "name.markup", "名称", "甲&amp;乙公司"}, {3, "name.markup", "名称", "&#30002;公司"}, {4, "name.markup", "名称", "<b>甲</b>公司"}, {5, "name.markup", "名称", "甲公司\\\n乙公司"}, {6, "name.markup", "名称", `\\u7532公司`}, {7, "name.markup", "名称", "%E7%94%B2公司"}, {8, "text.replacement", "名称", "甲?公司"}, {9, "text.replacement", "名称", "????"}}}),
		people("text_lost_twice", []string{".csv", ".gb18030.csv", ".xlsx", ".xls", ".html", ".jsonl", ".parquet"}, of("编号|名称|备注", "k1|锟斤拷锟斤拷公司|", "k2|南京锟斤拷公司|", "k3|丙公司|锟字"),
			want{Rows: []row{{"no": "k3"}}, Rejects: []reject{{2, "text.replacement", "名称", "锟斤拷锟斤拷公司"}, {3, "text.replacement", "名称", "南京锟斤拷公司"}}}),
		people("text_right_to_left", brief, of("编号|人数|备注", "k1|\u202e321|", "k2|5|a\u202eb", "k3|\u202a5\u202c|x"),
			want{Rows: []row{{"no": "k3", "heads": "5"}}, Rejects: []reject{{2, "text.control", "人数", "\u202e321"}, {3, "text.control", "备注", "a\u202eb"}}}),
		csv("text_rows_in_quotes", want{Rows: four, Rejects: []reject{{3, "row.width", "", ""}}},
			"编号,名称,人数,备注\nk1,甲公司,1,x\nk2,甲公司,1,\"屏\nk3,乙公司,2,x\nk4,丙公司,3,\"y\nk9,丁公司,4,z\n"),
		csv("text_rows_between_quotes", want{Rows: four, Rejects: []reject{{3, "row.width", "", ""}}},
			"编号,名称,人数,备注\nk1,甲公司,1,x\nk2,甲公司,1,\"\nk3,乙公司,2,x\nk4,丙公司,3,\"\nk9,丁公司,4,z\n"),
		csv("text_rows_within_quotes", want{Rows: four, Rejects: []reject{{3, "row.width", "", ""}}},
			"编号,名称,人数,备注\nk1,甲公司,1,x\nk2,\",1,x\nk3,\",2,y\nk9,丁公司,4,z\n"),
		csv("text_lines_in_quotes", want{Rows: []row{{"no": "k1", "remark": "一\n二,三\n四"}, {"no": "k2", "remark": "x"}}},
			"编号,名称,人数,备注\nk1,甲公司,1,\"一\n二,三\n四\"\nk2,甲公司,1,\"\nx\n\"\n"),
		csv("header_in_another_order", want{Error: "row 3: a header comes again with its columns in another order"},
			"编号,名称,备注\nk1,甲公司,x\n名称,编号,备注\n乙公司,k2,y\n", "编号,名称,备注\nk1,甲公司,x\n备注,编号,名称\nk2,y,乙公司\n", "编号,名称,备注\nk1,甲公司,x\n,编号,名称\n,k2,乙公司\n"),
		page("html_header_in_another_order", want{Error: "a header comes again with its columns in another order"},
			"<tr><td>A1<td>甲<td>1<td>2</table><table><tr><td>名称<td>编号<td>净额（元）<td>人数<tr><td>A2<td>B2<td>1<td>2"),
		page("html_other_tables", want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Dropped: map[string]int64{"header": 1, "footer": 2, "blank": 1}, Rejects: []reject{{6, "row.width", "", ""}}},
			"<tr><td>A1<td>甲<td>1<td>2</table><table>"+head+"<tr><td>A2<td>乙<td>1<td>2</table><table><tr><td>联系人<td>电话<tr><td>B1<td>丙</table><table><tr><td>共 2 条<td>第1页</table><table><tr><td>"),
		page("html_unshown", want{Rows: []row{{"no": "A1", "name": "甲公司", "net": "1", "heads": "2"}}},
			"<tr><td>A1<td><ruby>甲<rp>(</rp><rt>jia</rt><rp>)</rp></ruby>公司<td>1<noscript>9</noscript><td>2<template><b>9</b></template><datalist><option>9</datalist>"),
		page("html_number_behind", want{Rows: []row{{"no": "A1", "net": "1234.57", "heads": "3"}, {"no": "A2", "net": "1234.57"}, {"no": "A3", "net": "0"}}, Rejects: []reject{{5, "number.format", "净额（元）", "12.3"}, {6, "number.format", "人数", "12"}}},
			`<tr><td>A1<td>甲<td sdval="1234.567" sdnum="2052;0;#,##0">1,235<td data-t="n" data-v="3">3<tr><td>A2<td>甲<td x:num="1234.567">1,234.57<td><tr><td>A3<td>甲<td x:num="0.004">0.00<td><tr><td>A4<td>甲<td x:num="12345">12.3<td><tr><td>A5<td>甲<td>1<td sdval="123456">12`),
		page("html_span_to_the_end", want{Error: "cells are merged across rows"},
			`<tr><td>A1<td>甲<td rowspan=0>1<td>2<tr><td>A2<td>乙<td>3`),
		page("html_span_of_a_part", want{Rows: []row{{"no": "A1"}, {"no": "A2", "net": "7", "heads": "3"}}},
			strings.Repeat(" ", 3)+`<tbody><tr><td>A1<td>甲<td>1<td>2<td rowspan=9>x<tbody><tr><td>A2<td>乙<td>7<td>3<td>y`),
	}
}
