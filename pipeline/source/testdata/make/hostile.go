package main

import (
	"bytes"
	"strings"
)

// hostile are files that are damaged, protected, or made to do harm: each is
// refused with one line.
func hostile() []corpusCase {
	two := of("编号|名称", "A1|甲", "A2|乙")
	refused := func(name, end, says string, content []byte) corpusCase {
		return corpusCase{name: name, files: map[string][]byte{end: content}, want: want{Error: says}}
	}
	xls, xlsx, parquet := xlsOf(two), xlsxOf(two), parquetOf(two)
	sheet := func(rows string) []byte {
		parts := xlsxParts(two)
		for i := range parts {
			if strings.HasSuffix(parts[i].name, "sheet1.xml") {
				parts[i].content = []byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c><c r="B1" t="inlineStr"><is><t>名称</t></is></c></row>` + rows)
			}
		}
		return archive(parts...)
	}
	part := func(name, content string) []byte {
		parts := xlsxParts(two)
		for i := range parts {
			if parts[i].name == name {
				parts[i].content = []byte(content)
			}
		}
		return archive(parts...)
	}
	// patched is the .xls with the first record of a number changed
	patched := func(id uint16, change func(content []byte)) []byte {
		stream := xlsStream(two)
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
	// shapes are files of JSON that all are refused for one reason
	shapes := func(name, why string, content ...string) corpusCase {
		files, ends := map[string][]byte{}, []string{".json", ".b.json", ".c.json"}
		for i, c := range content {
			files[ends[i]] = []byte(c)
		}
		return corpusCase{name: name, files: files, want: want{Error: why}}
	}
	circle := bytes.Clone(xls)
	le.PutUint32(circle[512+4*2:], 2) // the stream's first sector follows itself
	password := xlsStream(two)
	password = append(password[:20], append(append(u16(0x2F, 54, 1, 1, 1), make([]byte, 48)...), password[20:]...)...)
	encrypted := archive(member{"表.csv", []byte("x")})
	for i := range len(encrypted) - 10 { // the flag stands in both headers of the member
		switch {
		case bytes.HasPrefix(encrypted[i:], []byte("PK\x03\x04")):
			encrypted[i+6] |= 1
		case bytes.HasPrefix(encrypted[i:], []byte("PK\x01\x02")):
			encrypted[i+8] |= 1
		}
	}
	flipped := bytes.Clone(parquet)
	for i := 8; i < len(flipped)-8; i += 5 {
		flipped[i] ^= 0x55
	}
	return []corpusCase{
		refused("empty", ".csv", "the file is empty", nil),
		refused("only_blanks", ".csv", "only blanks", []byte(" \r\n\t\r\n")),
		refused("picture", ".csv", "the content is binary", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")),
		refused("neither_encoding", ".csv", "neither UTF-8 nor GB18030", bytes.Repeat([]byte("\x80\xff\xfe,\xff\xff\n"), 20)),
		refused("quote_never_closed", ".csv", "a quoted cell never ends", []byte("编号,名称\nA1,甲\nA2,\"乙\n")),
		refused("login_page", ".xls", "a web page without a table", []byte("<html><body>请先登录</body></html>")),
		refused("web_archive", ".xls", "a saved web archive", []byte("MIME-Version: 1.0\nContent-Type: multipart/related\n\n--x\n<table><tr><td>编号")),
		refused("xml_document", ".xls", "an XML document", []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`)),
		refused("html_cut", ".xls", "the table has no end", []byte(strings.TrimSuffix(htmlOf(two), "</table></body></html>\n"))),
		refused("html_columns", ".html", "more than 16384 columns", []byte("<table><tr>"+strings.Repeat("<td>", 16385)+"</table>")),
		refused("html_span", ".html", "more than 16384 columns", []byte("<table><tr><td colspan=16000>a<td colspan=999999>b</table>")),
		refused("xlsx_cut", ".xlsx", "incomplete or damaged", xlsx[:len(xlsx)/2]),
		refused("xlsx_row_number", ".xlsx", "row number", sheet(`<row r="2147483648"><c r="A2"/></row></sheetData></worksheet>`)),
		refused("xlsx_string_index", ".xlsx", "wants string", sheet(`<row r="2"><c r="A2" t="s"><v>-1</v></c></row></sheetData></worksheet>`)),
		refused("xlsx_columns", ".xlsx", "XFE2", sheet(`<row r="2"><c r="XFE2"><v>1</v></c></row></sheetData></worksheet>`)),
		refused("xlsx_doctype", ".xlsx", "<!DOCTYPE", sheet(`<!DOCTYPE x [<!ENTITY a "b">]><row r="2"/></sheetData></worksheet>`)),
		refused("xlsx_entities", ".xlsx", "has a DOCTYPE", part("xl/workbook.xml", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><workbook>&b;</workbook>`)),
		refused("xlsx_circle", ".xlsx", "incomplete or damaged", part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../xl/../xl/worksheets/../_rels/../worksheets/none.xml"/></Relationships>`)),
		refused("xlsx_rels_self", ".xlsx", "no visible worksheet", part("_rels/.rels", `<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="_rels/.rels"/></Relationships>`)),
		refused("xlsx_no_sheets", ".xlsx", "no visible worksheet", part("xl/workbook.xml", `<workbook><sheets/></workbook>`)),
		refused("xlsb", ".xlsb", "a binary workbook", part("_rels/.rels", `<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>`)),
		refused("docx", ".xlsx", "without an Excel workbook", archive(member{"[Content_Types].xml", []byte("<Types/>")}, member{"word/document.xml", []byte("<w/>")})),
		refused("xls_cut", ".xls", "incomplete or damaged", xls[:1836]),
		refused("xls_circle", ".xls", "a stream is a circle", circle),
		refused("xls_string_index", ".xls", "broken record", patched(0x00FD, func(b []byte) { le.PutUint32(b[6:], 1<<31) })),
		refused("xls_column", ".xls", "broken record", patched(0x00FD, func(b []byte) { le.PutUint16(b[2:], 300) })),
		refused("xls_sheet_offset", ".xls", "incomplete or damaged", patched(0x0085, func(b []byte) { le.PutUint32(b, 1<<30) })),
		refused("xls_excel95", ".xls", "older than Excel 97", patched(0x0809, func(b []byte) { le.PutUint16(b, 0x0500) })),
		refused("xls_book", ".xls", "older than Excel 97", compoundOf("Book", xlsStream(two))),
		refused("xls_password", ".xls", "password-protected", compoundOf("Workbook", password)),
		refused("xlsx_password", ".xlsx", "password-protected", compoundOf("EncryptedPackage", make([]byte, 5000))),
		refused("doc", ".xls", "but no workbook", compoundOf("WordDocument", make([]byte, 5000))),
		refused("json_cut", ".json", "has no end", []byte(`[{"编号":"A1","名称":"甲"},{"编号":"A2","名`)),
		refused("json_list_cut", ".json", "has no end", []byte(`[{"编号":"A1","名称":"甲"},`)),
		refused("json_envelope_cut", ".json", "ends behind the list", []byte(`{"data":{"list":[{"编号":"A1","名称":"甲"}]}`)),
		refused("json_member_twice", ".json", "编号 is given twice", []byte(`[{"编号":"A1","编号":"A2","名称":"甲"}]`)),
		refused("json_comma", ".json", "want a comma", []byte(`[{"编号":"A1" "名称":"甲"}]`)),
		refused("json_word", ".json", "is no value", []byte(`[{"编号":"A1","名称":None}]`)),
		refused("json_no_objects", ".jsonl", "behind the object", []byte("{\"编号\":\"A1\",\"名称\":\"甲\"}\n[1,2]\n")),
		refused("json_nested", ".json", "objects within objects", []byte(`[{"编号":"A1","名称":`+strings.Repeat(`{"a":`, 200)+"1"+strings.Repeat("}", 200)+`}]`)),
		refused("json_elsewhere", ".json", "data.list", []byte(`{"rows":[{"编号":"A1","名称":"甲"}]}`)),
		shapes("json_by_columns", "a table by columns: 编号, 名称, each ", `{"编号":["A1","A2"],"名称":["甲","乙"]}`, `{"code":0,"data":{"编号":["A1"],"名称":["甲"]}}`, `{"编号":{"0":"A1","1":"A2"},"名称":{"0":"甲","1":"乙"}}`),
		shapes("json_object_of_objects", "an object of objects: ", `{"A1":{"编号":"A1","名称":"甲"},"A2":{"编号":"A2","名称":"乙"}}`, `{"code":0,"data":{"A1":{"编号":"A1","名称":"甲"},"A2":{"名称":"乙"}}}`),
		shapes("json_one_object_within", "is one object, not a list: 编号, 名称", `{"data":{"编号":"A1","名称":"甲"}}`, `{"data":{"total":1,"list":{"编号":"A1","名称":"甲"}}}`),
		shapes("json_lists_of_lists", "values, which have no names", `{"columns":["编号","名称"],"data":[["A1","甲"]]}`, `{"data":{"list":[["编号","名称"],["A1","甲"]]}}`),
		shapes("json_without_names", "values have no names", `[["编号","名称"],["A1","甲"]]`),
		shapes("json_values", "a list of values, which have no names", `["编号","名称"]`+"\n"+`["A1","甲"]`, `[1,2]`),
		shapes("json_value", "the file is a single value", `"甲"`, `null`),
		shapes("json_mixed", "values that are no records", `[null,{"编号":"A1","名称":"甲"}]`),
		shapes("json_in_a_text", "data is a text in which the JSON stands", `{"data":"[{\"编号\":\"A1\",\"名称\":\"甲\"}]"}`),
		shapes("json_in_a_call", "a call stands around the JSON", `cb([{"编号":"A1","名称":"甲"}])`, `window.cb({"data":[{"编号":"A1"}]});`),
		shapes("json_of_python", "in single quotes, as Python prints", `{'编号':'A1','名称':'甲'}`, `[{'编号':'A1','名称':'甲'}]`),
		shapes("json_lists_joined", "stands behind the list of records", `[{"编号":"A1","名称":"甲"}]`+"\n"+`[{"编号":"A2","名称":"乙"}]`, `{"data":{"list":[{"编号":"A1","名称":"甲"}]}}`+"\n"+`{"data":{"list":[{"编号":"A2","名称":"乙"}]}}`),
		{name: "json_no_path", files: map[string][]byte{".json": []byte(`{"code":0,"data":{"rows":[{"编号":"A1","名称":"甲"}]}}`)}, want: want{Contract: "levels.yaml", Error: "with a list in data.rows"}},
		refused("parquet_cut", ".parquet", "the Parquet file is broken", parquet[:len(parquet)-20]),
		refused("parquet_flipped", ".parquet", "the Parquet file is broken", flipped),
		refused("zip_nested", ".zip", "an archive inside an archive", archive(member{"a.zip", archive(member{"小表.csv", []byte(csvOf(two, ","))})})),
		refused("zip_dots", ".zip", "no usable name", archive(member{"../../小表.csv", []byte(csvOf(two, ","))})),
		refused("zip_control", ".zip", "no usable name", archive(member{"小\n表.csv", []byte(csvOf(two, ","))})),
		refused("zip_twice", ".zip", "in it twice", archive(member{"小表.csv", []byte("a")}, member{"小表.csv", []byte("b")})),
		refused("zip_several", ".zip", "several files", archive(member{"a.csv", []byte("a")}, member{"b.csv", []byte("b")})),
		refused("zip_password", ".zip", "password-protected", encrypted),
		refused("zip_empty", ".zip", "without an Excel workbook", archive()),
		refused("zip_folders_only", ".zip", "without files", archive(member{"a/", nil})),
	}
}
