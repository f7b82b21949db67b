package contract

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/data"
)

var update = flag.Bool("update", false, "write golden files anew")

// few is a contract with columns of some types.
const few = `
source: small
name: 小表
bureau: 市某局
files: ["*小表*"]
mode: append
key: [no]
data_date: [file_name, title, day]
columns:
  no: {cn: [编号], type: text, required: true, pattern: "^[A-Z][0-9]+$", like: "一个字母加数字，如 A1"}
  day: {cn: [日期], type: date, range: [2000-01-01, data_date]}
  amount: {cn: [金额], type: money, min: 0}
  net: {cn: [净额], type: money, foreign: keep}
rules:
  - {id: net_within_amount, when: "net > amount", column: net, cn: 净额大于金额}
`

func parsed(t *testing.T, file, text string) *Contract {
	t.Helper()
	c, err := Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shippedContract is one of data/sources.
func shippedContract(t *testing.T, name string) *Contract {
	t.Helper()
	b, err := data.FS.ReadFile("sources/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, name, string(b))
}

// Every shipped contract parses, and its schema says what the warehouse relies on.
func TestShippedContracts(t *testing.T) {
	entries, err := data.FS.ReadDir("sources")
	if err != nil || len(entries) < 10 {
		t.Fatalf("%d contracts, %v", len(entries), err)
	}
	for _, e := range entries {
		c := shippedContract(t, e.Name())
		fields := c.Schema().Fields()
		var names []string
		for _, f := range fields[len(fields)-2:] {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != "sheet row_no" {
			t.Errorf("%s: the schema ends in %s", c.Source, got)
		}
		if c.Schema().HasField(RegionColumn) != (len(c.Region) > 0) {
			t.Errorf("%s: region_code", c.Source)
		}
	}
	c := shippedContract(t, "enterprise_registry.yaml")
	if c.Columns[0].Name != "enterprise_code" || c.Columns[len(c.Columns)-1].Name != "approved_by" {
		t.Error("columns are not in the order of the file")
	}
	if !c.Schema().HasField("capital_foreign") || !c.Schema().HasField("capital_currency") {
		t.Error("capital does not keep foreign currency")
	}
}

// A version follows the meaning: not comments, not spacing, but the order of columns.
func TestContractVersion(t *testing.T) {
	text, err := os.ReadFile("../testdata/contracts/public_registry.yaml")
	if err != nil {
		t.Fatal(err)
	}
	base := parsed(t, "a.yaml", string(text)).Version
	if got := parsed(t, "b.yaml", "# a comment\n"+strings.ReplaceAll(string(text), ", type", ",   type")).Version; got != base {
		t.Errorf("spacing changed the version: %s, %s", base, got)
	}
	if got := parsed(t, "a.yaml", strings.Replace(string(text), "min: 0", "min: 1", 1)).Version; got == base {
		t.Error("another bound has the same version")
	}
}

// Each bad contract of testdata/bad says what is wrong, where, and what to write.
func TestContractErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(filepath.Base(file), text)
		var bad *Error
		if !errors.As(err, &bad) {
			t.Errorf("%s: %v", file, err)
			continue
		}
		golden := strings.TrimSuffix(file, ".yaml") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(bad.Error()+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got := bad.Error() + "\n"; got != string(want) {
			t.Errorf("%s:\n%swant\n%s", file, got, want)
		}
	}
}

// A range may be of one value, and is not of none.
func TestContractRanges(t *testing.T) {
	with := func(bounds string) string {
		return strings.Replace(few, "columns:", "columns:\n  v: {cn: [数], "+bounds+"}", 1)
	}
	for _, bounds := range []string{"type: integer, range: [1, 1]", "type: date, range: [2022-09-01, 2022-09-01]",
		"type: decimal, min: 5, max: 5"} {
		if _, err := Parse("a.yaml", []byte(with(bounds))); err != nil {
			t.Errorf("%s: %v", bounds, err)
		}
	}
	for _, bounds := range []string{"type: integer, range: [2, 1]", "type: date, range: [2022-09-02, 2022-09-01]",
		"type: money, min: 6, max: 5"} {
		if _, err := Parse("a.yaml", []byte(with(bounds))); err == nil || !strings.Contains(err.Error(), "swap the bounds") {
			t.Errorf("%s: %v", bounds, err)
		}
	}
}

func FuzzContract(f *testing.F) {
	f.Add(few)
	f.Add("columns: {a: {cn: [b], type: date, range: [x, data_date]}}\nrules: [{when: \"a > b\"}]")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse("f.yaml", []byte(text))
		var bad *Error
		switch {
		case err == nil && (c.Version == "" || c.Schema() == nil):
			t.Fatal("a contract without version or schema")
		case err != nil && (!errors.As(err, &bad) || len(bad.Problems) == 0 || !strings.HasPrefix(err.Error(), "f.yaml:")):
			t.Fatal(err)
		}
	})
}
