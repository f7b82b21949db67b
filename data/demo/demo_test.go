package demo

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
)

// written makes a small demo and reads its truth back.
func written(t *testing.T, o Options) (dir string, truth Truth) {
	t.Helper()
	dir = t.TempDir()
	if _, err := Write(dir, o); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	return dir, truth
}

func hashes(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	sums := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		sums[name] = sha256.Sum256(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func TestSameOptionsSameBytes(t *testing.T) {
	o := Options{Enterprises: 600, Seed: 7}
	dir, _ := written(t, o)
	again, _ := written(t, o)
	first, second := hashes(t, dir), hashes(t, again)
	if len(first) < 100 {
		t.Fatalf("%d files: want a file per bureau and quarter", len(first))
	}
	for name, sum := range first {
		if second[name] != sum {
			t.Errorf("%s differs between two writes of the same demo", name)
		}
	}
	o.Seed = 8
	other, _ := written(t, o)
	if hashes(t, other)["truth.json"] == first["truth.json"] {
		t.Error("another seed gives the same city")
	}
}

// valueOf indexes a truth's values.
func valueOf(truth Truth) map[Value]float64 {
	m := map[Value]float64{}
	for _, v := range truth.All() {
		key := v
		key.Value = 0
		m[key] = v.Value
	}
	return m
}

func TestCalibration(t *testing.T) {
	truth := sorted(build(Options{}.withDefaults(), allSchools(t)).values())
	at := valueOf(truth)
	for _, want := range []struct {
		date                                string
		champions, littleGiant, specialised float64
	}{{"2022-12-31", 21, 106, 647}, {"2024-03-31", 31, 213, 1122}, {"2024-09-30", 31, 334, 1424}} {
		d, _ := kpi.ParseDate(want.date)
		for id, value := range map[string]float64{"NJ88-006": want.champions, "NJ88-005": want.littleGiant, "NJ88-004": want.specialised} {
			if got := at[Value{ID: id, Region: cityCode, AsOf: d}]; got != value {
				t.Errorf("%s on %s: %v, published %v", id, want.date, got, value)
			}
		}
	}
	for _, want := range []struct {
		id, date string
		lo, hi   float64
	}{
		{"NJ88-003", "2025-12-31", 9800, 9999}, {"NJ88-003", "2026-09-30", 9000, 9800},
		{"NJ88-001", "2025-09-30", 980, 1030}, {"NJ88-002", "2025-12-31", 100, 110}, {"NJ88-023", "2026-09-30", 83, 83},
		{"NJ88-020", "2025-12-31", 120, 190}, {"NJ88-020", "2026-09-30", 40, 74}, {"NJ88-025", "2025-12-31", 380, 420},
		{"NJ88-025", "2026-09-30", 230, 270}, {"NJ88-025/any_firm", "2025-12-31", 600, 700},
		{"NJ88-025/any_firm", "2026-09-30", 350, 400}, {"NJ88-028", "2023-12-31", 5000, 6500}, {"NJ88-028", "2024-12-31", 5000, 6500},
		{"NJ88-028", "2025-12-31", 5000, 6500}, {"NJ88-028", "2026-09-30", 1500, 2500},
		{"NJ-TC01", "2025-12-31", 1.5e10, 5e10}, {"NJ-TC03", "2025-12-31", 3000, 6000}, {"NJ-AP01", "2025-12-31", 1e8, 2e9},
	} {
		d, _ := kpi.ParseDate(want.date)
		id, measure, _ := strings.Cut(want.id, "/")
		if got := at[Value{ID: id, Measure: measure, Region: cityCode, AsOf: d}]; got < want.lo || got > want.hi {
			t.Errorf("%s on %s: %v, want %v to %v", want.id, want.date, got, want.lo, want.hi)
		}
	}
	consistent(t, truth)
}

// consistent checks what must hold of every truth: districts add up to the city,
// tiers nest, shares never exceed their whole.
func consistent(t *testing.T, truth Truth) {
	t.Helper()
	at := valueOf(truth)
	// some or all facts belong to no district
	cityOnly := map[string]bool{"NJ88-002": true, "NJ88-023": true, "NJ88-030": true, "NJ88-031": true, "NJ88-032": true,
		"NJGT-032": true, "NJGT-036": true, "NJGT-041": true, "NJGT-043": true, "NJGT-050": true}
	// ratios; what belongs to the city as a whole; what has a value
	shares, whole, some := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for key, v := range at {
		shares[key.ID] = shares[key.ID] || key.Measure == "of"
		line := key.ID + " " + key.Measure
		if _, seen := whole[line]; !seen {
			whole[line] = true
		}
		whole[line] = whole[line] && (key.Region == cityCode || v == 0)
		some[line] = some[line] || v != 0
	}
	for _, id := range []string{"NJ88-001 ", "NJ88-003 ", "NJ88-020 ", "NJ88-025 ", "NJ88-028 ", "NJ-TC01 ", "NJ88-049 of", "NJGT-023 to"} {
		if whole[id] && some[id] {
			t.Errorf("%s: no district has a value", id)
		}
	}
	for key, city := range at {
		if key.Region != cityCode || shares[key.ID] && key.Measure == "" {
			continue
		}
		if figures()[figure(key.ID, key.Measure)].whole {
			for _, d := range districts() { // 不分区: no 0 either
				if _, ok := at[Value{ID: key.ID, Measure: key.Measure, Region: d.Code, AsOf: key.AsOf}]; ok {
					t.Errorf("%+v: %s has a value of its own", key, d.Name)
				}
			}
			continue
		}
		sum, k := 0.0, key
		for _, d := range districts() {
			k.Region = d.Code
			v, ok := at[k]
			if !ok && key.ID != "NJSG-020" { // which each district files, or has no value
				t.Fatalf("%+v is missing", k)
			}
			sum += v
		}
		if sum > city+0.001 || !cityOnly[key.ID] && !whole[key.ID+" "+key.Measure] && sum < city-0.001 {
			t.Errorf("%+v: districts add up to %v, the city is %v", key, sum, city)
		}
	}
	for key, v := range at {
		below := func(id, measure string) float64 {
			k := key
			k.ID, k.Measure = id, measure
			return at[k]
		}
		switch {
		case key.ID == "NJ88-004" && key.Measure == "" && below("NJ88-003", "") < v,
			key.ID == "NJ88-005" && key.Measure == "" && below("NJ88-004", "") < v,
			key.ID == "NJ88-003" && key.Measure == "" && below("NJ88-003", "exclusive")+below("NJ88-004", "") != v,
			key.ID == "NJ88-025" && key.Measure == "" && below("NJ88-025", "visits") < v,
			key.ID == "NJ-TC02" && below("NJ-TC01", "") < v,
			v < 0:
			t.Errorf("%+v: %v does not fit its neighbours", key, v)
		}
	}
}

func TestSmallCities(t *testing.T) {
	for _, o := range []Options{
		{Enterprises: 600},
		{Enterprises: 3000, Seed: 3},
		{Enterprises: 200, First: kpi.Quarter{Year: 2024, N: 4}, Last: kpi.Quarter{Year: 2024, N: 4}},
		{Enterprises: 900, First: kpi.Quarter{Year: 2021, N: 2}, Last: kpi.Quarter{Year: 2027, N: 1}},
	} {
		_, truth := written(t, o)
		consistent(t, truth)
		if len(truth.Rejects) == 0 || len(truth.Unmatched) == 0 {
			t.Errorf("%+v: nothing is wrong in its files", o)
		}
	}
}

// A person with two counting events on one day in different districts would make
// the region a matter of file order: the city must not hold one.
func TestNoUndecidableDays(t *testing.T) {
	c := build(Options{}.withDefaults(), allSchools(t))
	seen := map[happening]int32{}
	check := func(v event) {
		if !v.known() {
			return
		}
		key := happening{person: v.no, on: v.on}
		if e, ok := seen[key]; ok && c.on(e, v.on).region != c.on(v.at.firm, v.on).region {
			t.Errorf("%s has two firms on %s", v.no, v.on.date())
		}
		seen[key] = v.at.firm
		if q := c.quarterOf(v.on); !c.settled(v.at.firm, q) {
			t.Errorf("%s: the firm is not settled in %s", v.no, c.quarter(q))
		}
	}
	for _, v := range c.placements {
		check(v.event)
	}
	for _, v := range c.deputies {
		check(v.event)
	}
	for _, v := range c.professors {
		check(v.event)
	}
	for _, v := range c.services {
		check(v.event)
	}
	for _, rec := range c.recognitions {
		if rec.on.leap() || c.firms[rec.firm].apart {
			t.Errorf("recognition of %d on %s cannot be decided", rec.firm, rec.on.date())
		}
		if q := c.quarterOf(rec.on); rec.on >= c.start(0) && !c.settled(rec.firm, q) {
			t.Errorf("recognition of %d on %s: the firm is not settled", rec.firm, rec.on.date())
		}
	}
}

// Names resolve rows: no two firms may share one at any time, but for the twins.
func TestNamesAreUnique(t *testing.T) {
	c := build(Options{Enterprises: 20000}.withDefaults(), allSchools(t))
	owner := map[string]int32{}
	shared := 0
	for e := range int32(len(c.firms)) {
		for _, q := range []int{0, len(c.ends) - 1} {
			name := c.name(e, q)
			if other, ok := owner[name]; ok && other != e {
				if c.twin[e] != other && c.twin[other] != e && c.heir[e] != other && c.heir[other] != e {
					t.Fatalf("firms %d and %d are both called %s", e, other, name)
				}
				shared++
			}
			owner[name] = e
		}
	}
	if shared == 0 {
		t.Error("no two firms share a name: nothing tests ambiguity")
	}
}

func allSchools(t *testing.T) []School {
	t.Helper()
	list, err := readSchools()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestOptions(t *testing.T) {
	for _, o := range []Options{{Enterprises: 10}, {Enterprises: -1},
		{First: kpi.Quarter{Year: 2026, N: 1}, Last: kpi.Quarter{Year: 2025, N: 1}}} {
		dir := t.TempDir()
		if _, err := Write(dir, o); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v, want ErrOptions", o, err)
		}
		if entries, _ := os.ReadDir(dir); len(entries) > 0 {
			t.Errorf("%+v: refused, but wrote %v", o, entries)
		}
	}
}

// vocationalSchools lists Nanjing's vocational schools: a placement counts when the
// graduate comes from one of them.
func vocationalSchools() ([]School, error) {
	all, err := readSchools()
	if err != nil {
		return nil, err
	}
	var list []School
	for _, s := range all {
		if s.City && s.Kind == vocationalSchool {
			list = append(list, s)
		}
	}
	return list, nil
}

func TestVocationalSchools(t *testing.T) {
	list, err := vocationalSchools()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range list {
		if len(s.Code) != 10 || seen[s.Code] || !s.City || s.Kind != vocationalSchool {
			t.Errorf("%+v", s)
		}
		seen[s.Code] = true
	}
	if len(list) < 12 {
		t.Errorf("%d schools", len(list))
	}
}

// What figures.yaml says the truth knows is what it knows: a figure that is lost, and one that nobody entered, fail.
func TestTruthKnowsItsFigures(t *testing.T) {
	_, truth := written(t, Options{Enterprises: 600})
	seen := map[string]bool{}
	for _, v := range truth.All() {
		seen[figure(v.ID, v.Measure)] = true
		if !Covers(v.ID, v.Measure) {
			t.Fatalf("%s has a truth: enter it in figures.yaml", figure(v.ID, v.Measure))
		}
	}
	for f := range figures() {
		if !seen[f] {
			t.Errorf("%s has lost its truth, which figures.yaml says it has", f)
		}
	}
}
