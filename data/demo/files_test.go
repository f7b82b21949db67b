package demo

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"citykpi/data"
)

// contractColumn is what a test needs of a column of data/sources.
type contractColumn struct {
	CN       []string `yaml:"cn"`
	Type     string   `yaml:"type"`
	Required bool     `yaml:"required"`
}

func contracts(t *testing.T, source string) map[string]contractColumn {
	t.Helper()
	raw, err := data.FS.ReadFile("sources/" + source + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Columns map[string]contractColumn `yaml:"columns"`
	}
	if err := yaml.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return c.Columns
}

// decoded reads GB 18030 as its 2022 edition has it.
func decoded(t *testing.T, raw []byte) string {
	t.Helper()
	back := map[uint16]rune{}
	for r, code := range moved {
		back[code] = r
	}
	var out strings.Builder
	var plain []byte
	flush := func() {
		s, err := simplifiedchinese.GB18030.NewDecoder().Bytes(plain)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(s)
		plain = plain[:0]
	}
	for len(raw) > 0 {
		size := 1
		switch {
		case raw[0] < 0x80:
		case raw[1] < 0x40:
			size = 4
		default:
			size = 2
			if r, ok := back[uint16(raw[0])<<8|uint16(raw[1])]; ok {
				flush()
				out.WriteRune(r)
				raw = raw[2:]
				continue
			}
		}
		plain = append(plain, raw[:size]...)
		raw = raw[size:]
	}
	flush()
	return out.String()
}

// grid reads a file whole, as rows of text.
func grid(t *testing.T, path string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(path, ".xlsx") {
		book, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		defer book.Close()
		rows, err := book.GetRows(book.GetSheetName(0), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return rows
	}
	content, ok := strings.CutPrefix(string(raw), "\ufeff")
	if !ok {
		content = decoded(t, raw)
	}
	if strings.ContainsRune(content, '\ufffd') {
		t.Errorf("%s holds U+FFFD", path)
	}
	reader := csv.NewReader(strings.NewReader(content))
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}

// headed finds the header and which column holds what: canonical name to position.
func headed(t *testing.T, path string, rows [][]string, columns map[string]contractColumn) (int, map[string]int) {
	t.Helper()
	for line, cells := range rows[:min(len(rows), 4)] {
		at := map[string]int{}
		for i, word := range cells {
			for _, unit := range []string{"（万元）", "(万元)", "（元）", "(元)"} {
				word = strings.TrimSuffix(word, unit)
			}
			for name, c := range columns {
				if slices.Contains(c.CN, word) {
					if _, twice := at[name]; twice {
						t.Errorf("%s: two columns for %s", path, name)
					}
					at[name] = i
				}
			}
		}
		if len(at) < 3 {
			continue
		}
		for name, c := range columns {
			if _, ok := at[name]; c.Required && !ok {
				t.Errorf("%s: no column for %s among %q", path, name, cells)
			}
		}
		return line, at
	}
	t.Fatalf("%s: no header", path)
	return 0, nil
}

// Every file can be read by plain means, has the header its contract knows, and as
// many rows as the truth says.
func TestFilesAreWhatTheTruthSays(t *testing.T) {
	dir, truth := written(t, Options{Enterprises: 1500, Seed: 5})
	inbox := filepath.Join(dir, "var", "inbox")
	kinds := map[string]int{}
	for _, f := range truth.Files {
		path := filepath.Join(inbox, filepath.FromSlash(f.File))
		rows := grid(t, path)
		header, at := headed(t, path, rows, contracts(t, f.Source))
		if got := len(rows) - header - 1; got != f.Rows+f.Footers {
			t.Errorf("%s: %d rows, the truth says %d and %d footers", f.File, got, f.Rows, f.Footers)
		}
		body := rows[header+1 : len(rows)-f.Footers]
		if f.Source == "enterprise_registry" {
			if bad := registryDefects(body, at); bad != f.Rejected {
				t.Errorf("%s: %d broken rows, the truth says %d", f.File, bad, f.Rejected)
			}
			if cells := rows[header]; len(cells) < 15 {
				t.Errorf("%s: %d columns", f.File, len(cells))
			}
		}
		kinds[f.Source+filepath.Ext(f.File)]++
	}
	for _, kind := range []string{"enterprise_registry.csv", "sme_tier_recognition.csv", "sme_tier_recognition.xlsx",
		"tech_contract.csv", "tech_contract.xlsx", "award_payout.xlsx", "skilled_worker_placement.csv", "doctoral_service.xlsx",
		"industry_professor.xlsx", "technology_manager.xlsx", "technical_deputy.xlsx",
		"school_enterprise_agreement.csv", "school_enterprise_agreement.xlsx"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
}

func registryDefects(body [][]string, at map[string]int) int {
	bad := 0
	for _, cells := range body {
		code := cells[at["enterprise_code"]]
		if len(code) != 18 || creditCode(code[:17]) != code || strings.Contains(cells[at["established_on"]], "-02-30") {
			bad++
		}
	}
	return bad
}

// Spreadsheets must keep what they are given: text codes as text, serial dates as
// numbers with a date format, amounts exactly.
func TestWorkbookCells(t *testing.T) {
	d := day(19_800) // 2024-03-18
	for _, inline := range []bool{false, true} {
		sheet := table{titles: []string{"标题 <&>"}, header: []string{"序号", "代码", "日期", "金额（万元）"}, dates: serial, unit: "万元",
			rows: []row{{cells: []cell{number(1), text("013201 x\"<&"), date(d), money(123_456_789_01)}}}}
		sheet.total()
		var out bytes.Buffer
		if err := sheet.writeXLSX(&out, sheetStyle{sheet: "名单", inline: inline, saved: d.date().Time()}); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		for ref, want := range map[string]string{"A1": "标题 <&>", "B3": "013201 x\"<&", "C3": "2024-03-18",
			"D3": "12345.678901", "A4": "合计", "D4": "12345.678901"} {
			if got, err := book.GetCellValue("名单", ref); err != nil || got != want {
				t.Errorf("inline %v: %s is %q (%v), want %q", inline, ref, got, err, want)
			}
		}
		if merged, err := book.GetMergeCells("名单"); err != nil || len(merged) != 1 || merged[0].GetEndAxis() != "D1" {
			t.Errorf("merged %v (%v)", merged, err)
		}
		book.Close()
	}
}

func TestCharset(t *testing.T) {
	chars, err := newCharset()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"a中": "a\xd6\xd0", "龴": "\xfe\x59", "𠂇": "\xfe\x51",
		"喆": "\x86\xb4", "䶮": "\xfe\x9f", "𬭎": "\x99\x33\xa9\x32", "€": "\xa2\xe3"} {
		if got := chars.encode(nil, []byte(text)); string(got) != want {
			t.Errorf("%s: % x, want % x", text, got, want)
		}
	}
	all := strings.Join(append(append(slices.Clone(rare), brandThird...), tierWords[littleGiant]...), "，")
	if back := decoded(t, chars.encode(nil, []byte(all))); back != all {
		t.Errorf("%q came back as %q", all, back)
	}
}

// The check characters, on codes known from the standards and their errata.
func TestCheckCharacters(t *testing.T) {
	if got := creditCode("91350100M000100Y4"); got != "91350100M000100Y43" {
		t.Errorf("GB 32100: %s", got)
	}
	if got := orgCode("D2143569"); got != "D2143569X" {
		t.Errorf("GB 11714: %s", got)
	}
	if got := registrationNo("11010800000001"); got != "110108000000016" {
		t.Errorf("GS15: %s", got)
	}
	if code := creditCode("91350100M000100Y4"); wrongCheck(code) == code {
		t.Error("wrongCheck left the code right")
	}
}

func TestDays(t *testing.T) {
	d := day(19_800)
	if d.date().String() != "2024-03-18" || dayOf(d.date()) != d || d.serial() != 45369 {
		t.Errorf("%s %d", d.date(), d.serial())
	}
	if got := d.threeYears().date().String(); got != "2027-03-17" {
		t.Errorf("three years end %s", got)
	}
	for style, want := range []string{"2024-03-18", "2024/3/18", "2024年3月18日", "2024.03.18", "20240318", "45369"} {
		if got := dateStyle(style).write(d); got != want {
			t.Errorf("style %d: %s, want %s", style, got, want)
		}
	}
	for fen, want := range map[int64]string{1: "0.000001", 1_000_000: "1", 1_234_500: "1.2345", 0: "0"} {
		if got := yuan(fen, 6); got != want {
			t.Errorf("%d fen are %s 万元, want %s", fen, got, want)
		}
	}
}
