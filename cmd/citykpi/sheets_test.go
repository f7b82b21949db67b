package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"

	"github.com/xuri/excelize/v2"
)

// The contract of an export with a sheet per district.
const managersBySheet = `source: technology_manager
name: 技术经理人认定名单
bureau: 市科技局
files: ["*技术经理人*"]
mode: append
key: [certificate_no]
due: {every: quarter, within_days: 15}
data_date: [file_name]
format: {sheet: "*区"}
columns:
  certificate_no: {cn: [编号], type: text, required: true, pattern: "^[A-Z][0-9]+$", like: "一个字母加数字，如 A1"}
  person_no: {cn: [名称, 企业名称], type: text, required: true}
  person_name: {cn: [姓名], type: text, personal: name}
  trained_on: {cn: [培训日期], type: date}
  recognised_on: {cn: [日期], type: date, required: true}
  level: {cn: [等级], type: text}
  employer_name: {cn: [所在单位], type: name}
  district: {cn: [所属区], type: text}
  address: {cn: [地址], type: text}
region: {from: [district]}
`

// managers is the commitment that counts them.
const managers = "NJ88-023"

// Rows of two sheets of one file have the same numbers: every list says which sheet
// is meant, and of two rows for one key the later sheet's counts.
func TestSeveralSheets(t *testing.T) {
	for _, ext := range []string{".xlsx", ".xls"} {
		t.Run(ext, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "city")
			run := func(args ...string) string {
				t.Helper()
				stdout, stderr, code := citykpi(t, append([]string{"--project", dir, "--format", "csv"}, args...)...)
				if code != 0 {
					t.Fatalf("%v: exit %d\n%s%s", args, code, stdout, stderr)
				}
				return stdout
			}
			if _, stderr, code := citykpi(t, "init", dir); code != 0 {
				t.Fatal(stderr)
			}
			book, err := os.ReadFile(filepath.Join("..", "..", "pipeline", "source", "testdata", "corpus", "sheets_share_keys",
				"小表_20250930"+ext))
			if err != nil {
				t.Fatal(err)
			}
			file := "市科技局/技术经理人_2025Q3" + ext
			put(t, filepath.Join(dir, "data", "sources", "technology_manager.yaml"), []byte(managersBySheet))
			put(t, filepath.Join(dir, "var", "inbox", file), book)
			run("--now", "2025-10-10T08:00", "run")

			want := []string{"丁 " + file + " 栖霞区 2", "丙 " + file + " 栖霞区 3", "甲 " + file + " 江宁区 2"}
			same(t, "kpi explain", want, columns(t, run("kpi", "explain", managers, "--rows", "0"), "entity", "file", "sheet", "row"))
			same(t, "SQL", want, columns(t, sqlOf(t, dir, `select f.entity_id, b.file, s.sheet, f.row_no - s.rows_above as row
				from mart.fact f join core.batch b on b.batch_id = f.batch_id
				join core.batch_sheet s on s.batch_id = f.batch_id and f.row_no > s.rows_above and f.row_no <= s.last_row
				where f.kpi_id = '`+managers+`'`), "entity_id", "file", "sheet", "row"))
			page, err := os.ReadFile(filepath.Join(currentSite(t, dir), "c-"+managers+".html"))
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range want {
				who, where, _ := strings.Cut(row, " ")
				cells := strings.Fields(where)
				if !regexp.MustCompile(`<tr[^>]*>(<td[^>]*>[^<]*</td>)*<td[^>]*>` + who +
					`</td>(<td[^>]*>[^<]*</td>)*<td[^>]*>` + cells[0] + `</td><td[^>]*>` + cells[1] + `</td><td[^>]*>` +
					cells[2] + `</td>`).Match(page) {
					t.Errorf("the page does not say %s", row)
				}
			}

			first, second := "坏 "+file+" 江宁区 4", "坏 "+file+" 栖霞区 4"
			same(t, "rejects", []string{second, first}, columns(t, run("--now", "2025-10-11T08:00", "rejects"), "value", "file",
				"sheet", "row"))
			answerLast(t, dir)
			run("--now", "2025-10-12T08:00", "run")
			same(t, "rejects after the return", []string{first},
				columns(t, run("--now", "2025-10-12T08:00", "rejects"), "value", "file", "sheet", "row"))
			got := columns(t, run("kpi", "explain", managers, "--rows", "0"), "entity", "sheet", "row", "date", "region")
			if i := slices.IndexFunc(got, func(s string) bool { return strings.HasPrefix(s, "戊 ") }); i < 0 ||
				got[i] != "戊 退回记录 4 2025-09-05 栖霞区" {
				t.Errorf("the row that came back counts as %q", got)
			}
		})
	}
}

// answerLast corrects the last row of the one returned workbook, deletes the rows before
// it, and sends it back. The columns are those of the first sheet, then what only the
// second has.
func answerLast(t *testing.T, dir string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "var", "outbox", "市科技局", "*.xlsx"))
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	f, err := excelize.OpenFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(kpi.ReturnRows)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 0 && row[0] == "编号" })
	if at < 0 || len(rows) != at+3 || !slices.Equal(rows[at][:5], []string{"编号", "名称", "日期", "所属区", "地址"}) ||
		!slices.Equal(rows[at+2][:7], []string{"坏", "戊", "2025-09-05", "栖霞区", "某路", "栖霞区", "4"}) {
		t.Fatalf("the workbook holds %q", rows)
	}
	if err := errors.Join(f.SetCellStr(kpi.ReturnRows, fmt.Sprint("A", at+3), "A9"), f.RemoveRow(kpi.ReturnRows, at+2),
		f.SaveAs(filepath.Join(dir, "var", "inbox", "市科技局", filepath.Base(found[0])))); err != nil {
		t.Fatal(err)
	}
}

// sqlOf runs a query in the program that scripts call: its sandbox starts a process
// of its own, without the environment by which this one is told from a test.
func sqlOf(t *testing.T, dir, q string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "citykpi", "--project", dir, "--format", "csv", "sql", "-q", q).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// columns are the rows of a listing, sorted, of these columns only.
func columns(t *testing.T, listing string, names ...string) []string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(listing)).ReadAll()
	if err != nil || len(records) == 0 {
		t.Fatalf("%v: %s", err, listing)
	}
	var out []string
	for _, r := range records[1:] {
		var cells []string
		for _, name := range names {
			cells = append(cells, r[slices.Index(records[0], name)])
		}
		out = append(out, strings.Join(cells, " "))
	}
	slices.Sort(out)
	return out
}

func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if !slices.Equal(want, got) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}
