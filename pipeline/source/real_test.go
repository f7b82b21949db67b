package source

import (
	"os"
	"path/filepath"
	"testing"
)

// realFile is a file of the folder beside the repository, which may be absent.
func realFile(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "real", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("real files are not beside the repository")
	}
	return path
}

func TestRealRegistry(t *testing.T) {
	path := realFile(t, "registry_nanjing_2019.csv")
	text, err := os.ReadFile("testdata/contracts/public_registry.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out := load(t, Reader{Workers: 2}, path, parse(t, "public_registry.yaml", string(text)))
	t.Logf("%+v %v", out.Counts(), out.Dropped())
	rules, regions, currency := map[string]int{}, map[any]int{}, map[any]int{}
	for _, r := range out.rejects {
		rules[r.Rule]++
		t.Logf("%+v", r)
	}
	for _, r := range out.rows {
		regions[r["region_code"]]++
		currency[r["capital_currency"]]++
	}
	t.Log(rules, regions, currency)
	t.Logf("%v", out.rows[0])
}
