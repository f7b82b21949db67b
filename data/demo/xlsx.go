package demo

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"
)

// sheetStyle is how a workbook keeps its strings and what its sheet is called.
type sheetStyle struct {
	sheet  string
	inline bool      // strings stand in the cells instead of a shared table
	saved  time.Time // time stamp of the document and of the archive's entries
}

// cell formats of the style sheet below
const (
	plainFormat  = 0
	dateFormat   = 1
	titleFormat  = 2
	headerFormat = 3
)

const (
	xmlHead     = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS      = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	packageNS   = `http://schemas.openxmlformats.org/package/2006`
	documentNS  = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	contentType = `application/vnd.openxmlformats-officedocument.spreadsheetml.`

	styleSheet = xmlHead + `<styleSheet xmlns="` + mainNS + `"><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy\-mm\-dd"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="16"/><name val="宋体"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="176" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment horizontal="center" wrapText="1"/></xf></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

// writeXLSX writes a table as a workbook with one sheet: titles merged across the
// columns, then the header, the rows and the footers.
func (t *table) writeXLSX(w io.Writer, style sheetStyle) error {
	sheet := &sheetWriter{table: t, style: style, index: map[string]int{}}
	content := sheet.render()
	parts := []struct{ name, body string }{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="` + packageNS + `/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + contentType + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + contentType + `worksheet+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + contentType + `styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="` + contentType + `sharedStrings+xml"/>` +
			`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="` + packageNS + `/relationships"><Relationship Id="rId1" Type="` + documentNS + `/officeDocument" Target="xl/workbook.xml"/>` +
			`<Relationship Id="rId2" Type="` + packageNS + `/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"docProps/core.xml", coreProperties(style.saved)},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="` + mainNS + `" xmlns:r="` + documentNS + `"><sheets><sheet name="` + escape(style.sheet) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="` + packageNS + `/relationships"><Relationship Id="rId1" Type="` + documentNS + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + documentNS + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + documentNS + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", content},
		{"xl/styles.xml", styleSheet},
		{"xl/sharedStrings.xml", sheet.sharedStrings()},
	}
	archive := zip.NewWriter(w)
	for _, p := range parts {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: style.saved})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(entry, p.body); err != nil {
			return err
		}
	}
	return archive.Close()
}

func coreProperties(saved time.Time) string {
	stamp := saved.Format(time.RFC3339)
	return xmlHead + `<cp:coreProperties xmlns:cp="` + packageNS + `/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:creator>citykpi demo</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">` + stamp + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + stamp + `</dcterms:modified></cp:coreProperties>`
}

// sheetWriter renders the one sheet and collects its shared strings.
type sheetWriter struct {
	*table
	style  sheetStyle
	out    bytes.Buffer
	shared []string
	index  map[string]int
	line   int
}

func (s *sheetWriter) render() string {
	s.out.WriteString(xmlHead + `<worksheet xmlns="` + mainNS + `"><sheetData>`)
	for _, title := range s.titles {
		s.put([]cell{text(title)}, titleFormat)
	}
	header := make([]cell, len(s.header))
	for i, h := range s.header {
		header[i] = text(h)
	}
	s.put(header, headerFormat)
	for _, r := range s.rows {
		s.put(r.cells, plainFormat)
	}
	for _, f := range s.footers {
		s.put(f, plainFormat)
	}
	s.out.WriteString(`</sheetData>`)
	if len(s.titles) > 0 {
		fmt.Fprintf(&s.out, `<mergeCells count="%d">`, len(s.titles))
		for i := range s.titles {
			fmt.Fprintf(&s.out, `<mergeCell ref="A%d:%s%d"/>`, i+1, columnName(len(s.header)-1), i+1)
		}
		s.out.WriteString(`</mergeCells>`)
	}
	s.out.WriteString(`</worksheet>`)
	return s.out.String()
}

func (s *sheetWriter) put(cells []cell, format int) {
	s.line++
	fmt.Fprintf(&s.out, `<row r="%d">`, s.line)
	for i, c := range cells {
		value := s.string(c)
		if value == "" {
			continue
		}
		ref := columnName(i) + strconv.Itoa(s.line)
		switch {
		case c.kind == asDate && s.dates == serial:
			fmt.Fprintf(&s.out, `<c r="%s" s="%d"><v>%s</v></c>`, ref, dateFormat, value)
		case c.kind == asMoney || c.kind == asNumber:
			fmt.Fprintf(&s.out, `<c r="%s"><v>%s</v></c>`, ref, value)
		case s.style.inline:
			fmt.Fprintf(&s.out, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, ref, format, escape(value))
		default:
			fmt.Fprintf(&s.out, `<c r="%s" s="%d" t="s"><v>%d</v></c>`, ref, format, s.share(value))
		}
	}
	s.out.WriteString(`</row>`)
}

func (s *sheetWriter) share(value string) int {
	i, ok := s.index[value]
	if !ok {
		i = len(s.shared)
		s.index[value] = i
		s.shared = append(s.shared, value)
	}
	return i
}

func (s *sheetWriter) sharedStrings() string {
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	fmt.Fprintf(w, `%s<sst xmlns="%s" uniqueCount="%d">`, xmlHead, mainNS, len(s.shared))
	for _, v := range s.shared {
		fmt.Fprintf(w, `<si><t xml:space="preserve">%s</t></si>`, escape(v))
	}
	w.WriteString(`</sst>`)
	_ = w.Flush() // a bytes.Buffer takes everything
	return out.String()
}

func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + columnName(i%26)
}

func escape(s string) string {
	var out bytes.Buffer
	xml.EscapeText(&out, []byte(s)) // a bytes.Buffer takes everything
	return out.String()
}
