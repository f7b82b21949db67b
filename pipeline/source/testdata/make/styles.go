package main

// styles are the cases of web pages whose style sheets say what is seen.
func styles() []corpusCase {
	page := func(sheet, rows, end string) []byte {
		return []byte(`<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--table {mso-displayed-decimal-separator:"\.";} @page {margin:1in;} tr {mso-height-source:auto;} ` + sheet + ` --></style></head><body><table><tr><td>编号<td>名称<td>净额（元）<td>人数` + rows + `</table>` + end)
	}
	return []corpusCase{
		{name: "html_style_hides_in_cells", files: map[string][]byte{".html": page(`.xl65 {display:none;} td.xl66{mso-number-format:"0"; visibility:hidden} #y{mso-hide:all} em {display:none} /* b {display:none} */ .s.t {display:none} .u{display:none !important} .v{display:none} .w{display:inline}
			@media print { .p {display:none} } @media screen { .q {display:none} } @font-face {font-family:"x"}`,
			`<tr><td>A1<td>甲<span class="a xl65">暗</span>公司<td><span id=y>9</span>1<td class=xl66>5<tr><td>A2<td><em>暗</em>乙<b>公司</b><td><i class=s>1</i><i class="s t">9</i>2<td><i class=u style="display:inline">9</i>3<tr><td>A3<td>丙<td><i class="w v">9</i>4<td><i class="v" style="display:inline">1</i><i class="v w">2</i>`+
				`<tr><td>A4<td>丁<td><i class=p>1</i><i class=q>9</i>2<td><i class=late>9</i>7<tr><td>A5<td class=xl65>戊<td class=xl66><b>9</b><td>1`, "<style>.late{opacity:0}</style>")},
			want: want{Rows: []row{{"no": "A1", "name": "甲公司", "net": "1", "heads": ""}, {"no": "A2", "name": "乙公司", "net": "12", "heads": "3"}, {"no": "A3", "net": "94", "heads": "12"}, {"no": "A4", "net": "12", "heads": "7"}, {"no": "A5", "name": "戊", "net": ""}},
				Notes: []string{"are read like all others: B 名称, C 净额（元）, D 人数"}}},
		{name: "html_style_hides_rows", files: map[string][]byte{
			".html":   page(`.h {display:none}`, `<tr><td>A1<td>甲<tr class=h><td>A2<td>乙`, ""),
			".b.html": page(`#r {visibility:collapse}`, `<tr><td>A1<td>甲<tr id="r"><td>A2<td>乙`, ""),
			".c.html": page(`tbody.h {display:none}`, `<tbody><tr><td>A1<td>甲<tbody class=h><tr><td>A2<td>乙`, ""),
			".d.html": page(`.h {display:none}`, `<tr><td>A1<td>甲</table><div class=h><div>x</div><table><tr><td>A2<td>乙<td><td></table></div><table>`, ""),
			".e.html": page("", `<tr><td>A1<td>甲</table><table style="display:none"><tr><td>A2<td>乙<td><td>`, ""),
			".f.html": page(``, `<tr><td>A1<td>甲<tr class=h><td>A2<td>乙`, "<STYLE>.h{DISPLAY:NONE}</STYLE>"),
		}, want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Notes: []string{"are read like all others: 3 (1 in all)"}}},
		{name: "html_style_strikes", files: map[string][]byte{".html": page(`.xl70 {text-decoration:line-through;} em {text-decoration:line-through} #z {text-decoration-line: line-through} .n {text-decoration:none} tr.g td.xl71{text-decoration:line-through}`,
			`<tr><td>A1<td class=xl70>甲<td>1<td>2<tr><td>A2<td>甲<td><em>9</em>1<td>2<tr><td>A3<td>甲<td id=z>1<td>2<tr><td>A4<td>甲<td class="xl70 n">1<td>2<tr><td>A5<td>甲<td class="xl71">1<td>2<tr><td>A6<td>甲<td class="xl70" style="text-decoration:none">1<td>2`, "")},
			want: want{Rows: []row{{"no": "A4", "net": "1"}, {"no": "A6", "net": "1"}}, Rejects: []reject{{2, "cell.struck", "名称", "〔划去：甲〕"}, {3, "cell.struck", "净额（元）", "〔划去：9〕1"}, {4, "cell.struck", "净额（元）", "〔划去：1〕"}, {6, "cell.struck", "净额（元）", "〔划去：1〕"}}}},
		{name: "html_style_unclear", files: map[string][]byte{".html": page(`.menu span {display:none} td:empty {display:none} td:first-child::before {content:""} .y::after {content:"元"} .x {color:red} .menu b {color:red} @media (max-width:9px) {.y {display:none}}`, `<tr><td>A1<td><span>甲</span><td class=y>1<td>2`, "")},
			want: want{Rows: []row{{"no": "A1", "name": "甲", "net": "1"}}, Notes: []string{"are not applied: .menu span, td:empty, .y::after, @media (max-width:9px)"}}},
	}
}
