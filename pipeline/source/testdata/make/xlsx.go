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

const (
	xmlHead     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	formats2006 = "http://schemas.openxmlformats.org/"
	spreadsheet = formats2006 + "spreadsheetml/2006/main"
	document    = formats2006 + "officeDocument/2006/relationships"
	relations   = `<Relationships xmlns="` + formats2006 + `package/2006/relationships">`
	types       = `<Types xmlns="` + formats2006 + `package/2006/content-types">` +
		`<Default Extension="xml" ContentType="application/xml"/></Types>`
)

// xlsxParts are the members of a workbook of the given sheets.
func xlsxParts(sheets ...table) []member {
	var list, rels strings.Builder
	var parts []member
	add := func(name string, content ...string) {
		parts = append(parts, member{name, []byte(xmlHead + strings.Join(content, ""))})
	}
	add("[Content_Types].xml", types)
	add("_rels/.rels", relations, `<Relationship Id="rId1" Type="`, document, `/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	for i, t := range sheets {
		name, state := t.sheet, ""
		if name == "" {
			name = fmt.Sprintf("Sheet%d", i+1)
		}
		if t.invisible {
			state = ` state="hidden"`
		}
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, html.EscapeString(name), i+1, state, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, document, i+1)
		add(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), sheetXML(t))
	}
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(sheets)+1, document)
	properties := ""
	if sheets[0].epoch1904 {
		properties = `<workbookPr date1904="1"/>`
	}
	add("xl/workbook.xml", `<workbook xmlns="`, spreadsheet, `" xmlns:r="`, document, `">`, properties,
		`<sheets>`, list.String(), `</sheets></workbook>`)
	add("xl/_rels/workbook.xml.rels", relations, rels.String(), `</Relationships>`)
	add("xl/styles.xml", `<styleSheet xmlns="`, spreadsheet, `">`, stylesXML(sheets[0]), `</styleSheet>`)
	return parts
}

// stylesXML are the number formats that a table's cells are shown in.
func stylesXML(t table) string {
	if t.formats != nil {
		var codes, cells strings.Builder
		for i, code := range t.formats {
			fmt.Fprintf(&codes, `<numFmt numFmtId="%d" formatCode="%s"/>`, 170+i, html.EscapeString(code))
			fmt.Fprintf(&cells, `<xf numFmtId="%d"/>`, 170+i)
		}
		return `<numFmts>` + codes.String() + `</numFmts><cellXfs><xf numFmtId="0"/>` + cells.String() + `</cellXfs>`
	}
	if t.has(month) || t.has(year) {
		return `<numFmts count="2"><numFmt numFmtId="165" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;;@"/>` +
			`<numFmt numFmtId="166" formatCode="yyyy"/></numFmts><cellXfs count="5"><xf numFmtId="0"/>` +
			`<xf numFmtId="14"/><xf numFmtId="165"/><xf numFmtId="57"/><xf numFmtId="166"/></cellXfs>`
	}
	return `<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>`
}

func sheetXML(t table) string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="` + spreadsheet + `">`)
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
