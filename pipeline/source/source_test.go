package source

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"citykpi/data"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/place"
	"citykpi/pipeline/source/reject"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/goccy/go-yaml"
)

// testUnits and testPlaces are the shipped ones.
func testUnits(t testing.TB) map[string]int64 {
	t.Helper()
	var units struct {
		Money map[string]int64 `yaml:"money"`
	}
	unmarshal(t, "units.yaml", &units)
	return units.Money
}

func testPlaces(t testing.TB) *place.Index {
	t.Helper()
	var regions struct {
		Regions []kpi.Region `yaml:"regions"`
	}
	unmarshal(t, "regions/320100.yaml", &regions)
	return place.New(regions.Regions)
}

func unmarshal(t testing.TB, name string, into any) {
	t.Helper()
	b, err := data.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// shipped is a contract of data/sources.
func shipped(t testing.TB, source string) *contract.Contract {
	t.Helper()
	b, err := data.FS.ReadFile("sources/" + source + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return contractOf(t, source+".yaml", string(b))
}

func shippedAll(t testing.TB) []*contract.Contract {
	t.Helper()
	entries, err := data.FS.ReadDir("sources")
	if err != nil {
		t.Fatal(err)
	}
	var out []*contract.Contract
	for _, e := range entries {
		out = append(out, shipped(t, e.Name()[:len(e.Name())-len(".yaml")]))
	}
	return out
}

func contractOf(t testing.TB, file, text string) *contract.Contract {
	t.Helper()
	c, err := contract.Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string) *File {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// result is a load in full: rows as maps of their JSON values.
type result struct {
	*Load
	rows    []map[string]any
	exact   []string // the rows with every digit, without their sheet
	rejects []reject.Line
}

// load reads a file through a contract, checks the counts and that no Arrow
// memory is left, and returns all of it.
func load(t testing.TB, r Reader, path string, c *contract.Contract) *result {
	t.Helper()
	out, err := tryLoad(t, r, path, c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func tryLoad(t testing.TB, r Reader, path string, c *contract.Contract) (*result, error) {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if r.Units == nil {
		r.Units, r.Places = testUnits(t), testPlaces(t)
	}
	checked := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer checked.AssertSize(t, 0)
	r.Memory = checked
	layout, err := r.Inspect(t.Context(), f, c)
	if err != nil {
		return nil, err
	}
	var rejects bytes.Buffer
	l, err := r.Read(t.Context(), f, layout, layout.DataDate, &rejects)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	out := &result{Load: l}
	for _, s := range l.Streams {
		for s.Next() {
			out.rows = append(out.rows, rowsOf(t, s.RecordBatch())...)
			out.exact = append(out.exact, exactRows(s.RecordBatch())...)
		}
		s.Release()
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	lines := json.NewDecoder(&rejects)
	for lines.More() {
		var r reject.Line
		if err := lines.Decode(&r); err != nil {
			t.Fatal(err)
		}
		out.rejects = append(out.rejects, r)
	}
	n := l.Counts()
	if n.Read != n.Loaded+n.Rejected+n.Dropped || n.Loaded != int64(len(out.rows)) || n.Rejected != int64(len(out.rejects)) {
		t.Fatalf("%s: %+v with %d rows and %d rejects do not add up", path, n, len(out.rows), len(out.rejects))
	}
	return out, nil
}

// exactRows writes each row of a batch with its columns' types and values.
func exactRows(b arrow.RecordBatch) []string {
	out := make([]string, b.NumRows())
	for j, f := range b.Schema().Fields() {
		if f.Name == contract.SheetColumn {
			continue
		}
		for i := range out {
			out[i] += f.Name + " " + f.Type.String() + " " + b.Column(j).ValueStr(i) + "\n"
		}
	}
	return out
}

func rowsOf(t testing.TB, b arrow.RecordBatch) []map[string]any {
	t.Helper()
	text, err := b.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]any
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}
