package load_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/projecttest"
)

// TestRealFiles loads files nobody here wrote, through contracts that are YAML
// only, into a project that has no other.
func TestRealFiles(t *testing.T) {
	folder, err := filepath.Abs("../../../shared/real")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]int64{ // rows below the header, as counted by hand
		"registry_nanjing_2019.csv":            2090,
		"moa-firm-leader_list-full-2023.xlsx":  1952,
		"techmarket_push_RAW_amount-2023.xlsx": 0,
	}
	p := projecttest.New(t)
	contracts, err := filepath.Glob("../source/testdata/contracts/*.yaml")
	if err != nil || len(contracts) < 3 {
		t.Fatalf("contracts %v %v", contracts, err)
	}
	for _, c := range contracts {
		text, err := os.ReadFile(c)
		if err != nil {
			t.Fatal(err)
		}
		projecttest.Write(t, filepath.Join(p.Dir, "data", "sources", filepath.Base(c)), string(text))
	}
	p = projecttest.Open(t, p.Dir)
	for name := range files {
		if _, err := os.Stat(filepath.Join(folder, name)); errors.Is(err, os.ErrNotExist) {
			t.Skipf("SKIPPED: no %s beside the repository", name)
		}
	}
	for name, rows := range files {
		results, err := pipeline.Load(t.Context(), p, []string{filepath.Join(folder, name)}, pipeline.Options{Now: clock})
		if err != nil {
			t.Errorf("%s: %v %+v", name, err, results)
			continue
		}
		r := results[0]
		t.Logf("%s: %s, read %d, loaded %d, rejected %d, dropped %d", name, r.Source, r.Read, r.Loaded, r.Rejected, r.Dropped)
		if r.Read != r.Loaded+r.Rejected+r.Dropped || r.Loaded == 0 || rows > 0 && r.Read != rows {
			t.Errorf("%s: read %d, loaded %d, rejected %d, dropped %d, want %d read", name, r.Read, r.Loaded, r.Rejected, r.Dropped, rows)
		}
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Errorf("%s was moved: only files of the inbox are", name)
		}
	}
}
