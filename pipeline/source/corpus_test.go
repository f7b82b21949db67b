package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/source/reject"
)

// corpusWant is what every file of a corpus folder must give, as its want.json says.
type corpusWant struct {
	Contract string              `json:"contract"`
	Rows     []map[string]string `json:"rows"`
	Rejects  []corpusReject      `json:"rejects"`
	Dropped  map[string]int64    `json:"dropped"`
	Notes    []string            `json:"notes"`
	Error    string              `json:"error"`
}

type corpusReject struct {
	Row    int64  `json:"row_no"`
	Rule   string `json:"rule"`
	Column string `json:"column"`
	Value  string `json:"value"`
}

const corpus = "testdata/corpus"

// corpusFiles are the files of the corpus by folder.
func corpusFiles(t testing.TB) map[string][]string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(corpus, "*", "小表*"))
	if err != nil || len(found) < 60 {
		t.Fatal(len(found), err)
	}
	out := map[string][]string{}
	for _, file := range found {
		out[filepath.Dir(file)] = append(out[filepath.Dir(file)], file)
	}
	several := 0 // are the same table in several formats
	for _, files := range out {
		if len(files) > 1 {
			several++
		}
	}
	if len(out) < 100 || several < 50 {
		t.Fatalf("%d cases, %d of them in several formats", len(out), several)
	}
	return out
}

// Every file of the corpus gives the rows, rejects and messages beside it, and
// the same table gives the same batch in every format.
func TestCorpus(t *testing.T) {
	for dir, files := range corpusFiles(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(dir, "want.json"))
			if err != nil {
				t.Fatal(err)
			}
			var want corpusWant
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			contract, err := os.ReadFile(filepath.Join(corpus, want.Contract))
			if err != nil {
				t.Fatal(err)
			}
			c := contractOf(t, want.Contract, string(contract))
			var first *result
			for _, file := range files {
				out := want.check(t, file, c)
				if first == nil {
					first = out
				} else if out != nil && !slices.Equal(out.exact, first.exact) {
					t.Errorf("%s: other rows than %s:\n%v\n%v", filepath.Base(file), filepath.Base(files[0]), out.exact, first.exact)
				}
			}
		})
	}
}

// check reads one file; the result is nil if it is refused.
func (w corpusWant) check(t *testing.T, file string, c *contract.Contract) *result {
	t.Helper()
	name := filepath.Base(file)
	start := time.Now()
	out, err := tryLoad(t, Reader{}, file, c)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%s took %s", name, took)
	}
	var refused *refusal.Error
	switch {
	case err == nil && w.Error != "":
		t.Errorf("%s is read, want %q: %v %+v", name, w.Error, out.rows, out.rejects)
		return nil
	case err != nil && (w.Error == "" || !errors.As(err, &refused) || !strings.Contains(err.Error(), w.Error) ||
		!strings.Contains(err.Error(), ". Try: ") || strings.Contains(err.Error(), "\n")):
		t.Errorf("%s: %v, want %q", name, err, w.Error)
		return nil
	case err != nil:
		return nil
	}
	if len(out.rows) != len(w.Rows) {
		t.Fatalf("%s: %d rows, want %d; %+v", name, len(out.rows), len(w.Rows), out.rejects)
	}
	for i, row := range w.Rows {
		for k, v := range row {
			if got := out.rows[i][k]; v == "" && got != nil || v != "" && fmt.Sprint(got) != v {
				t.Errorf("%s: row %d: %s is %v, want %q", name, i, k, got, v)
			}
		}
	}
	w.checkRejects(t, name, out.rejects)
	dropped := map[string]int64{}
	for _, d := range out.Dropped() {
		dropped[d.Reason] = d.Count
	}
	if !maps.Equal(dropped, w.Dropped) {
		t.Errorf("%s: dropped %v, want %v", name, dropped, w.Dropped)
	}
	for _, note := range w.Notes {
		if !strings.Contains(strings.Join(out.Notes(), "\n"), note) {
			t.Errorf("%s: notes %q, want %q", name, out.Notes(), note)
		}
	}
	return out
}

func (w corpusWant) checkRejects(t *testing.T, name string, rejects []reject.Line) {
	t.Helper()
	if len(rejects) != len(w.Rejects) {
		t.Fatalf("%s: rejects %+v, want %+v", name, rejects, w.Rejects)
	}
	for i, want := range w.Rejects {
		r := rejects[i]
		got := corpusReject{r.Row, r.Rule, r.Column, r.Value}
		if got != want || r.Reason == "" {
			t.Errorf("%s: reject %+v, want %+v", name, r, want)
		}
	}
}

// What is made of the committed corpus is what its program makes of the rest.
func TestCorpusIsMade(t *testing.T) {
	dir := t.TempDir()
	kept := contents(t, corpus)
	for name, text := range kept {
		if path.Base(name) != "table.json" && !strings.Contains(name, "/parts.") {
			continue
		}
		if err := os.MkdirAll(filepath.Join(dir, path.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.TrimSuffix(text, " ")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	maker := exec.CommandContext(t.Context(), "go", "run", "-tags", "duckdb_arrow", "./testdata/make", dir)
	if out, err := maker.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made := contents(t, dir)
	for name, text := range kept {
		binary := slices.ContainsFunc([]string{"PK", "PAR1", "\xD0\xCF\x11\xE0"}, func(magic string) bool {
			return strings.HasPrefix(text, magic)
		})
		if binary && made[name] == "" {
			t.Errorf("%s is not written any more; delete it", name)
		}
	}
	for name, text := range made {
		if kept[name] != text {
			t.Errorf("%s differs; run go run -tags duckdb_arrow ./testdata/make testdata/corpus", name)
		}
	}
}

// contents are the files below a folder; an empty one reads as one blank.
func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		out[filepath.ToSlash(name)] = string(text) + " "
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Damage anywhere in a file is either refused or read with rows that add up; it
// never ends the program.
func TestDamagedCorpus(t *testing.T) {
	contract, err := os.ReadFile(filepath.Join(corpus, "contract.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c, places, dir := contractOf(t, "contract.yaml", string(contract)), testPlaces(t), t.TempDir()
	files := corpusFiles(t)[filepath.Join(corpus, "typed")]
	slices.Sort(files)
	for _, file := range files {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		step := 1 + len(whole)/150
		for at := 0; at < len(whole); at += step {
			fuzzLoad(t, places, dir, filepath.Base(file), whole[:at], c)
			damaged := slices.Clone(whole)
			damaged[at] ^= 0xFF
			fuzzLoad(t, places, dir, filepath.Base(file), damaged, c)
		}
	}
}
