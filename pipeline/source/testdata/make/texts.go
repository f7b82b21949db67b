package main

import (
	"encoding/binary"
	"strings"
)

// texts are the cases of how programs write a table as text: in which encoding, with which line
// ends and quotes. What is not read right is refused, or its row is.
func texts() []corpusCase {
	two := of("编号|名称", "A1|甲", "A2|乙")
	loaded := []row{{"no": "A1", "name": "甲"}, {"no": "A2", "name": "乙"}}
	csv := func(name string, w want, content ...string) corpusCase {
		files, ends := map[string][]byte{}, []string{".csv", ".b.csv", ".c.csv", ".d.csv"}
		for i, c := range content {
			files[ends[i]] = []byte(c)
		}
		return corpusCase{name: name, files: files, want: w}
	}
	gb := func(s string) string { return string(gb18030(s)) }
	little := func(s string) string { return string(wide(s, binary.LittleEndian, false)) }
	return []corpusCase{
		csv("text_returns_only", want{Rows: loaded}, "编号,名称\rA1,甲\rA2,乙\r", gb("编号,名称\rA1,甲\rA2,乙"), "\xFF\xFE"+little("编号,名称\rA1,甲\rA2,乙\r"), "\"编号\",\"名称\"\rA1,\"甲\"\rA2,乙"),
		csv("text_returns_mixed", want{Rows: loaded}, "编号,名称\r\nA1,甲\rA2,乙\n", gb("编号,名称\nA1,甲\rA2,乙\r\n"), "编号,名称\r\r\nA1,甲\r\r\nA2,乙\r\r\n"),
		csv("text_two_marks", want{Rows: loaded}, "\ufeff\ufeff\"编号\",\"名称\"\nA1,甲\nA2,乙\n", "\ufeff\ufeff编号,名称\nA1,甲\nA2,乙\n", "\x84\x31\x95\x33\x84\x31\x95\x33"+gb("\"编号\",名称\nA1,甲\nA2,乙\n"), "\xFF\xFE"+little("\ufeff\"编号\",名称\nA1,甲\nA2,乙\n")),
		csv("text_files_joined", want{Rows: loaded, Dropped: map[string]int64{"header": 1}}, "\ufeff编号,名称\nA1,甲\n\ufeff编号,名称\n\ufeff\"A2\",\"乙\"\n", "\ufeff\"编号\",名称\nA1,甲\n\ufeff\"编号\",名称\nA2,乙\n",
			"\x84\x31\x95\x33"+gb("编号,名称\nA1,甲\n")+"\x84\x31\x95\x33"+gb("\"编号\",名称\nA2,乙\n")),
		csv("text_separator_said", want{Rows: []row{{"no": "A1", "name": "甲,一"}, {"no": "A2", "name": "乙,二,三"}}}, "sep=;\r\n编号;名称\r\nA1;甲,一\r\nA2;乙,二,三\r\n", "\ufeffSEP=^\n编号^名称\nA1^甲,一\nA2^乙,二,三\n", gb("sep=|\n编号|名称\nA1|甲,一\nA2|\"乙,二,三\"\n")),
		csv("text_control_before_numbers", want{Rows: []row{{"no": "A1", "name": "甲", "heads": "1"}, {"no": "A2", "name": "乙", "heads": "2"}}}, "编号,名称,人数\n\x1fA1,甲,\x1f1\nA2,乙,\x002\n", gb("编号,名称,人数\n\x1fA1,甲,\x1f1\nA2,乙,\x012\n")),
		csv("text_control_within", want{Rows: []row{{"no": "A1"}, {"no": "A5", "address": "a\tb"}}, Rejects: []reject{{3, "text.control", "名称", "乙\x01公司"}, {4, "text.control", "人数", "1\x002"}, {5, "text.control", "地址", "a\u0085b"}}},
			"编号,名称,人数,地址\nA1,甲,1,\nA2,乙\x01公司,2,\nA3,丙,1\x002,\nA4,丁,,a\u0085b\nA5,戊,,\"a\tb\"\n"),
		csv("text_equals_quote", want{Rows: []row{{"no": "A1", "name": "甲公司", "heads": "2", "day": "2025-09-01", "code": code}, {"no": "A2", "name": "乙", "heads": "1", "address": `说"是"`}}},
			"编号,名称,人数,日期,信用代码,地址\n=\"A1\",=\"甲公司\",=\"2\",=\"2025-09-01\",=\""+code+"\",\nA2,乙,\"=\"\"1\"\"\",,,\"=\"\"说\"\"\"\"是\"\"\"\"\"\"\"\n",
			gb("=\"编号\"\t名称\t人数\t日期\t信用代码\t地址\nA1\t=\"甲公司\"\t=\"2\"\t2025-09-01\t=\""+code+"\"\t\nA2\t乙\t1\t\t\t\"说\"\"是\"\"\"\n")),
		csv("text_tab_keeps_digits", want{Rows: []row{{"no": "A1", "code": "320107000123456", "address": "00123"}}}, "编号,名称,信用代码,地址\n\"\tA1\",甲,\"\t320107000123456\",\t00123\n"),
		csv("text_digits_lost", want{Rows: []row{{"no": "A2", "address": "12E5"}}, Rejects: []reject{{2, "text.digits_lost", "地址", "3.20107E+14"}}}, "编号,名称,地址\nA1,甲,3.20107E+14\nA2,乙,12E5\n"),
		csv("text_header_ends_in_comma", want{Rows: loaded}, "编号,名称,\nA1,甲\nA2,乙\n", "编号,名称\nA1,甲,\nA2,乙,,\n", "编号,名称,,\nA1,甲,\nA2,乙,,,,\n"),
		csv("text_header_ends_short", want{Rows: []row{{"no": "A2"}}, Rejects: []reject{{2, "row.width", "", ""}, {4, "row.width", "", ""}}}, "编号,名称,\nA1\nA2,乙,x\nA3,丙,,x\n"),
		csv("text_gb_with_a_row_of_utf8", want{Rows: []row{{"no": "A1", "name": "南京公司"}, {"no": "A3", "name": "镇江公司"}}, Rejects: []reject{{3, "text.encoding", "", ""}}},
			gb("编号,名称\nA1,南京公司\n")+"A2,北京市海淀区公司\n"+gb("A3,镇江公司\n"), gb("编号,名称\nA1,南京公司\n")+"A2,\"甲\n乙\"\n"+gb("A3,镇江公司\n")),
		csv("text_utf8_with_a_row_of_gb", want{Rows: []row{{"no": "A1", "name": "南京公司"}, {"no": "A3", "name": "镇江公司"}}, Rejects: []reject{{3, "text.encoding", "", ""}}},
			"编号,名称\nA1,南京公司\n"+gb("A2,北京公司\n")+"A3,镇江公司\n", "\ufeff编号,名称\nA1,南京公司\n"+gb("A2,毛每煤\n")+"A3,镇江公司\n"),
		csv("text_utf8_cut", want{Rows: []row{{"no": "A1"}}, Rejects: []reject{{3, "text.replacement", "名称", "乙\ufffd"}}}, "编号,名称\nA1,甲公司\nA2,乙\xe5\x85", "编号,名称\nA1,甲公司\nA2,乙\xe5\n"),
		csv("text_gb_cut", want{Rows: []row{{"no": "A1"}}, Rejects: []reject{{3, "text.replacement", "名称", "乙\ufffd"}}}, gb("编号,名称\nA1,甲公司\nA2,乙")+"\xb9", gb("编号,名称\nA1,甲公司\nA2,乙")+"\xb9\n"),
		csv("text_gb_by_accident_utf8", want{Rows: []row{{"no": "A1", "name": "毛每煤"}}}, gb("编号,名称\nA1,毛每煤\n")),
		csv("text_gb_bars_and_quotes", want{Rows: []row{{"no": "A1", "name": "鮸", "address": "a|b\n\"c\""}, {"no": "A2", "name": "龕", "address": "亅"}}}, gb("编号|名称|地址\nA1|鮸|\"a|b\n\"\"c\"\"\"\nA2|龕|亅\n")),
		csv("text_gb_of_four_bytes", want{Rows: []row{{"no": "A1", "name": "㛃龴𠂇公司", "address": "0,1"}}}, gb("编号,名称,地址\nA1,㛃龴𠂇公司,\"0,1\"\n")),
		csv("text_utf16_without_mark", want{Rows: []row{{"no": "A1", "name": "一公司"}, {"no": "A2", "name": "七一公司"}}}, little("编号,名称\nA1,一公司\nA2,七一公司\n"), string(wide("编号,名称\rA1,一公司\rA2,七一公司\r", binary.BigEndian, false))),
		csv("text_utf16_odd", want{Rows: []row{{"no": "A1"}}, Rejects: []reject{{3, "text.replacement", "名称", "乙\ufffd"}}}, "\xFF\xFE"+little("编号,名称\nA1,甲\nA2,乙")+"\x6c"),
		csv("text_ends_in_zeros", want{Error: "it ends in zeros"}, csvOf(two, ",")+strings.Repeat("\x00", 5000)),
		csv("text_row_of_zeros", want{Rows: loaded, Rejects: []reject{{3, "text.control", "", ""}}}, "编号,名称\nA1,甲\n"+strings.Repeat("\x00", 40)+"\nA2,乙\n"),
		csv("text_utf32", want{Error: "it is UTF-32"}, "\xFF\xFE\x00\x00\x16\x7F\x00\x00"),
		csv("text_header_garbled", want{Error: `the first line, read as gb18030 parted by tab, is "甲 乙"`}, gb("甲\t乙\n1\t2\n")),
		{name: "text_named_nothing", files: map[string][]byte{".jsonl": []byte(`{"甲":"x","乙":1}` + "\n")}, want: want{Error: `the first line, read as json, is "甲 乙"`}},
		{name: "text_moments", files: map[string][]byte{
			".jsonl": []byte("{\"编号\":\"A1\",\"名称\":\"甲\",\"日期\":\"2022-09-30T16:30:00Z\"}\n{\"编号\":\"A2\",\"名称\":\"乙\",\"日期\":1664524800000}\n{\"编号\":\"A3\",\"名称\":\"丙\",\"日期\":\"2022-09-30T08:30:00.000+08:00\"}\n"),
			".csv":   []byte("编号,名称,日期\nA1,甲,2022-09-30T16:30:00Z\nA2,乙,1664524800000\nA3,丙,2022-09-30T08:30:00.000+08:00\n")},
			want: want{Rows: []row{{"no": "A1", "day": "2022-10-01"}, {"no": "A3", "day": "2022-09-30"}}, Rejects: []reject{{3, "date.form", "日期", "1664524800000"}}}},
		{name: "json_gb_with_a_row_of_utf8", files: map[string][]byte{".jsonl": []byte(gb(`{"编号":"A1","名称":"南京公司"}`+"\n") + `{"编号":"A2","名称":"北京公司"}` + "\n" + gb(`{"编号":"A3","名称":"镇江公司"}`+"\n"))},
			want: want{Rows: []row{{"no": "A1"}, {"no": "A2", "name": "北京公司"}, {"no": "A3", "name": "镇江公司"}}}},
		{name: "json_lists_and_booleans", files: map[string][]byte{".jsonl": []byte(`{"编号":"A1","名称":"甲","地址":["x","y"]}` + "\n" + `{"编号":"A2","名称":"乙","地址":[],"是否续聘":true}` + "\n" + `{"编号":"A3","名称":true}` + "\n" + `{"编号":"A4","名称":"丁","人数":true}` + "\n" + `{"编号":"A6","名称":{"全称":"己"}}` + "\n" + `{"编号":"A5","名称":"戊","地址":12345678901234567890}` + "\n")},
			want: want{Rows: []row{{"no": "A2", "again": "true", "address": ""}, {"no": "A5", "address": "12345678901234567890"}},
				Rejects: []reject{{2, "cell.list", "地址", `["x","y"]`}, {4, "cell.boolean", "名称", "true"}, {5, "number.form", "人数", "true"}, {6, "cell.object", "名称", `{"全称":"己"}`}}}},
		{name: "html_table_in_a_cell", files: map[string][]byte{
			".xls": []byte("<html><body><table><tr><td>编号</td><td>名称</td><td>人数</td></tr><tr><td>A1</td><td><table><tr><td>甲</td></tr></table></td><td>1</td></tr><tr><td>A2<td>乙<br>公司<td>2</table></body></html>")},
			want: want{Rows: []row{{"no": "A1", "name": "甲", "heads": "1", "row_no": "2"}, {"no": "A2", "name": "乙公司", "heads": "2", "row_no": "3"}}}},
		{name: "text_radicals", files: map[string][]byte{".csv": []byte("编号,名称,⽇期,⾦额（万元）\nA1,南京⼤学⻔⾦公司,2025-09-01,5\nA2,\uf9e1树,2025-09-⼀,6\n")},
			want: want{Rows: []row{{"no": "A1", "name": "南京大学门金公司"}}, Rejects: []reject{{3, "date.form", "⽇期", "2025-09-⼀"}}}},
		{name: "html_hidden_in_cells", files: map[string][]byte{
			".html": []byte(`<table><tr><td>编号<td>名称<td>人数<tr><td>A1<td>甲<span style="DISPLAY: none">暗<span>内</span></span>公司<td><span style="display:none">00012</span>12<tr><td><i hidden>0</i>A2<td><img style="display:none"><b>乙</b><p style="mso-hide:all">暗</p><td><input type=hidden value=9>7</table>`)},
			want: want{Rows: []row{{"no": "A1", "name": "甲公司", "heads": "12"}, {"no": "A2", "name": "乙", "heads": "7"}}}},
		{name: "html_raised_digits", files: map[string][]byte{
			".html": []byte(`<table><tr><td>编号<td>名称<td>地址<td>人数<tr><td>A1<td>甲<td>30m<sup>2</sup><td>12<sup>2</sup><tr><td>A2<td>乙<td>CO<sub>2</sub><td>7<sup>[注]</sup><tr><td>A3<td>丙<td>1<td>8</table>`)},
			want: want{Rows: []row{{"no": "A3", "heads": "8"}}, Rejects: []reject{{2, "number.form", "人数", "12²"}, {3, "number.form", "人数", "7[注]"}}}},
		{name: "html_fields", files: map[string][]byte{
			".html": []byte(`<table><tr><td>编号<td>名称<td>人数<tr><td><input value="A1"><td><select><option>甲<option selected>乙<option>丙</select><td><input type="number" value="12"/><tr><td>A2<td><select><option>甲</option><option>乙</option></select><td><textarea>7</textarea></table>`)},
			want: want{Rows: []row{{"no": "A1", "name": "乙", "heads": "12"}, {"no": "A2", "name": "甲", "heads": "7"}}}},
		{name: "html_texts", files: map[string][]byte{
			".html": []byte(`<table><tr><td>编号<td>名称<td>地址<td>人数<tr><td>="A1"<td>甲&nbsp;&lt;一&gt;<td x:num="123">00123<td x:num="1234">1,234<tr><td>A2<td>乙<td x:num="45">0.45<td>` + "\n 7 \n</table>")},
			want: want{Rows: []row{{"no": "A2", "heads": "7"}}, Rejects: []reject{{2, "number.range", "人数", "1234"}}}},
	}
}
