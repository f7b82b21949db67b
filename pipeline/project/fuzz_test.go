package project

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"citykpi/data"
	"citykpi/pipeline/kpi"
)

// shippedAs adds every shipped file that matches as a seed.
func shippedAs(f *testing.F, pattern string) {
	files, err := fs.Glob(data.FS, pattern)
	if err != nil || len(files) == 0 {
		f.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(data.FS, file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
}

// shippedProject is a project of nothing but what is shipped.
func shippedProject(f *testing.F) *Project {
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte("region: \"320100\"\n"), 0o644); err != nil {
		f.Fatal(err)
	}
	p, err := Open(dir)
	if err != nil {
		f.Fatal(err)
	}
	return p
}

// blames holds that every problem names the file it is in.
func blames(t *testing.T, err error, file string) {
	t.Helper()
	var invalid *InvalidError
	list := []error{err}
	if errors.As(err, &invalid) {
		list = invalid.Problems
	}
	for _, problem := range list {
		if !strings.HasPrefix(problem.Error(), file) {
			t.Fatalf("%v does not name %s", problem, file)
		}
	}
	if len(list) == 0 {
		t.Fatal("refused without a problem")
	}
}

// A document is refused with where, or is one whose commitments can be found in its
// file; read again it is the same.
func FuzzPolicies(f *testing.F) {
	shippedAs(f, "policies/*.yaml")
	f.Add([]byte("document: A\nregion: \"320100\"\nstatus: in_force\nissued: 2025-01-01\n" +
		"commitments: [{id: A-1, name: 甲, kind: stock, target: {at_least: 1, unit: 家}}]\n"))
	f.Add([]byte("document: A\ncommitments:\n- &a {id: A-1, also: [{name: x}]}\n- *a\n"))
	p := shippedProject(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		read := func() ([]kpi.Document, error) {
			return LoadPolicies(fstest.MapFS{"policies/x.yaml": {Data: text}}, p.Models, p.Regions)
		}
		list, err := read()
		if err != nil {
			blames(t, err, "data/policies/x.yaml")
			return
		}
		ids := map[string]bool{}
		for _, d := range list {
			for _, c := range slices.Concat(d.Commitments, d.Indicators) {
				if c.ID == "" || ids[c.ID] || c.Document != d.ID || c.File != "data/policies/x.yaml" || c.Line < 1 ||
					c.Line > bytes.Count(text, []byte("\n"))+1 {
					t.Fatalf("accepted %+v", c)
				}
				ids[c.ID] = true
				if target := c.Target; target != nil && (target.Unit == "" || target.Tolerance < 0 || target.Tolerance >= 1) {
					t.Fatalf("accepted %+v", *target)
				}
			}
		}
		if again, err := read(); err != nil || len(again) != len(list) {
			t.Fatalf("%d documents, and again %d, %v", len(list), len(again), err)
		}
	})
}

// citykpi.yml is refused with where, or names connections that can be tried.
func FuzzConfig(f *testing.F) {
	f.Add([]byte("title: 甲\nregion: \"320100\"\nsince: 2022-09-30\nlights: {green: 0, yellow: -10}\nreturn_days: 7\n"))
	f.Add([]byte("connections:\n  a: {driver: postgres, dsn_file: a.dsn, timeout: 15m}\n" +
		"  b: {driver: mysql, dsn_env: B, timeout: -1s}\n  'c.d': {driver: x}\n"))
	f.Add([]byte("connections: {a: {driver: postgres, dsn_env: A, dsn_file: b}, \"'\": {}, \"$\": {}}\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(filepath.Join(dir, ConfigFile), text, 0o644); err != nil {
			t.Fatal(err)
		}
		p, err := open(dir, shipped, func(*Project) error { return nil })
		if err != nil {
			blames(t, err, ConfigFile)
			return
		}
		for name, c := range p.Config.Connections {
			if _, what := c.Problem(); what != "" || c.Name != name || c.DSNFile != "" && !filepath.IsAbs(c.DSNFile) {
				t.Fatalf("accepted %q: %+v", name, c)
			}
		}
	})
}

// Regions that are accepted have parents that are, and no region lies in itself: who
// goes up from one arrives at the top.
func FuzzRegions(f *testing.F) {
	shippedAs(f, "regions/*.yaml")
	f.Add([]byte("regions:\n- {code: \"320100\", name: 甲}\n- {code: \"1\", name: 乙, parent: \"2\"}\n" +
		"- {code: \"2\", name: 丙, parent: \"1\"}\n"))
	f.Add([]byte("regions: [{code: \"320100\", name: 甲, parent: \"320100\"}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p := &Project{Config: DefaultConfig, Data: fstest.MapFS{"regions/x.yaml": {Data: text}}}
		if err := p.readRegions(); err != nil {
			if text := err.Error(); !strings.HasPrefix(text, "data/regions") && !strings.HasPrefix(text, ConfigFile) {
				t.Fatal(err)
			}
			return
		}
		for _, r := range p.Regions {
			up, steps := r, 0
			for up.Parent != "" {
				parent, ok := p.Region(up.Parent)
				if steps++; !ok || steps > len(p.Regions) {
					t.Fatalf("%s is in %s, which leads nowhere", r.Code, up.Parent)
				}
				up = parent
			}
		}
	})
}

// A map that is accepted has outlines of districts only, each once, on the globe.
func FuzzMap(f *testing.F) {
	const ring = `[[118.1,32.1],[118.2,32.1],[118.2,32.2],[118.1,32.1]]`
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":320115,"owner":"x"},` +
		`"geometry":{"type":"Polygon","coordinates":[` + ring + `]}},` +
		`{"type":"Feature","properties":{"name":"鼓楼区"},"geometry":{"type":"MultiPolygon","coordinates":[[` + ring + `]]}}]}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"properties":{"code":"320115"},` +
		`"geometry":{"type":"Polygon","coordinates":[[[1e999,0],[null],[181,0,7]]]}}]}`))
	p := shippedProject(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := readMaps(fstest.MapFS{"maps/320100.geojson": {Data: text}}, p.Regions)
		if err != nil {
			blames(t, err, "data/maps/320100.geojson")
			return
		}
		seen := map[string]bool{}
		for _, s := range all["320100"] {
			if r, ok := p.Region(s.Region); !ok || r.Parent != "320100" || seen[s.Region] || len(s.Polygons) == 0 {
				t.Fatalf("accepted an outline of %q", s.Region)
			}
			seen[s.Region] = true
			for _, polygon := range s.Polygons {
				for _, ring := range polygon {
					for _, at := range ring {
						if !(math.Abs(at[0]) <= 180 && math.Abs(at[1]) <= 90) {
							t.Fatalf("accepted the point %v", at)
						}
					}
				}
			}
		}
		if len(seen) == 0 {
			t.Fatal("accepted a map of nothing")
		}
	})
}

// A unit of money is worth more than nothing, and a list of schools is refused with where.
func FuzzUnits(f *testing.F) {
	shippedAs(f, "units.yaml")
	shippedAs(f, "schools/*.yaml")
	f.Add([]byte("money: {元: 1, 负: -1, 零: 0}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p := &Project{Data: fstest.MapFS{"units.yaml": {Data: text}, "schools/x.yaml": {Data: text}}}
		if err := p.readSchools(); err != nil {
			blames(t, err, "data/schools/x.yaml")
		}
		if err := p.readUnits(); err != nil {
			blames(t, err, "data/units.yaml")
			return
		}
		for name, worth := range p.Units {
			if name == "" || worth < 1 {
				t.Fatalf("a unit %q worth %d", name, worth)
			}
		}
	})
}

// The sentence around a commitment's words is one of the text's, with the words in it.
func FuzzSentence(f *testing.F) {
	f.Add("一、到2025年，创新型中小企业达到10000家。二、其他。", "创新型中小企业……10000家")
	f.Add("甲\n乙 丙\r\n", "乙丙")
	f.Add("…", "…")
	f.Fuzz(func(t *testing.T, text, words string) {
		got := sentenceAround(text, words)
		if got == "" {
			return
		}
		whole := strings.TrimSuffix(got, "。")
		if !strings.Contains(text, whole) {
			t.Fatalf("%q is not in %q", got, text)
		}
		for _, part := range strings.FieldsFunc(words, func(r rune) bool { return r == '…' }) {
			if !strings.Contains(squeeze(whole), squeeze(part)) {
				t.Fatalf("%q is said to hold %q", got, part)
			}
		}
	})
}
