package pipeline_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"

	"github.com/goccy/go-yaml"
)

// testCase is what a domain expert writes: exports as text, dates, and what must come of it.
type testCase struct {
	Case   string            `yaml:"case"`
	AsOf   []kpi.Date        `yaml:"as_of"`
	Files  yaml.MapSlice     `yaml:"files"` // path below the inbox → content, loaded in this order
	Adds   map[string]string `yaml:"adds"`  // the project's own files: data/policies/…
	Expect struct {
		Values []struct {
			ID      string     `yaml:"id"`
			Region  string     `yaml:"region"`
			Measure string     `yaml:"measure"`
			Values  []*float64 `yaml:"values"` // one per as_of; null: no value
		} `yaml:"values"`
		Rejects []struct {
			File   string `yaml:"file"`
			Row    int64  `yaml:"row"`
			Column string `yaml:"column"`
			Rule   string `yaml:"rule"`
		} `yaml:"rejects"`
		Refused []struct {
			File  string `yaml:"file"`
			Error string `yaml:"error"` // part of it
		} `yaml:"refused"`
	} `yaml:"expect"`
}

// clock is the time every test works at.
var clock = time.Date(2026, 10, 16, 2, 30, 0, 0, time.FixedZone("CST", 8*3600))

// newProject is an empty project in a folder of its own.
func newProject(t *testing.T) *pipeline.Project {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, pipeline.ConfigFile), "region: \"320100\"\nsince: 2022-09-30\n")
	return reopen(t, dir)
}

func reopen(t *testing.T, dir string) *pipeline.Project {
	t.Helper()
	p, err := pipeline.OpenProject(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c testCase
			if err := yaml.UnmarshalWithOptions(text, &c, yaml.Strict()); err != nil {
				t.Fatal(err)
			}
			if len(c.AsOf) == 0 || len(c.Expect.Values)+len(c.Expect.Rejects)+len(c.Expect.Refused) == 0 {
				t.Fatal("a case needs as_of and something to expect")
			}
			c.run(t)
		})
	}
}

func (c testCase) run(t *testing.T) {
	p := newProject(t)
	for path, text := range c.Adds {
		write(t, filepath.Join(p.Dir, path), text)
	}
	p = reopen(t, p.Dir)
	for i, f := range c.Files {
		path := p.Var("inbox", f.Key.(string))
		write(t, path, f.Value.(string))
		// files of one case arrive one after the other
		if _, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock.Add(time.Duration(i) * time.Minute), Confirmed: true}); err != nil && !errors.Is(err, pipeline.ErrRefused) {
			t.Fatal(err)
		}
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(time.Hour), AsOf: slices.MaxFunc(c.AsOf, kpi.Date.Compare)})
	if err != nil && !errors.Is(err, pipeline.ErrRefused) {
		t.Fatalf("%v\n%+v", err, r.Failures)
	}
	c.checkRefused(t, r.Files)
	c.checkRejects(t, p)
	for i, asOf := range c.AsOf {
		v, err := p.OpenView(t.Context(), asOf)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.Expect.Values {
			if len(want.Values) != len(c.AsOf) {
				t.Fatalf("%s: %d values for %d dates", want.ID, len(want.Values), len(c.AsOf))
			}
			if _, _, err := v.Catalogue.Find(want.ID); err != nil {
				t.Fatal(err)
			}
			got := v.Snapshot.Series.At(kpi.Key{ID: want.ID, Measure: want.Measure, Region: want.Region}, asOf)
			if show(got) != show(want.Values[i]) {
				t.Errorf("%s %s %s on %s: %s, want %s", want.ID, want.Measure, want.Region, asOf, show(got), show(want.Values[i]))
			}
		}
		v.Close()
	}
}

func show(v *float64) string {
	if v == nil {
		return "no value"
	}
	return fmt.Sprint(*v)
}

func (c testCase) checkRefused(t *testing.T, files []pipeline.FileResult) {
	var refused []pipeline.FileResult
	for _, f := range files {
		if f.Status == pipeline.StatusRefused {
			refused = append(refused, f)
		}
	}
	if len(refused) != len(c.Expect.Refused) {
		t.Errorf("refused %+v, want %d files", refused, len(c.Expect.Refused))
		return
	}
	for i, want := range c.Expect.Refused {
		if refused[i].File != want.File || !strings.Contains(refused[i].Error, want.Error) {
			t.Errorf("refused %s: %s\nwant %s: %s", refused[i].File, refused[i].Error, want.File, want.Error)
		}
	}
}

func (c testCase) checkRejects(t *testing.T, p *pipeline.Project) {
	batches, err := p.Rejected("")
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, b := range batches {
		for r, err := range b.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s row %d %s %s", b.File, r.Row, r.Column, r.Rule))
		}
	}
	for _, r := range c.Expect.Rejects {
		want = append(want, fmt.Sprintf("%s row %d %s %s", r.File, r.Row, r.Column, r.Rule))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("rejects\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
