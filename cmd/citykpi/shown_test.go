package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"citykpi/pipeline/show"

	"github.com/xuri/excelize/v2"
)

// hostile is what a bureau may put wherever it writes: a window's title, a cleared screen,
// a control of one character, an order turned around, nothing to see, a line of ours forged.
const hostile = "\x1b]0;OWNED\a\x1b[2J\u009b31m\u202e\u2066\u200b\u2028\nFORGED  all is well\r"

// raw finds characters that act on a terminal or a page.
func raw(text string) string {
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if show.Text(line) != line {
			return show.Line(line)
		}
		if strings.HasPrefix(line, "FORGED") {
			return "a forged line: " + line
		}
	}
	return ""
}

// scripted is what of a page, or of a file beside it, a script reads: elsewhere \u202e is text.
var scripted = regexp.MustCompile(`(?s)<script[^>]*>.*?</script>`)

// escaped is a character of hostile that a page's script would have back from JSON.
var escaped = regexp.MustCompile(`(^|[^\\])(\\\\)*\\u(001b|0007|009b|202e|2066|200b|2028)`)

// Nothing that bureaus write reaches a terminal, a page or a file name as anything but text.
func TestNothingFromOutsideIsPrintedRaw(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "city")
	if _, stderr, code := citykpi(t, "init", dir); code != 0 {
		t.Fatalf("init: %s", stderr)
	}
	inbox := filepath.Join(dir, "var", "inbox", "市科技局")
	write := func(name string, text string) {
		t.Helper()
		if err := os.MkdirAll(inbox, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(inbox, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// As JSON, as a CSV with control characters is taken for no text.
	table := func(rows ...[]string) string {
		heads := []string{"合同登记编号", "项目名称", "合同类别", "合同签订日期", "登记日期", "卖方名称", "卖方所属区", "买方名称", "合同成交总金额（万元）", "技术交易额（万元）", "备注" + hostile}
		list := []map[string]string{}
		for _, row := range rows {
			object := map[string]string{}
			for i, cell := range row {
				object[heads[i]] = cell
			}
			list = append(list, object)
		}
		text, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	row := func(no, name, seller, amount string) []string {
		return []string{no, name, "技术开发", "2025-05-01", "2025-05-06", seller, "江宁区", "=HYPERLINK(\"http://x\")" + hostile,
			amount, "40", hostile}
	}
	write("技术合同登记_2025Q2.json", table(
		row("20253201010001", "甲"+hostile, "南京甲有限公司"+hostile, "50"),
		row("20253201010002", "=1+1"+hostile, "南京乙有限公司", "60"),
		row("20253201010003", "丙"+hostile, "＝cmd|' /C calc'!A0"+hostile, "坏"+hostile),
		row("bad"+hostile, "丁", "南京丁有限公司", "70"),
		[]string{"20253201010005", "=1+1", "技术开发", "2025-05-01", "2025-05-06", "=2+2公司", "江宁区", "@甲公司", "坏", "40"},
		[]string{"20253201010006", "=1+1号", "技术开发", "2025-05-01", "2025-05-06", "=2+2公司", "江宁区", "＝甲公司", "50", "40"}))
	write("技术合同登记\u202e\u200b_2025Q3.json", table(row("20253201010004", "戊", "x"+hostile, "坏"+hostile)))
	write("专精特新小巨人企业名单_2025Q2.csv", "企业名称,认定日期,认定层级,所属区\n=2+2公司,2024-09-01,专精特新小巨人企业,江宁区\n")
	write("无人认得"+hostile+".csv", "a,b\n1,2\n")
	write("坏"+hostile+".xlsx", "PK\x03\x04"+hostile)
	inbox += hostile // a folder that others named
	write("技术合同登记_2025Q1.csv", "a,b\n1,2\n")

	for _, args := range [][]string{
		{"load"}, {"run"}, {"check"}, {"rejects"}, {"rejects", "--by", "bureau"}, {"rejects", "--kind", "match"},
		{"kpi", "list"}, {"kpi", "explain", "NJ-TC01"}, {"kpi", "explain", "NJ-TC01" + hostile}, {"release", "list"},
		{"release", "verify"}, {"release", "rollback", "x" + hostile},
		{"schedule", "history"}, {"schedule", "run", "x" + hostile}, {"close"}, {"report", "build", "quarterly", "--period", "2025Q3"},
		{"sql", "-q", "select * from mart.fact"}, {"sql", "-q", "select '" + hostile + "' as \"" +
			strings.ReplaceAll(hostile, `"`, "") + "\""}, {"sql", "-q", "select " + hostile},
		{"doctor"}, {"no" + hostile}, {"load", "--confirm", "x" + hostile},
	} {
		formats := []string{"table"}
		switch args[0] {
		case "check", "rejects", "sql", "doctor":
			formats = []string{"table", "csv", "json"}
		}
		for _, format := range formats {
			stdout, stderr, _ := citykpi(t, append([]string{"--project", dir, "--now", "2025-12-01T08:00", "--format", format}, args...)...)
			shown := stdout
			if args[0] == "sql" && format != "json" {
				shown = strings.ReplaceAll(stdout, "\nFORGED", "\n FORGED") // in CSV a line break of a cell is quoted data
			}
			if bad := raw(shown); bad != "" {
				t.Errorf("%s %s: stdout has %s", format, show.Line(strings.Join(args, " ")), bad)
			}
			if bad := raw(stderr); bad != "" {
				t.Errorf("%s %s: stderr has %s", format, show.Line(strings.Join(args, " ")), bad)
			}
			if format == "csv" && args[0] != "sql" {
				checkCells(t, strings.Join(args, " "), stdout)
			}
		}
	}
	kinds := map[string]int{} // of workbooks with texts that begin as formulas do
	workbook := func(kind string, content []byte) {
		t.Helper()
		if holdsNoFormula(t, kind, content) {
			kinds[kind]++
		}
	}
	for _, query := range []string{"select * from core.enterprise_match", "select '=1+1' as \"=2+2\""} {
		stdout, stderr, code := citykpi(t, "--project", dir, "--format", "xlsx", "sql", "-q", query)
		if code != 0 {
			t.Fatalf("%s: %s", query, stderr)
		}
		workbook("sql", []byte(stdout))
	}
	pages, scripts, names := 0, 0, 0
	err := filepath.WalkDir(filepath.Join(dir, "var"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(filepath.Join(dir, "var"), path)
		if strings.HasPrefix(rel, "outbox") {
			names++
			if show.Line(rel) != rel {
				t.Errorf("the outbox has %q", rel)
			}
		}
		if filepath.Ext(rel) == ".xlsx" && (strings.HasPrefix(rel, "outbox") || strings.HasPrefix(rel, "releases") ||
			strings.HasPrefix(rel, "reports")) {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			kind := strings.Split(rel, string(filepath.Separator))[0]
			if strings.Contains(rel, "企业匹配复核") {
				kind = "match"
			}
			workbook(kind, text)
		}
		if ext := filepath.Ext(rel); e.IsDir() || !strings.HasPrefix(rel, "releases") && !strings.HasPrefix(rel, "reports") ||
			ext != ".html" && ext != ".js" || strings.Contains(rel, "assets") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		pages++
		if bad := raw(string(text)); bad != "" {
			t.Errorf("%s has %.300s", rel, bad)
		}
		parts := [][]byte{text}
		if filepath.Ext(rel) == ".html" {
			parts = scripted.FindAll(text, -1)
		}
		for _, part := range parts {
			scripts++
			if at := escaped.FindIndex(part); at != nil {
				t.Errorf("%s has %.200q", rel, part[at[0]:])
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if pages < 10 || scripts < 10 || names < 3 {
		t.Fatalf("%d pages, %d scripts and %d names in the outbox: nothing was looked at", pages, scripts, names)
	}
	for _, kind := range []string{"sql", "outbox", "match"} { // the report's own test has a snapshot of hostile names
		if kinds[kind] == 0 {
			t.Errorf("no workbook of %s holds a text that begins as a formula does: nothing was looked at: %v", kind, kinds)
		}
	}
}

// holdsNoFormula opens a workbook that citykpi wrote: what stands in its cells is never computed.
// suspects says that a text in it begins as a formula does.
func holdsNoFormula(t *testing.T, what string, content []byte) (suspects bool) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, part := range z.File {
		in, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if at := formulaTag.FindIndex(text); at != nil && strings.HasPrefix(part.Name, "xl/worksheets/") {
			t.Errorf("%s: %s has the formula %.80q", what, part.Name, text[at[0]:])
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for j, cell := range row {
				name, _ := excelize.CoordinatesToCellName(j+1, i+1)
				kind, _ := f.GetCellType(sheet, name)
				if text := kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString; !text ||
					show.Guard(cell) == cell {
					continue
				}
				suspects = true
				style, _ := f.GetCellStyle(sheet, name)
				if q := f.Styles.CellXfs.Xf[style].QuotePrefix; q == nil || !*q {
					t.Errorf("%s: %s!%s %.60q would be a formula once somebody edits it", what, sheet, name, cell)
				}
			}
		}
	}
	return suspects
}

// formulaTag starts a cell's formula.
var formulaTag = regexp.MustCompile(`<(\w+:)?f[\s>/]`)

// checkCells holds that no cell of a CSV is a formula.
func checkCells(t *testing.T, what, text string) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return // a verb that prints words
	}
	for _, row := range rows {
		for _, cell := range row {
			if show.Guard(cell) != cell {
				t.Errorf("%s: the CSV has the formula %q", what, cell)
			}
		}
	}
}
