package source

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files anew")

// Every shipped contract parses, and its schema says what the warehouse relies on.
func TestShippedContracts(t *testing.T) {
	all := shippedAll(t)
	if len(all) < 10 {
		t.Fatalf("%d contracts", len(all))
	}
	for _, c := range all {
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
	c := shipped(t, "enterprise_registry")
	if c.Columns[0].Name != "enterprise_code" || c.Columns[len(c.Columns)-1].Name != "approved_by" {
		t.Error("columns are not in the order of the file")
	}
	if !c.Schema().HasField("capital_foreign") || !c.Schema().HasField("capital_currency") {
		t.Error("capital does not keep foreign currency")
	}
}

// A version follows the meaning: not comments, not spacing, but the order of columns.
func TestContractVersion(t *testing.T) {
	text, err := os.ReadFile("testdata/contracts/public_registry.yaml")
	if err != nil {
		t.Fatal(err)
	}
	base := contractOf(t, "a.yaml", string(text)).Version
	if got := contractOf(t, "b.yaml", "# a comment\n"+strings.ReplaceAll(string(text), ", type", ",   type")).Version; got != base {
		t.Errorf("spacing changed the version: %s, %s", base, got)
	}
	if got := contractOf(t, "a.yaml", strings.Replace(string(text), "min: 0", "min: 1", 1)).Version; got == base {
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
		_, err = ParseContract(filepath.Base(file), text)
		var bad *ContractError
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
