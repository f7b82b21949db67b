package main

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf16"
)

// textRun is where a text goes on in another font: at a 16-bit character.
type textRun struct{ at, font int }

// richText is a string of an .xls with its runs.
func richText(s string, runs ...textRun) []byte {
	units := utf16.Encode([]rune(s))
	b := append(u16(len(units)), 1|8)
	b = append(b, u16(len(runs))...)
	for _, u := range units {
		b = le.AppendUint16(b, u)
	}
	return append(b, runsOf(runs)...)
}

func runsOf(runs []textRun) []byte {
	var b []byte
	for _, r := range runs {
		b = append(b, u16(r.at, r.font)...)
	}
	return b
}

// raised are the cases of digits that stand above or below the line: those of a note, or of a unit.
func raised() []corpusCase {
	type text struct {
		row, column int
		raised      bool // the cell's own font
		text        string
		runs        []textRun
	}
	// An .xls has no font 4: of six fonts the last two are 5 and 6.
	const plain, above, below = 0, 5, 6
	scripts := []int{0, 0, 0, 0, 1, 2}
	texts := []text{
		{1, 2, false, "122", []textRun{{2, above}}},
		{2, 2, false, "7", []textRun{{0, plain}}},
		{2, 3, false, "𠂇m2，CO2", []textRun{{3, above}, {4, plain}, {7, below}}},
		{3, 2, true, "3", nil},
		{4, 2, true, "8", []textRun{{0, plain}}},
		{5, 2, true, "12", []textRun{{1, plain}}},
	}
	base := of("编号|名称|人数|地址", "A1|甲", "A2|乙", "A3|丙", "A4|丁", "A5|戊")
	base.fonts = scripts
	style := func(t text) int { // those of the fonts come last
		if t.raised {
			return xlsStyles + 4
		}
		return 0
	}
	ownTexts := func(id uint16, content func(t text) []byte) []byte {
		t := base
		t.records = func(w *biff) {
			for _, x := range texts {
				w.record(id, append(u16(x.row, x.column, style(x)), content(x)...))
			}
		}
		return xlsOf(t)
	}
	// shared has the first text's runs cut by the end of a record, so many bytes before their own.
	shared := func(cut int) []byte {
		t := base
		for _, x := range texts {
			t.rich = append(t.rich, richText(x.text, x.runs...))
		}
		if cut > 0 {
			t.cut = 8 + len(t.rich[0]) - cut
		}
		t.records = func(w *biff) {
			for i, x := range texts {
				w.record(0x00FD, le.AppendUint32(u16(x.row, x.column, style(x)), uint32(i)))
			}
		}
		return xlsOf(t)
	}
	xml := func(x text) string {
		font := map[int]string{plain: "", above: `<vertAlign val="superscript"/>`, below: `<vertAlign val='subscript' />`}
		units := utf16.Encode([]rune(x.text))
		part := func(from, to int) string { return string(utf16.Decode(units[from:to])) }
		if len(x.runs) == 0 {
			return "<t>" + x.text + "</t>"
		}
		var b strings.Builder
		if at := x.runs[0].at; at > 0 {
			b.WriteString("<r><t>" + part(0, at) + "</t></r>")
		}
		for i, r := range x.runs {
			to := len(units)
			if i+1 < len(x.runs) {
				to = x.runs[i+1].at
			}
			b.WriteString("<r><rPr>" + font[r.font] + `<sz val="9"/></rPr><t>` + part(r.at, to) + "</t></r>")
		}
		return b.String()
	}
	// workbook has the texts in its sheet, or in the table of strings.
	workbook := func(head string, inline bool) []byte {
		var rows, strings strings.Builder
		rows.WriteString(head + `<worksheet><sheetData>`)
		for i, row := range base.all() {
			fmt.Fprintf(&rows, `<row r="%d">`, i+1)
			for j, c := range row {
				rows.WriteString(cellXML(c, ref(i, j), base))
			}
			for k, x := range texts {
				if x.row != i {
					continue
				}
				style := 0
				if x.raised {
					style = 1
				}
				if inline {
					fmt.Fprintf(&rows, `<c r="%s" s="%d" t="inlineStr"><is>%s</is></c>`, ref(i, x.column), style, xml(x))
				} else {
					fmt.Fprintf(&rows, `<c r="%s" s="%d" t="s"><v>%d</v></c>`, ref(i, x.column), style, k)
				}
			}
			rows.WriteString("</row>")
		}
		rows.WriteString("</sheetData></worksheet>")
		for _, x := range texts {
			strings.WriteString("<si>" + xml(x) + "</si>")
		}
		parts := xlsxParts(base)
		for i := range parts {
			switch parts[i].name {
			case "xl/worksheets/sheet1.xml":
				parts[i].content = []byte(rows.String())
			case "xl/styles.xml":
				parts[i].content = []byte(`<styleSheet><fonts><font/><font><vertAlign val="superscript"/></font></fonts><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>`)
			case "xl/_rels/workbook.xml.rels":
				parts[i].content = []byte(`<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/styles" Target="styles.xml"/><Relationship Id="rId3" Type="x/sharedStrings" Target="strings.xml"/></Relationships>`)
			}
		}
		return archive(append(parts, member{"xl/strings.xml", []byte(head + "<sst>" + strings.String() + "</sst>")})...)
	}
	return []corpusCase{{name: "raised_digits", files: map[string][]byte{
		".xls":   shared(0),
		".b.xls": shared(4),
		".c.xls": shared(2),
		".d.xls": ownTexts(0x0204, func(t text) []byte { return richText(t.text, t.runs...) }),
		".e.xls": ownTexts(0x00D6, func(t text) []byte {
			return append(wideText(t.text, 2), append(u16(len(t.runs)), runsOf(t.runs)...)...)
		}),
		".xlsx":   workbook("", true),
		".b.xlsx": workbook("", false),
		".c.xlsx": workbook("<!-- x -->", true),
		".d.xlsx": workbook("<!-- x -->", false),
	}, want: want{
		Rows:    []row{{"no": "A2", "heads": "7", "address": "𠂇m²，CO₂"}, {"no": "A4", "heads": "8"}},
		Rejects: []reject{{2, "number.form", "人数", "12²"}, {4, "number.form", "人数", "³"}, {6, "number.form", "人数", "¹2"}}}}, struckXLS()}
}

// struckFont is a font of an .xls that strikes out what it sets.
const struckFont = 0x100

// struckXLS has texts and numbers that are struck out, as a whole and in part.
func struckXLS() corpusCase {
	const plain, struck = 0, 1
	t := of("编号|名称|人数|地址", "A1|甲", "A2|乙", "A3|丙", "A4|丁", "A5|戊")
	t.fonts = []int{0, struckFont}
	t.records = func(w *biff) {
		w.record(0x0203, le.AppendUint64(u16(1, 2, xlsStyles+struck), math.Float64bits(90)))
		w.record(0x0204, append(u16(2, 2, 0), richText("9010", textRun{0, struck}, textRun{2, plain})...))
		w.record(0x0204, append(u16(3, 2, xlsStyles+struck), richText("5")...))
		w.record(0x00BD, append(le.AppendUint32(u16(4, 2, xlsStyles+struck), 7<<2|2), u16(2)...))
		w.record(0x0203, le.AppendUint64(u16(5, 2, xlsStyles+plain), math.Float64bits(8)))
		w.record(0x0204, append(u16(5, 3, 0), richText("甲 乙", textRun{1, struck}, textRun{2, plain})...))
	}
	return corpusCase{name: "struck_xls", files: map[string][]byte{".xls": xlsOf(t)}, want: want{
		Rows: []row{{"no": "A5", "heads": "8", "address": "甲 乙"}},
		Rejects: []reject{{2, "cell.struck", "人数", "〔划去：90〕"}, {3, "cell.struck", "人数", "〔划去：90〕10"},
			{4, "cell.struck", "人数", "〔划去：5〕"}, {5, "cell.struck", "人数", "〔划去：7〕"}}}}
}
