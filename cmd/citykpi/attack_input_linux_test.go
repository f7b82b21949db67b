package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"

	"github.com/xuri/excelize/v2"
)

// What is written into the files of a project, by bureaus and by who configures it.

// A text that no workbook can hold comes back whole from a corrected one: one too long, and
// one that a workbook takes for an escape.
func TestLongCellsComeBackWhole(t *testing.T) {
	dir := hostileProject(t)
	texts := map[string]string{
		"L1": strings.Repeat("长", 50_000) + "末", "L2": "_x4E00_路 1 号", "L3": "=1+1 号", "L4": "路 3 号",
		"L5": strings.Repeat("𠂇", 20_000) + "末",
	}
	var table []map[string]string
	for no, address := range texts {
		table = append(table, map[string]string{"编号": no, "名称": "某厂", "地址": address, "日期": "某日"})
	}
	text, err := json.Marshal(map[string]any{"data": map[string]any{"list": table}})
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.json"), text)
	if said, code := attacked(t, dir, "load"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	sent, err := filepath.Glob(filepath.Join(dir, "var", "outbox", "*", "*.xlsx"))
	if err != nil || len(sent) != 1 {
		t.Fatalf("sent %v, %v", sent, err)
	}
	book, err := excelize.OpenFile(sent[0])
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	header, err := book.SearchSheet(kpi.ReturnRows, "日期")
	if err != nil || len(header) == 0 {
		t.Fatalf("no column 日期: %v", err)
	}
	column, row, err := excelize.CellNameToCoordinates(header[0])
	if err != nil {
		t.Fatal(err)
	}
	for range texts {
		row++
		cell, err := excelize.CoordinatesToCellName(column, row)
		if err != nil {
			t.Fatal(err)
		}
		if err := book.SetCellStr(kpi.ReturnRows, cell, "2025-06-01"); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SaveAs(filepath.Join(dir, "var", "inbox", "局", "更正后.xlsx")); err != nil {
		t.Fatal(err)
	}
	if said, code := attacked(t, dir, "load"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	l, err := lake.Open(filepath.Join(dir, "var", "lake"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := duck.Open(t.Context(), "", duck.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	back := map[string]string{}
	for _, b := range l.Batches(time.Time{}) {
		list, err := db.SQL().QueryContext(t.Context(),
			"select no, coalesce(address, '') from read_parquet("+duck.Literal(b.Rows())+")")
		if err != nil {
			t.Fatal(err)
		}
		for list.Next() {
			var no, address string
			if err := list.Scan(&no, &address); err != nil {
				t.Fatal(err)
			}
			back[no] = address
		}
		list.Close()
	}
	for no, want := range texts {
		if back[no] != want {
			t.Errorf("%s came back as %d bytes, %.60q…, want %d", no, len(back[no]), back[no], len(want))
		}
	}
}

// Whatever stands in the files that configure a project, they are refused in little time and
// memory, with their name.
func TestHostileConfigurationCostsLittle(t *testing.T) {
	brackets := "a: " + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + "\n"
	const config = "region: \"320100\"\nsince: 2022-09-30\n"
	for _, c := range []struct{ what, path, text, verb, says string }{
		{"a contract of brackets", "data/sources/deep.yaml", brackets, "load", "data/sources/deep.yaml"},
		{"a contract of dashes", "data/sources/deep.yaml", strings.Repeat("- ", 30_000) + "x\n", "load", "data/sources/deep.yaml"},
		{"a large contract", "data/sources/large.yaml", "# " + strings.Repeat("x", 20<<20) + "\n", "load", "data/sources/large.yaml"},
		{"settings of braces", "citykpi.yml", config + "retain: " + strings.Repeat("{a: ", 30_000) + "\n", "load", "citykpi.yml"},
		{"a policy of brackets", "data/policies/deep.yaml", brackets, "run", "data/policies/deep.yaml"},
		{"a job of brackets", "schedules/deep.yaml", brackets, "schedule list", "schedules/deep.yaml"},
		{"a secret without end", "citykpi.yml", config + "connections: {registry: {driver: postgres, dsn_file: /dev/zero}}\n",
			"doctor", "/dev/zero"},
		{"a secret of a gigabyte", "citykpi.yml", config + "connections: {registry: {driver: postgres, dsn_file: secret}}\n",
			"doctor", "secret"},
	} {
		t.Run(c.what, func(t *testing.T) {
			dir := hostileProject(t)
			put(t, filepath.Join(dir, filepath.FromSlash(c.path)), []byte(c.text))
			put(t, filepath.Join(dir, "secret"), nil)
			if err := os.Truncate(filepath.Join(dir, "secret"), 1<<30); err != nil {
				t.Fatal(err)
			}
			s := start(t, dir, nil, strings.Fields(c.verb)...)
			said, mb, code := s.end()
			if code == 0 || !strings.Contains(said, c.says) {
				t.Errorf("exit %d, want %s named: %.2000s", code, c.says, said)
			}
			if took := s.cmd.ProcessState.UserTime(); mb > 400 || took.Seconds() > 5 {
				t.Errorf("it took %s and %d MB", took, mb)
			}
		})
	}
}

// A contract says names: none leads out of the project or into the lake's own folders.
func TestContractsStayInTheirProject(t *testing.T) {
	for _, c := range []struct{ old, new string }{
		{"bureau: 市某局", "bureau: ../../../../外"}, {"bureau: 市某局", "bureau: 市某局/.."}, {"bureau: 市某局", "bureau: /tmp"},
		{"bureau: 市某局", "bureau: .."},
		{"source: small", "source: staging"}, {"source: small", "source: originals"}, {"source: small", "source: ../small"},
		{"source: small", "source: pulls"},
	} {
		t.Run(c.new, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "a", "b", "c", "project")
			if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(hostileProject(t), dir); err != nil {
				t.Fatal(err)
			}
			contract := filepath.Join(dir, "data", "sources", "small.yaml")
			text, err := os.ReadFile(contract)
			if err != nil || !strings.Contains(string(text), c.old) {
				t.Fatalf("%v: no %s in it", err, c.old)
			}
			put(t, contract, []byte(strings.Replace(string(text), c.old, c.new, 1)))
			put(t, filepath.Join(dir, "var", "inbox", "局", "小表_20250630更正.csv"), []byte("编号,名称\nB1,乙\n,没有编号\n"))
			before := filesBelow(t, filepath.Join(dir, "..", "..", ".."))
			if _, stderr, code := citykpi(t, "--project", dir, "--now", attackNow, "load"); code == 0 ||
				!strings.Contains(stderr, "data/sources/small.yaml:") {
				t.Errorf("exit %d: %s", code, stderr)
			}
			if after := filesBelow(t, filepath.Join(dir, "..", "..", "..")); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("files were made: %v; before %v", after, before)
			}
		})
	}
}

// One manifest that cannot be true is named in one line by whatever needs it, and what is
// whole is shown all the same.
func TestOneBadManifestStopsNothingElse(t *testing.T) {
	soak(t)
	whole := hostileProject(t)
	put(t, filepath.Join(whole, "var", "inbox", "局", "小表_20250630更正.csv"), []byte("编号,名称\nB1,乙\n,没有编号\n"))
	if said, code := attacked(t, whole, "run"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	change := func(old, new string) func(string) error {
		return func(path string) error {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if !strings.Contains(string(text), old) {
				return fmt.Errorf("%s holds no %s", path, old)
			}
			return os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o600)
		}
	}
	batch := "var/lake/small/small-20250101-0001/manifest.json"
	id, err := os.ReadFile(filepath.Join(whole, "var", "CURRENT"))
	if err != nil {
		t.Fatal(err)
	}
	of := "var/releases/" + strings.TrimSpace(string(id)) + "/manifest.json"
	for _, c := range []struct {
		what, path string
		do         func(path string) error
		names      string
		refuse     []string // verbs that fail
		work       []string // and that do not
	}{
		{"a short hash", batch, change(`"sha256": "`, `"sha256": "cd", "x": "`), "small-20250101-0001",
			[]string{"load", "run", "verify"}, []string{"release list"}},
		{"counts that do not add up", batch, change(`"loaded": 1`, `"loaded": 12`), "small-20250101-0001",
			[]string{"load", "run", "verify"}, []string{"release list"}},
		{"another source", batch, change(`"source": "small"`, `"source": "other"`), "small-20250101-0001",
			[]string{"load", "run", "verify"}, []string{"release list"}},
		{"no JSON", batch, func(path string) error { return os.WriteFile(path, []byte("{"), 0o600) }, "small-20250101-0001",
			[]string{"load", "run", "verify"}, []string{"release list"}},
		{"a folder among the releases", "var/releases/old", func(path string) error { return os.Mkdir(path, 0o700) }, "old",
			nil, []string{"release list", "load", "run", "release verify"}},
		{"a folder among the batches", "var/lake/small/old", func(path string) error { return os.Mkdir(path, 0o700) },
			"small/old", []string{"verify"}, []string{"release list"}},
		{"a release's manifest", of, func(path string) error { return os.WriteFile(path, []byte("[]"), 0o600) },
			strings.TrimSpace(string(id)), []string{"verify", "release verify"}, nil},
	} {
		t.Run(c.what, func(t *testing.T) {
			dir := copied(t, whole)
			if err := c.do(filepath.Join(dir, filepath.FromSlash(c.path))); err != nil {
				t.Fatal(err)
			}
			for _, verb := range c.refuse {
				_, stderr, code := citykpi(t, append([]string{"--project", dir, "--now", attackNow}, strings.Fields(verb)...)...)
				if code == 0 || !strings.Contains(stderr, c.names) || !strings.Contains(stderr, "Try: ") ||
					strings.Contains(stderr, "panic") {
					t.Errorf("%s: exit %d, want %s named: %s", verb, code, c.names, stderr)
				}
			}
			for _, verb := range c.work {
				if _, stderr, code := citykpi(t, append([]string{"--project", dir, "--now", attackNow},
					strings.Fields(verb)...)...); code != 0 {
					t.Errorf("%s: exit %d: %s", verb, code, stderr)
				}
			}
			if c.path != of {
				stdout, _, _ := citykpi(t, "--project", dir, "rejects")
				if !strings.Contains(stdout, "没有编号") {
					t.Errorf("the rows of the batch that is whole are not shown: %s", stdout)
				}
			}
		})
	}
}

// One cell of megabytes among many short ones costs its own length at both ends of a query,
// in every format.
func TestOneHugeCellCostsItself(t *testing.T) {
	soak(t)
	dir := hostileProject(t)
	if said, code := attacked(t, dir, "run"); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	for _, format := range []string{"table", "csv", "json", "ndjson", "xlsx", "parquet", "arrow"} {
		s := start(t, dir, nil, "--format", format, "sql", "--timeout", "1m", "--max-rows", "0", "-q",
			"select case when i = 700 then repeat('宽', 2000000) else 'b' end as a, i from range(3000) t(i)")
		said, mb, code := s.end()
		t.Logf("%s: %d bytes, %d MB", format, len(said), mb)
		if format == "xlsx" && code != 0 { // whose cells hold less
			if !strings.Contains(said, "Try: ") {
				t.Errorf("%s: exit %d: %.500s", format, code, said)
			}
			code = 0
		}
		if code != 0 || mb > 900 {
			t.Errorf("%s: exit %d on %d MB: %.500s", format, code, mb, said[:min(500, len(said))])
		}
	}
}
