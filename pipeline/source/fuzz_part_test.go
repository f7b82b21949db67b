package source

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"citykpi/pipeline/kpi"
)

// FuzzBookParts fuzzes the parts of a workbook beside its sheets: the list of sheets,
// what is where, the strings and the formats. What a reader that believes them hands on
// must still add up.
func FuzzBookParts(f *testing.F) {
	const (
		book = `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="表" r:id="r1"/>` +
			`<sheet name="藏" state="hidden" r:id="r9"/></sheets></workbook>`
		rels = `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="x/sharedStrings" Target="ss.xml"/>` +
			`<Relationship Id="r3" Type="x/styles" Target="st.xml"/></Relationships>`
		strs = `<sst count="2"><si><t>编号</t></si><si><r><t xml:space="preserve">名</t></r><rPh><t>ming</t></rPh><r>` +
			`<t>称&#x4e00;_x000D_</t></r></si></sst>`
		formats = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m"/></numFmts><cellXfs>` +
			`<xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>`
		sheet = `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="E1" t="str">` +
			`<v>日期</v></c></row><row><c t="str"><v>A1</v></c><c t="s"><v>1</v></c><c r="E2" s="1"><v>45000</v></c></row>` +
			`</sheetData></worksheet>`
	)
	f.Add(book, rels, strs, formats, "xl/sheet1.xml")
	f.Add(`<x:workbook/>`, strings.Replace(rels, "/xl/sheet1.xml", "../../xl/./sheet1.xml", 1), `<sst><si/><si>`,
		`<styleSheet>`, "XL/Sheet1.XML")
	f.Add(strings.Replace(book, "r1", "r2", 1), rels, strs, strings.Repeat("<xf/>", 9), "xl\\sheet1.xml")
	c, places, dir := contractOf(f, "small.yaml", small), testPlaces(f), f.TempDir()
	f.Fuzz(func(t *testing.T, book, rels, strs, formats, sheetPart string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, part := range [][2]string{
			{"_rels/.rels", `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
			{"xl/workbook.xml", book}, {"xl/_rels/workbook.xml.rels", rels}, {"xl/ss.xml", strs}, {"xl/st.xml", formats},
			{sheetPart, sheet},
		} {
			w, err := z.Create(part[0])
			if err != nil {
				return
			}
			w.Write([]byte(part[1]))
		}
		if err := z.Close(); err != nil {
			return
		}
		fuzzLoad(t, places, dir, "小表_20250930.xlsx", b.Bytes(), c)
	})
}

// The period that a name says is one of the calendar; said in full it is the same, also
// in wide characters, and whatever letters stand behind it.
func FuzzPeriodEnd(f *testing.F) {
	for _, s := range []string{"企业登记_20250930", "2025年第三季度报表", "2025Q3", "2025年上半年", "2025-09", "截至2025年9月30日", "２０２５年９月",
		"2025", "20250231", "20251301_2024", "2024年2月"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, name bool) {
		if !utf8.ValidString(s) {
			return
		}
		d, ok := PeriodEnd(s, name)
		if !ok {
			if !d.IsZero() {
				t.Fatalf("%q says %s and nothing", s, d)
			}
			return
		}
		if again, err := kpi.ParseDate(d.String()); err != nil || again != d || d.Year < 1900 || d.Year > 2099 {
			t.Fatalf("%q says %s, which is no day", s, d)
		}
		if again, _ := PeriodEnd("登记_"+d.String(), true); again != d {
			t.Fatalf("%q says %s, which as a name says %s", s, d, again)
		}
		if wide, _ := PeriodEnd(inFullWidth(s), name); wide != d && narrow(inFullWidth(s)) == narrow(s) {
			t.Fatalf("%q says %s, and wide %s", s, d, wide)
		}
	})
}

// inFullWidth writes ASCII as a Chinese keyboard does.
func inFullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r + 0xFEE0
		}
		return r
	}, s)
}
