package main

import (
	"encoding/binary"
	"math"
	"strings"
)

// writers are the cases of workbooks as other programs than Excel write them.
func writers() []corpusCase {
	two := of("编号|名称", "A1|甲", "A2|乙")
	loaded := []row{{"no": "A1", "name": "甲", "row_no": "2"}, {"no": "A2", "name": "乙", "row_no": "3"}}
	const head = `<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c><c r="B1" t="inlineStr"><is><t>名称</t></is></c><c r="C1" t="inlineStr"><is><t>人数</t></is></c></row>`
	changed := func(by ...string) []byte { return replaced(two, by...) }
	inline := func(ref, text string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	body := head + `<row r="2">` + inline("A2", "A1") + inline("B2", "甲") + `</row><row r="3">` + inline("A3", "A2") + inline("B3", "乙") + `</row>`
	sheet := func(rows string) string { return `<worksheet><sheetData>` + rows + `</sheetData></worksheet>` }
	xml := func(name string, w want, sheets ...string) corpusCase {
		files, ends := map[string][]byte{}, []string{".xlsx", ".b.xlsx", ".c.xlsx", ".d.xlsx"}
		for i, s := range sheets {
			files[ends[i]] = changed("sheet1.xml", s)
		}
		return corpusCase{name: name, files: files, want: w}
	}
	const declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	shared := func(strings string) []byte {
		return changed("sheet1.xml", sheet(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v> 1 </v></c></row><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row><row r="3">`+inline("A3", "A2")+inline("B3", "乙")+`</row>`),
			"workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/sharedStrings" Target="/xl/styles.xml"/></Relationships>`, "styles.xml", strings)
	}
	renamed := func(change func(name string) string) []byte {
		parts := xlsxParts(two)
		for i := range parts {
			parts[i].name = change(parts[i].name)
		}
		return archive(parts...)
	}
	recordsUnder := func(t table, f func(w *biff)) []byte {
		t.records = f
		return xlsOf(t)
	}
	records := func(f func(w *biff)) []byte { return recordsUnder(two, f) }
	formula := func(id uint16) func(w *biff) {
		return func(w *biff) {
			w.record(0x0204, append(u16(3, 0, 0), wideText("A3", 2)...))
			w.record(0x0204, append(u16(3, 1, 0), wideText("丙", 2)...))
			w.record(id, append(le.AppendUint64(u16(3, 2, 0), math.Float64bits(7)), make([]byte, 8)...))
		}
	}
	heads := of("编号|名称|人数", "A1|甲|", "A2|乙|")
	withHeads := func(id uint16) []byte {
		t := heads
		t.records = formula(id)
		return xlsOf(t)
	}
	// textless has a formula whose text should stand in a record behind it, and one whose text does:
	// between the first and the next cell are records that hold no text.
	textless := func(between ...uint16) []byte {
		asks := func(row, column int) []byte {
			return append(append(u16(row, column, 0), 0, 0, 0, 0, 0, 0, 0xFF, 0xFF), make([]byte, 8)...)
		}
		t := heads
		t.records = func(w *biff) {
			w.record(0x0204, append(u16(3, 0, 0), wideText("A3", 2)...))
			w.record(0x0204, append(u16(3, 1, 0), wideText("丙", 2)...))
			w.record(0x0006, asks(3, 2))
			for _, id := range between {
				w.record(id, append(u16(4, 3, 0), make([]byte, 10)...))
			}
			w.record(0x0204, append(u16(4, 0, 0), wideText("A4", 2)...))
			w.record(0x0006, asks(4, 1))
			w.record(0x0207, wideText("丁", 2))
		}
		return xlsOf(t)
	}
	lengthy := strings.Repeat("长文", 3000)
	return []corpusCase{
		xml("xml_comments", want{Rows: loaded}, declaration+"<!-- a tool -->"+sheet(body), sheet(body+"<!-- </sheetData> <row r=\"9\"> -->"), sheet(strings.Replace(body, "<is>", "<!-- x --><is>", 2)), declaration+"<?tool <row r='9'?>"+sheet(body)),
		xml("xml_cdata", want{Rows: []row{{"name": "甲<&]公司"}, {"name": "乙"}}}, sheet(strings.Replace(body, "甲", "<![CDATA[甲<&]公司]]>", 1)), sheet(strings.Replace(body, "甲", "甲<![CDATA[<&]]]>公司", 1))),
		xml("xml_line_ends_in_tags", want{Rows: loaded}, sheet(strings.ReplaceAll(body, "<c r", "<c\n r")), sheet(strings.ReplaceAll(body, "</c>", "</c\n>")), sheet(strings.ReplaceAll(strings.ReplaceAll(body, "<row ", "<row\r\n\t"), "</row>", "</row >")), sheet(strings.ReplaceAll(strings.ReplaceAll(body, "<t>", "<t\n>"), "</is>", "\n</is\n>"))),
		xml("xml_references", want{Rows: loaded}, sheet(strings.NewReplacer(`"A2"`, `"a2"`, `"B3"`, `"b3"`).Replace(body)), sheet(strings.NewReplacer(` r="1"`, "", ` r="2"`, "", ` r="3"`, "", ` r="A2"`, "", ` r="B2"`, "").Replace(body)), sheet(strings.ReplaceAll(body, `"`, `'`)), sheet(strings.ReplaceAll(body, `r="A2"`, `r="&#65;2"`))),
		xml("xml_rows_in_pieces", want{Rows: loaded}, sheet(head+`<row r="2">`+inline("A2", "A1")+`</row><row r="2">`+inline("B2", "甲")+`</row><row r="3">`+inline("A3", "A2")+`</row><row r="3">`+inline("B3", "乙")+`</row>`),
			sheet(head+`<row r="3">`+inline("A3", "A2")+inline("B3", "乙")+`</row><row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`</row>`),
			sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B3", "乙")+`</row><row r="3">`+inline("A3", "A2")+inline("B2", "甲")+`</row>`),
			sheet(`<row r="3">`+inline("B3", "乙")+`</row>`+head+`<row r="2">`+inline("B2", "甲")+inline("A2", "A1")+`</row><row r="3">`+inline("A3", "A2")+`</row>`)),
		xml("xml_cell_twice", want{Error: "A2 is given twice"}, sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+inline("A2", "A9")+`</row>`), sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`</row><row r="2">`+inline("A2", "A9")+`</row>`)),
		xml("xml_prefixes", want{Rows: loaded}, strings.NewReplacer("</", "</x:", "<", "<x:").Replace(`<worksheet xmlns:x="m"><sheetData>`+body+`</sheetData></worksheet>`), `<worksheet xmlns:x="m"><x:sheetData>`+strings.NewReplacer("</", "</x:", "<", "<x:").Replace(body)+`</x:sheetData></worksheet>`),
		{name: "xml_encodings", files: map[string][]byte{
			".xlsx":   changed("sheet1.xml", string(wide(`<?xml version="1.0" encoding="utf-16"?>`+sheet(body), binary.LittleEndian, true)), "workbook.xml", string(wide(`<?xml version="1.0" encoding="utf-16"?><workbook xmlns:r="r"><sheets><sheet name="表" r:id="rId1"/></sheets></workbook>`, binary.BigEndian, true))),
			".b.xlsx": changed("sheet1.xml", string(gb18030(`<?xml version="1.0" encoding="gb2312"?>`+sheet(body)))),
			".c.xlsx": changed("sheet1.xml", "\ufeff"+declaration+sheet(body)),
		}, want: want{Rows: loaded}},
		{name: "xml_strings", files: map[string][]byte{
			".xlsx":   shared(`<sst count="9" uniqueCount="99"><si><t>编号</t></si><si><t>名称</t></si><si><t>A1</t></si><si><r><t>甲</t></r><rPh sb="0" eb="1"><t>jia</t></rPh></si></sst>`),
			".b.xlsx": shared(`<sst><!-- x --><si><t><![CDATA[编号]]></t></si><si><t xml:space="preserve"> 名称 </t></si><si><t>A1</t></si><si><t>甲</t><phoneticPr/></si></sst>`),
			".c.xlsx": shared("<sst><si\n><t\n>编号</t\n></si\n><si><t>名称</t></si><si><t>A1</t></si><si><t>&#30002;</t></si></sst>"),
			".d.xlsx": shared(strings.NewReplacer("</", "</x:", "<", "<x:").Replace(`<sst xmlns:x="m"><si><t>编号</t></si><si><t>名称</t></si><si><t>A1</t></si><si><t>甲</t></si></sst>`)),
		}, want: want{Rows: loaded}},
		xml("xml_layout_in_values", want{Rows: []row{{"no": "A1", "heads": "12"}}}, sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+"<c r=\"C2\"><v>\n 12\n</v></c></row>"), sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`<c r="C2"><v>&#49;2</v></c></row>`)),
		xml("formula_of_empty_text", want{Rows: []row{{"no": "A1", "heads": ""}}}, sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`<c r="C2" t="str"><f>IF(1,"")</f><v></v></c></row>`), sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`<c r="C2" t="str"><f>IF(1,"")</f><v/></c></row>`)),
		xml("formula_not_computed", want{Rejects: []reject{{2, "cell.error", "人数", "公式未计算"}}}, sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`<c r="C2"><f>1+1</f><v></v></c></row>`), sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`<c r="C2" t="str"><f>1+1</f></c></row>`)),
		xml("xml_raised_digits", want{Rejects: []reject{{2, "number.form", "人数", "12²"}}}, sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`<c r="C2" t="inlineStr"><is><r><t>12</t></r><r><rPr><vertAlign val="superscript"/><sz val="9"/></rPr><t>2</t></r></is></c></row>`), "<!-- x -->"+sheet(head+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`<c r="C2" t="inlineStr"><is><r><t>12</t></r><r><rPr><vertAlign val="superscript"/><sz val="9"/></rPr><t>2</t></r></is></c></row>`)),
		{name: "zip_names", files: map[string][]byte{
			".xlsx":   renamed(func(name string) string { return strings.ReplaceAll(name, "/", `\`) }),
			".b.xlsx": renamed(func(name string) string { return "/" + name }),
			".c.xlsx": renamed(func(name string) string { return "./" + strings.ToUpper(name) }),
			".d.xlsx": changed("workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="\xl\worksheets\sheet1.xml"/></Relationships>`),
		}, want: want{Rows: loaded}},
		{name: "zip_part_twice", files: map[string][]byte{".xlsx": archive(append(xlsxParts(two), member{`xl\worksheets\sheet1.xml`, []byte(sheet(head))})...)}, want: want{Error: "is in it twice"}},
		{name: "xls_old_formulas", files: map[string][]byte{".xls": withHeads(0x0406), ".b.xls": withHeads(0x0206), ".c.xls": withHeads(0x0006)}, want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}, {"no": "A3", "heads": "7", "row_no": "4"}}}},
		{name: "xls_unknown_record", files: map[string][]byte{".xls": records(func(w *biff) { w.record(0x0002, u16(3, 0, 0, 0, 7)) }), ".b.xls": records(func(w *biff) { w.record(0x0333, make([]byte, 12)) })}, want: want{Error: "which may hold cells"}},
		{name: "xls_texts", files: map[string][]byte{".xls": records(func(w *biff) {
			w.record(0x0204, append(u16(3, 0, 0), wideText("A3", 2)...))
			w.record(0x0204, append(u16(3, 1, 0), wideText("丙", 2)...))
			w.record(0x0204, u16(3, 2, 0, 0)) // empty, without its flags
			w.record(0x0204, append(u16(4, 0, 0), wideText("A4", 2)...))
			w.record(0x0006, append(append(u16(4, 1, 0), 0, 0, 0, 0, 0, 0, 0xFF, 0xFF), make([]byte, 8)...)) // its text follows
			text := wideText(lengthy, 2)
			w.record(0x0207, text[:8003])
			w.record(0x003C, append([]byte{1}, text[8003:]...))
		})}, want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}, {"no": "A3", "name": "丙"}, {"no": "A4", "name": lengthy}}}},
		{name: "xls_empty_formula_text", files: map[string][]byte{".xls": recordsUnder(heads, func(w *biff) {
			w.record(0x0204, append(u16(3, 0, 0), wideText("A3", 2)...))
			w.record(0x0204, append(u16(3, 1, 0), wideText("丙", 2)...))
			w.record(0x0006, append(append(u16(3, 2, 0), 3, 0, 0, 0, 0, 0, 0xFF, 0xFF), 2, 0, 0, 0, 0, 0, 0, 0))
		})}, want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}, {"no": "A3", "heads": ""}}}},
		{name: "xls_formulas_left_to_excel", files: map[string][]byte{".xls": recordsUnder(heads, func(w *biff) {
			w.record(0x0204, append(u16(3, 0, 0), wideText("A3", 2)...))
			w.record(0x0204, append(u16(3, 1, 0), wideText("丙", 2)...))
			w.record(0x0006, append(append(u16(3, 2, 0), 3, 0, 0, 0, 0, 0, 0xFF, 0xFF), 3, 0, 0, 0, 0, 0, 0, 0))
		})}, want: want{Rows: []row{{"no": "A1"}, {"no": "A2"}}, Rejects: []reject{{4, "cell.error", "人数", "公式未计算"}}}},
		{name: "xls_formula_text_never_comes", files: map[string][]byte{".xls": textless(), ".b.xls": textless(0x0208), ".c.xls": textless(0x04BC, 0x0201)}, want: want{
			Rows:    []row{{"no": "A1"}, {"no": "A2"}, {"no": "A4", "name": "丁", "row_no": "5"}},
			Rejects: []reject{{4, "cell.error", "人数", "公式未计算"}}}},
		{name: "xls_strings_counted_wrong", files: map[string][]byte{
			".xls":   patchedXLS(two, 0x00FC, func(b []byte) { le.PutUint32(b[4:], le.Uint32(b[4:])+3) }),
			".b.xls": patchedXLS(two, 0x00FC, func(b []byte) { le.PutUint32(b[4:], 1<<31) }),
			".c.xls": patchedXLS(two, 0x00FC, func(b []byte) { le.PutUint32(b[4:], 1) }),
		}, want: want{Rows: loaded}},
		{name: "xlsx_order_of_sheets", files: map[string][]byte{".xlsx": changed("workbook.xml", `<workbook xmlns:q="r"><sheets><sheet name="无" sheetId="7" q:id="rId9"/><sheet name="表" sheetId="1" q:id="rId1"/></sheets></workbook>`,
			"workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId9" Type="x/chartsheet" Target="chart.xml"/></Relationships>`)}, want: want{Rows: loaded}},
		{name: "xml_iso_days", files: map[string][]byte{".xlsx": changed("sheet1.xml", sheet(strings.Replace(head, "人数", "地址", 1)+`<row r="2">`+inline("A2", "A1")+inline("B2", "甲")+`<c r="C2" t="d"><v>2022-09-01T00:00:00</v></c></row>`))}, want: want{Rows: []row{{"no": "A1", "address": "2022-09-01"}}}},
	}
}

// patchedXLS is the .xls with the first record of a number changed.
func patchedXLS(t table, id uint16, change func(content []byte)) []byte {
	stream := xlsStream(t)
	for at := 0; at+4 <= len(stream); {
		n := int(le.Uint16(stream[at+2:]))
		if le.Uint16(stream[at:]) == id {
			change(stream[at+4 : at+4+n])
			break
		}
		at += 4 + n
	}
	return compoundOf("Workbook", stream)
}
