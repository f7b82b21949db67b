package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
)

// member is one file of an archive.
type member struct {
	name    string
	content []byte
}

// archive packs without compression, so that the bytes are the same wherever they are made.
func archive(members ...member) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(m.content)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// xlsxOf writes a workbook of the given sheets.
func xlsxOf(sheets ...table) []byte { return archive(xlsxParts(sheets...)...) }

// replaced is the workbook with parts replaced, by the end of their name.
func replaced(t table, by ...string) []byte {
	parts := xlsxParts(t)
	for i := range parts {
		for k := 0; k < len(by); k += 2 {
			if strings.HasSuffix(parts[i].name, by[k]) {
				parts[i].content = []byte(by[k+1])
			}
		}
	}
	return archive(parts...)
}

func xlsxParts(sheets ...table) []member {
	relations, main := "http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	if sheets[0].strict {
		relations, main = "http://purl.oclc.org/ooxml/officeDocument/relationships", "http://purl.oclc.org/ooxml/spreadsheetml/main"
	}
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	var list, rels strings.Builder
	parts := []member{
		{"[Content_Types].xml", []byte(head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`)},
		{"_rels/.rels", []byte(head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`)},
	}
	for i, t := range sheets {
		name, state := t.sheet, ""
		if name == "" {
			name = fmt.Sprintf("Sheet%d", i+1)
		}
		if t.invisible {
			state = ` state="hidden"`
		}
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, html.EscapeString(name), i+1, state, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relations, i+1)
		parts = append(parts, member{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), []byte(head + sheetXML(t, main))})
	}
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(sheets)+1, relations)
	properties := ""
	if sheets[0].epoch1904 {
		properties = `<workbookPr date1904="1"/>`
	}
	styles := `<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>`
	if sheets[0].has(month) || sheets[0].has(year) {
		styles = `<numFmts count="2"><numFmt numFmtId="165" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;;@"/><numFmt numFmtId="166" formatCode="yyyy"/></numFmts>` +
			`<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="165"/><xf numFmtId="57"/><xf numFmtId="166"/></cellXfs>`
	}
	if formats := sheets[0].formats; formats != nil {
		var codes, cells strings.Builder
		for i, code := range formats {
			fmt.Fprintf(&codes, `<numFmt numFmtId="%d" formatCode="%s"/>`, 170+i, html.EscapeString(code))
			fmt.Fprintf(&cells, `<xf numFmtId="%d"/>`, 170+i)
		}
		styles = `<numFmts>` + codes.String() + `</numFmts><cellXfs><xf numFmtId="0"/>` + cells.String() + `</cellXfs>`
	}
	return append(parts,
		member{"xl/workbook.xml", []byte(head + `<workbook xmlns="` + main + `" xmlns:r="` + relations + `">` + properties + `<sheets>` + list.String() + `</sheets></workbook>`)},
		member{"xl/_rels/workbook.xml.rels", []byte(head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() + `</Relationships>`)},
		member{"xl/styles.xml", []byte(head + `<styleSheet xmlns="` + main + `">` + styles + `</styleSheet>`)})
}

func sheetXML(t table, namespace string) string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="` + namespace + `">`)
	if len(t.unseen) > 0 { // and, as in most of them, all that is right of the table
		b.WriteString(`<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="12" customWidth="1"/>`)
		for _, j := range t.unseen {
			fmt.Fprintf(&b, `<col min="%d" max="%d" width="9" hidden="1" customWidth="1"/>`, j+1, j+1)
		}
		fmt.Fprintf(&b, `<col min="%d" max="16384" width="0" customWidth="1"/></cols>`, len(t.header)+1)
	}
	b.WriteString(`<sheetData>`)
	for i, row := range t.all() {
		hidden := ""
		if t.hidden[i] {
			hidden = ` hidden="1"`
		}
		fmt.Fprintf(&b, `<row r="%d"%s>`, i+1, hidden)
		for j, c := range row {
			b.WriteString(cellXML(c, ref(i, j), t))
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData>")
	if len(t.merges) > 0 {
		fmt.Fprintf(&b, `<mergeCells count="%d">`, len(t.merges))
		for _, m := range t.merges {
			fmt.Fprintf(&b, `<mergeCell ref="%s:%s"/>`, ref(m.row, m.column), ref(m.toRow, m.toColumn))
		}
		b.WriteString("</mergeCells>")
	}
	b.WriteString("</worksheet>")
	return b.String()
}

func cellXML(c cell, ref string, t table) string {
	switch c.kind {
	case number:
		if c.format > 0 {
			return fmt.Sprintf(`<c r="%s" s="%d"><v>%s</v></c>`, ref, c.format, c.text)
		}
		return fmt.Sprintf(`<c r="%s"><v>%s</v></c>`, ref, c.text)
	case date:
		if t.strict {
			return fmt.Sprintf(`<c r="%s" s="1" t="d"><v>%sT00:00:00</v></c>`, ref, c.text)
		}
		return fmt.Sprintf(`<c r="%s" s="1"><v>%d</v></c>`, ref, c.serial(t.epoch1904))
	case month:
		return fmt.Sprintf(`<c r="%s" s="%d"><v>%d</v></c>`, ref, 2+len(ref)%2, c.serial(t.epoch1904))
	case year:
		return fmt.Sprintf(`<c r="%s" s="4"><v>%d</v></c>`, ref, c.serial(t.epoch1904))
	case boolean:
		return fmt.Sprintf(`<c r="%s" t="b"><v>%d</v></c>`, ref, map[string]int{"true": 1}[c.text])
	case failed:
		return fmt.Sprintf(`<c r="%s" t="e"><v>%s</v></c>`, ref, c.text)
	case pending:
		return fmt.Sprintf(`<c r="%s"><f>1+1</f></c>`, ref)
	}
	if c.text == "" {
		return ""
	}
	style := ""
	if c.format > 0 {
		style = fmt.Sprintf(` s="%d"`, c.format)
	}
	return fmt.Sprintf(`<c r="%s"%s t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, ref, style, html.EscapeString(c.text))
}
