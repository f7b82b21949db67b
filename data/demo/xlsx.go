package demo

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
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
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS  = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
)

// workbookParts are what all workbooks have in common; {sheet} and {saved} are filled in.
//
//go:embed workbook
var workbookParts embed.FS

// writeXLSX writes a table as a workbook with one sheet: titles merged across the
// columns, then the header, the rows and the footers.
func (t *table) writeXLSX(w io.Writer, style sheetStyle) error {
	sheet := &sheetWriter{table: t, style: style, index: map[string]int{}}
	content := sheet.render()
	fill := strings.NewReplacer("{sheet}", escape(style.sheet), "{saved}", style.saved.Format(time.RFC3339))
	archive := zip.NewWriter(w)
	for _, p := range []struct{ name, part, body string }{
		{"[Content_Types].xml", "content_types.xml", ""},
		{"_rels/.rels", "rels.xml", ""},
		{"docProps/core.xml", "core.xml", ""},
		{"xl/workbook.xml", "workbook.xml", ""},
		{"xl/_rels/workbook.xml.rels", "workbook_rels.xml", ""},
		{"xl/worksheets/sheet1.xml", "", content},
		{"xl/styles.xml", "styles.xml", ""},
		{"xl/sharedStrings.xml", "", sheet.sharedStrings()},
	} {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: style.saved})
		if err != nil {
			return err
		}
		if p.part != "" {
			raw, err := workbookParts.ReadFile("workbook/" + p.part)
			if err != nil {
				return err
			}
			p.body = fill.Replace(strings.TrimSuffix(string(raw), "\n"))
		}
		if _, err := io.WriteString(entry, p.body); err != nil {
			return err
		}
	}
	return archive.Close()
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
	for i, cells := range s.lines() {
		switch {
		case i < len(s.titles):
			s.put(cells, titleFormat)
		case i == len(s.titles):
			s.put(cells, headerFormat)
		default:
			s.put(cells, plainFormat)
		}
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
	var w strings.Builder
	fmt.Fprintf(&w, `%s<sst xmlns="%s" uniqueCount="%d">`, xmlHead, mainNS, len(s.shared))
	for _, v := range s.shared {
		fmt.Fprintf(&w, `<si><t xml:space="preserve">%s</t></si>`, escape(v))
	}
	w.WriteString(`</sst>`)
	return w.String()
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
