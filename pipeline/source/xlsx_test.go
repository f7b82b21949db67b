package source

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/source/book"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/convert"
	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/source/unzip"

	"github.com/xuri/excelize/v2"
)

// workbookOf saves what fill writes into the first sheet.
func workbookOf(t testing.TB, name string, fill func(f *excelize.File, sheet string)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f, f.GetSheetName(0))
	path := write(t, name, nil)
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func set(t testing.TB, f *excelize.File, sheet, cell string, value any) {
	t.Helper()
	if err := f.SetCellValue(sheet, cell, value); err != nil {
		t.Fatal(err)
	}
}

func TestXLSX(t *testing.T) {
	path := workbookOf(t, "小表.xlsx", func(f *excelize.File, s string) {
		set(t, f, s, "A1", "某局小表（截至2025年9月30日）")
		f.MergeCell(s, "A1", "F1")
		set(t, f, s, "F2", "单位：万元")
		for i, h := range []string{"序号", "编号", "企业\n名称", "日期", "金额", "所属区", "信用代码", "人数"} {
			set(t, f, s, fmt.Sprintf("%s4", book.ColumnLetters(i)), h)
		}
		f.SetCellRichText(s, "C5", []excelize.RichTextRun{{Text: "南京"}, {Text: "<华&科>", Font: &excelize.Font{Bold: true}}})
		set(t, f, s, "B5", "A1")
		set(t, f, s, "D5", time.Date(2022, 9, 1, 0, 0, 0, 0, time.UTC)) // a date style
		set(t, f, s, "E5", 1234.5)
		set(t, f, s, "F5", "江北新区")
		set(t, f, s, "G5", goodCode)
		set(t, f, s, "H5", 12)
		set(t, f, s, "B7", "A2") // row 6 does not exist
		set(t, f, s, "C7", "乙")
		set(t, f, s, "D7", 44805) // a serial without a date style
		set(t, f, s, "E7", 0.1+0.2)
		set(t, f, s, "G7", 320100000123456)
		set(t, f, s, "B8", "A3")
		set(t, f, s, "C8", "丙")
		set(t, f, s, "D8", 20220901)
		set(t, f, s, "G8", 913201000000000000)
		set(t, f, s, "B9", "A4")
		set(t, f, s, "C9", "丁")
		style, _ := f.NewStyle(&excelize.Style{CustomNumFmt: ptrTo(`yyyy"年"m"月"d"日"`)})
		set(t, f, s, "D9", 44805)
		f.SetCellStyle(s, "D9", "D9", style)
		f.SetCellFormula(s, "H9", "1+1") // never computed
		set(t, f, s, "A10", "合计")
		set(t, f, s, "E10", 99)
		f.NewSheet("说明")
	})
	out := load(t, Reader{}, path, contractOf(t, "small.yaml", small))
	if n := out.Counts(); n != (convert.Counts{Read: 5, Loaded: 2, Rejected: 2, Dropped: 1}) {
		t.Fatalf("%+v %+v", n, out.rejects)
	}
	if l := out.Layout; l.DataDate.String() != "2025-09-30" || l.HeaderRow != 4 || l.Sheet != "Sheet1" ||
		l.Units["amount"] != "万元" || len(l.Notes) != 1 {
		t.Errorf("%+v", l)
	}
	one, two := out.rows[0], out.rows[1]
	if one["name"] != "南京<华&科>" || one["day"] != "2022-09-01" || one["region_code"] != "320191" || one["heads"] != 12.0 ||
		one["row_no"] != 5.0 || one["sheet"] != "Sheet1" ||
		strings.TrimRight(fmt.Sprint(one["amount"]), "0") != "12345" && !strings.HasPrefix(fmt.Sprint(one["amount"]), "12345000") {
		t.Errorf("%v", one)
	}
	if two["row_no"] != 7.0 || two["day"] != "2022-09-01" || two["code"] != "320100000123456" ||
		!strings.HasPrefix(fmt.Sprint(two["amount"]), "3000") {
		t.Errorf("%v", two)
	}
	var rules []string
	for _, r := range out.rejects {
		rules = append(rules, fmt.Sprint(r.Row, " ", r.Rule))
	}
	if got := strings.Join(rules, " "); got != "8 credit_code.digits_lost 9 cell.error" {
		t.Error(got)
	}
}

func ptrTo[T any](v T) *T { return &v }

func TestXLSX1904AndHiddenSheet(t *testing.T) {
	path := workbookOf(t, "小表_20250930.xlsx", func(f *excelize.File, s string) {
		f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: ptrTo(true)})
		f.NewSheet("表")
		for cell, v := range map[string]any{"A1": "编号", "B1": "名称", "C1": "日期", "A2": "A1", "B2": "甲", "C2": 43343} {
			set(t, f, "表", cell, v)
		}
		f.SetActiveSheet(1)
		f.SetSheetVisible(s, false)
	})
	out := load(t, Reader{}, path, contractOf(t, "small.yaml", small))
	if out.Layout.Sheet != "表" || len(out.rows) != 1 || out.rows[0]["day"] != "2022-09-01" {
		t.Errorf("%s %v %+v", out.Layout.Sheet, out.rows, out.rejects)
	}
}

func TestXLSXMergedData(t *testing.T) {
	path := workbookOf(t, "小表_20250930.xlsx", func(f *excelize.File, s string) {
		for cell, v := range map[string]any{"A1": "编号", "B1": "名称", "C1": "所属区", "A2": "A1", "B2": "甲", "C2": "江宁区",
			"A3": "A2", "B3": "乙"} {
			set(t, f, s, cell, v)
		}
		f.MergeCell(s, "C2", "C3")
	})
	_, err := tryLoad(t, Reader{}, path, contractOf(t, "small.yaml", small))
	if !errors.Is(err, refusal.ErrMerge) || !strings.Contains(err.Error(), "row 2, column C 所属区") {
		t.Error(err)
	}
}

// The scanner reads what excelize reads, cell by cell.
func TestXLSXAgreesWithExcelize(t *testing.T) {
	path := registryXLSX(t, 300)
	f := open(t, path)
	b, err := f.bookFor(&contract.Contract{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.sheetPreview(b, &b.Sheets()[0], contract.Format{})
	if err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rows, err := x.GetRows(x.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.rows) != len(rows) {
		t.Fatalf("%d rows, %d", len(p.rows), len(rows))
	}
	for i, row := range p.rows {
		if !reflect.DeepEqual(row.cells, rows[i]) {
			t.Fatalf("row %d: %q, %q", row.no, row.cells, rows[i])
		}
	}
}

// handmade is a workbook of one sheet with the given XML, and one shared string.
func handmade(t testing.TB, name, sheetXML string) string {
	t.Helper()
	return handmadeFrom(t, name, strings.NewReader(sheetXML))
}

func handmadeFrom(t testing.TB, name string, sheetXML io.Reader) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(part string, r io.Reader) {
		w, err := z.Create(part)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
	}
	add("_rels/.rels",
		strings.NewReader(`<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`))
	add("xl/workbook.xml", strings.NewReader(`<workbook xmlns:r="r"><sheets><sheet name="表" r:id="r1"/></sheets></workbook>`))
	add("xl/_rels/workbook.xml.rels",
		strings.NewReader(`<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/sheet1.xml"/>`+
			`<Relationship Id="r2" Type="x/sharedStrings" Target="ss.xml"/></Relationships>`))
	add("xl/ss.xml",
		strings.NewReader(`<sst><si><t>编号</t></si><si/><si><r><t xml:space="preserve">名</t></r><rPh><t>ming</t></rPh><r><t>称</t>`+
			`</r></si></sst>`))
	add("xl/sheet1.xml", sheetXML)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, name, b.Bytes())
}

const handmadeHead = `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c></row>`

func TestXLSXOtherWriters(t *testing.T) {
	c := contractOf(t, "small.yaml", small)
	for name, xml := range map[string]string{
		"no references": `<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>2</v></c></row><row><c t="inlineStr">` +
			`<is><t>A1</t></is></c><c t="str"><v>甲&#20057;&amp;_x4E01_</v></c></row></sheetData></worksheet>`,
		"prefix": `<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c>` +
			`<x:c r="B1" t="s"><x:v>2</x:v></x:c></x:row><x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>A1</x:t></x:is></x:c>` +
			`<x:c r="B2" t="str"><x:v>甲&#x4E59;&amp;丁</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
		"space and order": "<worksheet>\n<sheetData>\n <row r='1' >\n  <c t='s' r='A1' ><v>0</v></c> <c  s='0' t='s' " +
			"r='B1'><v>2</v></c>\n </row>\n<row r='2'><c r='B2' t='str'><f>x&lt;y</f><v>甲乙&amp;丁</v></c><c r='A2' " +
			"t='inlineStr'><is><t>A1</t></is></c></row></sheetData></worksheet>",
	} {
		out := load(t, Reader{}, handmade(t, "小表_20250930.xlsx", xml), c)
		if len(out.rows) != 1 || out.rows[0]["no"] != "A1" || out.rows[0]["name"] != "甲乙&丁" || out.rows[0]["row_no"] != 2.0 {
			t.Errorf("%s: %v %+v", name, out.rows, out.rejects)
		}
	}
}

func TestXLSXHostile(t *testing.T) {
	for _, tt := range []struct {
		name, row string
		want      error
		says      string
	}{
		{"string out of range", `<row r="2"><c r="A2" t="s"><v>99</v></c></row></sheetData></worksheet>`, refusal.ErrWorkbook, "cell A2"},
		{"negative string", `<row r="2"><c r="A2" t="s"><v>-1</v></c></row></sheetData></worksheet>`, refusal.ErrWorkbook, "cell A2"},
		{"row number", `<row r="99999999"><c r="A2"/></row></sheetData></worksheet>`, refusal.ErrWorkbook, "row number"},
		{"too many columns", `<row r="2"><c r="XFE2"><v>1</v></c></row></sheetData></worksheet>`, refusal.ErrWorkbook, "XFE2"},
		{"no column", `<row r="2"><c r="22"><v>1</v></c></row></sheetData></worksheet>`, refusal.ErrWorkbook, "row 2"},
		{"DOCTYPE", `<!DOCTYPE x [<!ENTITY a "b">]><row r="2"/></sheetData></worksheet>`, refusal.ErrWorkbook, "<!DOCTYPE"},
		{"a cell twice", `<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row></sheetData></worksheet>`,
			refusal.ErrWorkbook, "A2 is given twice"},
		{"a comment without end", `<row r="2"><c r="A2"><v>1</v></c></row><!-- </sheetData></worksheet>`, refusal.ErrWorkbook, "has <!--"},
		{"ends in a row", `<row r="2"><c r="A2"><v>1</v>`, refusal.ErrWorkbook, "A2 never ends"},
		{"ends after a row", `<row r="2"><c r="A2"><v>1</v></c></row>`, refusal.ErrTruncated, "ends early"},
		{"not UTF-8", "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>\xff</v></c></row></sheetData></worksheet>", refusal.ErrWorkbook, "UTF-8"},
		{"unknown element", `<row r="2"><d/></row></sheetData></worksheet>`, refusal.ErrWorkbook, "unexpected"},
		{"rows of one of two readings",
			`<mc:AlternateContent><mc:Choice Requires="x"><row r="2"><c r="A2"><v>1</v></c></row></mc:Choice>` +
				`</mc:AlternateContent></sheetData></worksheet>`, refusal.ErrWorkbook, "AlternateContent"},
		{"a text in an unknown element",
			`<!-- x --><row r="2"><c r="A2" t="inlineStr"><is><r><t>k</t></r><q><t>1</t></q></is></c></row></sheetData>` +
				`</worksheet>`, refusal.ErrWorkbook, "has <!--"},
	} {
		_, err := tryLoad(t, Reader{}, handmade(t, "小表_20250930.xlsx", handmadeHead+tt.row), contractOf(t, "small.yaml", small))
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// blanks is a sheet of one blank row after another.
type blanks struct{ at, size int64 }

func (z *blanks) Read(b []byte) (int, error) {
	const row = "<row></row>"
	n := 0
	for ; n < len(b) && z.at < z.size; n++ {
		b[n] = row[z.at%int64(len(row))]
		z.at++
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestZipBomb(t *testing.T) {
	sheet := func(size int64) io.Reader {
		return io.MultiReader(strings.NewReader(handmadeHead), &blanks{size: size / 11 * 11}, strings.NewReader("</sheetData></worksheet>"))
	}
	c := contractOf(t, "small.yaml", small)
	path := handmadeFrom(t, "小表_20250930.xlsx", sheet(24<<20))
	_, err := tryLoad(t, Reader{}, path, c)
	if !errors.Is(err, refusal.ErrTooLarge) || !strings.Contains(err.Error(), "250 to 1") {
		t.Errorf("ratio: %v", err)
	}
	f, err := OpenLimited(path, unzip.Limits{EntryBytes: 1 << 20, Ratio: 1 << 40})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = (&Reader{Units: testUnits(t)}).Inspect(t.Context(), f, c)
	if err == nil {
		err = drainErr(t, f, c)
	}
	if !errors.Is(err, refusal.ErrTooLarge) || !strings.Contains(err.Error(), "1 MB") {
		t.Errorf("size: %v", err)
	}
}

func drainErr(t *testing.T, f *File, c *contract.Contract) error {
	r := &Reader{Units: testUnits(t), Places: testPlaces(t)}
	layout, err := r.Inspect(t.Context(), f, c)
	if err != nil {
		return err
	}
	l, err := r.Read(t.Context(), f, layout, layout.DataDate, io.Discard)
	if err != nil {
		return err
	}
	defer l.Close()
	for l.Streams[0].Next() {
	}
	return l.Err()
}

// A workbook cut at any point is refused or read whole: nothing is half-loaded.
func TestTruncatedXLSX(t *testing.T) {
	whole, err := os.ReadFile(registryXLSX(t, 50))
	if err != nil {
		t.Fatal(err)
	}
	for cut := len(whole) - 1; cut > 4; cut -= 1 + len(whole)/60 {
		_, err := Open(write(t, "企业登记_20250930.xlsx", whole[:cut]))
		if !errors.Is(err, refusal.ErrTruncated) {
			t.Fatalf("cut at %d of %d: %v", cut, len(whole), err)
		}
	}
	// a damaged part in the middle
	for at := 40; at < len(whole)-40; at += len(whole) / 40 {
		damaged := bytes.Clone(whole)
		for i := range 8 {
			damaged[at+i] ^= 0x55
		}
		f, err := Open(write(t, "企业登记_20250930.xlsx", damaged))
		if err == nil {
			err = drainErr(t, f, shipped(t, "enterprise_registry"))
			f.Close()
		}
		var refused *refusal.Error
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("damaged at %d: %v", at, err)
		}
	}
}
