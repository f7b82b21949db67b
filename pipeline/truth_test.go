package pipeline_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"citykpi/data/demo"
	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/projecttest"
)

// soak is whether there is time to prove the same of more cities.
var soak = os.Getenv("CITYKPI_SOAK") != ""

// demoProject writes a demo city and runs it, with what own adds to the project.
func demoProject(t *testing.T, o demo.Options, own ...func(dir string)) (*project.Project, demo.Truth, pipeline.Result) {
	t.Helper()
	p := projecttest.New(t)
	for _, add := range own {
		add(p.Dir)
	}
	if _, err := demo.Write(p.Dir, o); err != nil {
		t.Fatal(err)
	}
	p = projecttest.Open(t, p.Dir) // it may hold a definition of its own
	var want demo.Truth
	text, err := os.ReadFile(filepath.Join(p.Dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock})
	if err != nil {
		for _, f := range r.Files {
			if f.Error != "" {
				t.Errorf("%s: %s", f.File, f.Error)
			}
		}
		for _, f := range r.Failures {
			t.Errorf("%s %s: %d rows %v %v", f.Status, f.Name, f.Rows, f.Columns, f.Sample)
		}
		t.Fatal(err)
	}
	return p, want, r
}

// TestDemoEqualsItsTruth computes two cities so small that their sources stand in memory. The demo as it is
// shipped, which DuckDB reads in place with all its threads, and more seeds prove the same once more: make soak
// runs them. What is shipped is held against its truth by the command line's own tests as well.
func TestDemoEqualsItsTruth(t *testing.T) {
	small := demo.Options{Enterprises: 800, Seed: 6}
	cities := []demo.Options{{Enterprises: 1500, Seed: 2}, small}
	if soak {
		cities = append(cities, demo.Options{Enterprises: 1500, Seed: 3})
		for seed := range int64(5) {
			cities = append(cities, demo.Options{Enterprises: 60000, Seed: 1 + seed})
		}
	}
	for _, o := range cities {
		t.Run(fmt.Sprintf("%d enterprises, seed %d", o.Enterprises, o.Seed), func(t *testing.T) {
			var own []func(string)
			if o == small {
				own = append(own, func(dir string) { addCommitment(t, dir) })
			}
			p, want, r := demoProject(t, o, own...)
			if len(want.All()) < 17*13*10 {
				t.Fatalf("truth.json holds only %d values", len(want.All()))
			}
			compareValues(t, want, r.Snapshot)
			compareVerdicts(t, want, r.Snapshot)
			compareSubjects(t, want, r.Snapshot)
			compareObligations(t, want, r)
			compareRejects(t, want, r)
			compareAwards(t, p, want, r)
			compareBudgets(t, p, want, r)
			compareMatches(t, p, want, r)
			compareScorecards(t, want, r.Snapshot)
			if o == small {
				t.Run("a new commitment needs no truth", func(t *testing.T) { newNeedsNoTruth(t, want, r.Snapshot) })
				t.Run("scorecards open to their rows", func(t *testing.T) { scorecardsOpen(t, p, want, r) })
				t.Run("nothing counts before its start", func(t *testing.T) { countsSinceItsStart(t, p, r) })
				t.Run("a rebuild gives the same rows", func(t *testing.T) { rebuildGivesTheSame(t, p, r) })
			}
		})
	}
}

// TestRestatementsEqualTheTruth closes the last quarter, then takes in what came late: of one
// city, and of another one under make soak.
func TestRestatementsEqualTheTruth(t *testing.T) {
	seeds := []int64{1}
	if soak {
		seeds = append(seeds, 4)
	}
	for _, seed := range seeds {
		o := demo.Options{Enterprises: 1500, Seed: seed, HoldBack: true}
		p, want, r := demoProject(t, o)
		if len(r.Snapshot.Restated) > 0 {
			t.Fatalf("seed %d: %d figures are restated before anything is closed", seed, len(r.Snapshot.Restated))
		}
		for _, q := range demo.Closed(kpi.Quarter{Year: 2026, N: 3}) {
			if _, err := pipeline.Close(t.Context(), p, q, clock); err != nil {
				t.Fatal(err)
			}
		}
		if err := demo.Deliver(p.Dir); err != nil {
			t.Fatal(err)
		}
		p = projecttest.Open(t, p.Dir)
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.AddDate(0, 0, 7)})
		if err != nil {
			t.Fatal(err)
		}
		compareValues(t, want, r.Snapshot)
		compareRestatements(t, want, r.Snapshot)
		compareVerdicts(t, want, r.Snapshot)
		compareGiven(t, want, r.Snapshot)
		compareCorrections(t, p, want)
	}
}

// compareCorrections: every row that withdraws or replaces another is evidence, and finds it.
func compareCorrections(t *testing.T, p *project.Project, want demo.Truth) {
	t.Helper()
	v, err := pipeline.OpenView(t.Context(), p, kpi.Date{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	var got, planted []string
	steps := map[string]bool{}
	for _, id := range []string{"NJ88-020", "NJ88-006"} {
		e, err := v.Explain(t.Context(), id, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range e.Corrections {
			if c.Step != "again" {
				key := strings.Split(c.Key, " · ")
				got = append(got, fmt.Sprint(c.File, " ", c.Step, " ", key[len(key)-1], " ", c.Found, " ", c.OldFile != ""))
			}
		}
	}
	for _, c := range want.Corrections {
		planted = append(planted, fmt.Sprint(c.File, " ", c.Step, " ", c.Was, " ", c.Found, " true"))
		steps[c.Step+c.Found] = true
	}
	slices.Sort(got)
	slices.Sort(planted)
	if !slices.Equal(got, planted) || len(steps) < 4 {
		t.Errorf("explained by\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(planted, "\n"))
	}
}

func compareRestatements(t *testing.T, want demo.Truth, s *kpi.Snapshot) {
	if len(want.Restatements) < 10 {
		t.Fatalf("truth.json holds only %d restatements", len(want.Restatements))
	}
	causes := map[string]bool{}
	for _, w := range want.Restatements {
		causes[w.Cause] = true
	}
	if len(causes) < len(kpi.Causes) {
		t.Errorf("truth.json knows only the causes %v", causes)
	}
	expected := map[string]demo.Restated{}
	line := func(q kpi.Quarter, id, measure, region string) string {
		return q.String() + " " + id + " " + measure + " " + region
	}
	for _, w := range want.Restatements {
		expected[line(w.Quarter, w.ID, w.Measure, w.Region)] = w
	}
	for _, r := range s.Restated {
		at := line(r.Quarter, r.ID, r.Measure, r.Region)
		w, ok := expected[at]
		switch {
		case !ok && demo.Covers(r.ID, r.Measure):
			t.Errorf("%s is restated from %s to %s, the truth knows nothing of it", at, show(r.Old), show(r.New))
		case !ok:
		case r.Old == nil || *r.Old != w.Old || r.New == nil || *r.New != w.New || string(r.Cause) != w.Cause:
			t.Errorf("%s: restated from %s to %s (%s), want %v to %v (%s)", at, show(r.Old), show(r.New), r.Cause, w.Old, w.New, w.Cause)
		}
		delete(expected, at)
	}
	for at, w := range expected {
		t.Errorf("%s: not restated, want %v to %v (%s)", at, w.Old, w.New, w.Cause)
	}
}

// compareValues holds every figure against the truth, and that no other is computed of what it covers. A commitment that it does
// not cover is named, and holds nothing up.
func compareValues(t *testing.T, want demo.Truth, s *kpi.Snapshot) {
	t.Helper()
	if uncovered := demo.Uncovered(s.Documents); len(uncovered) > 0 {
		t.Logf("not covered by the demo's truth: %s", strings.Join(uncovered, ", "))
	}
	wrong := differences(want, s)
	for _, w := range wrong[:min(len(wrong), 40)] {
		t.Error(w)
	}
	if len(wrong) > 0 {
		t.Errorf("%d figures differ, of %d", len(wrong), len(want.All()))
	}
}

// differences tells of every figure that is another one than the truth says, and of every line that is longer or shorter.
func differences(want demo.Truth, s *kpi.Snapshot) []string {
	var wrong []string
	expected := map[kpi.Key]int{}
	for _, w := range want.All() {
		k := kpi.Key{ID: w.ID, Measure: w.Measure, Region: w.Region}
		expected[k]++
		if got := s.Series.At(k, w.AsOf); got == nil || *got != w.Value {
			wrong = append(wrong, fmt.Sprintf("%s %s %s on %s: %s, want %v", w.ID, w.Measure, w.Region, w.AsOf, show(got), w.Value))
		}
	}
	for k, dates := range s.Series {
		if expected[k] != len(dates) && demo.Covers(k.ID, k.Measure) {
			wrong = append(wrong, fmt.Sprintf("%v: %d dates computed, the truth knows %d", k, len(dates), expected[k]))
		}
	}
	return wrong
}

// addCommitment adds what somebody does who writes YAML and SQL alone: a model, and a commitment whose deadline has passed.
func addCommitment(t *testing.T, dir string) {
	t.Helper()
	projecttest.Write(t, filepath.Join(dir, "data", "policies", "added.yaml"), `document: ADDED
title: 新增方案
region: "320100"
status: in_force
issued: 2022-09-01
commitments:
  - id: ADDED-001
    article: "1"
    name: 在册街镇
    words: 在册街镇达到50个
    kind: stock
    target: {at_least: 50, unit: 个, by: 2025-12-31}
    units: [市工信局]
    kpi: added
    counts: [在名录内]
    decision: 期末在名录内的街镇数
`)
	projecttest.Write(t, filepath.Join(dir, "sql", "kpi", "added.sql"), `-- Streets on the roll.
select
    ''                        as variant,
    region_code,
    street_code               as entity_id,
    street_name               as entity_name,
    cast(1 as decimal(20, 2)) as weight,
    cast(null as date)        as event_date,
    listed_on                 as valid_from,
    date '9999-12-31'         as valid_to,
    batch_id,
    row_no
from lake.service_centre
`)
	projecttest.Write(t, filepath.Join(dir, "sql", "kpi", "added.yml"), `model: kpi.added
grain: one row per street
key: [entity_id]
columns:
  variant: {values: ['']}
  entity_id: {cn: 街镇代码}
  valid_from: {not_null: true}
  valid_to: {not_null: true}
filters:
  - {says: 在名录内}
`)
}

// newNeedsNoTruth: what the demo does not compute is reported as not covered; what it did compute must not be lost.
func newNeedsNoTruth(t *testing.T, want demo.Truth, s *kpi.Snapshot) {
	if got := demo.Uncovered(s.Documents); !slices.Equal(got, []string{"ADDED-001"}) {
		t.Errorf("not covered by the demo's truth: %v, want what was added alone", got)
	}
	computed := 0
	for k := range s.Series {
		if k.ID == "ADDED-001" {
			computed++
		}
	}
	if computed < 13 {
		t.Errorf("%d lines of the new commitment are computed: there is nothing to report", computed)
	}
	more := *s
	more.Series = maps.Clone(s.Series)
	more.Series[kpi.Key{ID: "NJ88-005", Measure: "added", Region: "320100"}] = s.Series[kpi.Key{ID: "NJ88-005", Region: "320100"}]
	if wrong := differences(want, &more); len(wrong) > 0 {
		t.Errorf("a measure that somebody added is held against a truth: %v", wrong)
	}
	for _, lost := range []struct{ id, measure string }{{"NJ88-005", ""}, {"NJ88-005", "ever"}, {"HLJ-002", "planned"}} {
		less := want
		gone := func(v demo.Value) bool { return v.ID == lost.id && v.Measure == lost.measure }
		less.Values = slices.DeleteFunc(slices.Clone(want.Values), gone)
		less.Measures = slices.DeleteFunc(slices.Clone(want.Measures), gone)
		if len(differences(less, s)) == 0 {
			t.Errorf("%s has lost its truth, and nobody says so", lost)
		}
	}
}

// compareVerdicts holds what is said of every deadline against the truth, and that
// nothing else is judged by one.
func compareVerdicts(t *testing.T, want demo.Truth, s *kpi.Snapshot) {
	if len(want.Verdicts) < 10 {
		t.Fatalf("truth.json holds only %d verdicts", len(want.Verdicts))
	}
	expected := map[string]demo.Verdict{}
	for _, w := range want.Verdicts {
		expected[w.ID] = w
	}
	on := func(d *kpi.Date) kpi.Date {
		if d == nil {
			return kpi.Date{}
		}
		return *d
	}
	awaited := []demo.Awaited{}
	for _, a := range s.Attainments {
		if !a.Awaits.IsZero() && a.Light == kpi.Awaited && demo.Covers(a.ID, "") {
			awaited = append(awaited, demo.Awaited{ID: a.ID, Deadline: a.Awaits})
		}
		v := a.Verdict
		if v == nil || !demo.Covers(a.ID, "") {
			continue
		}
		w, ok := expected[a.ID]
		if !ok || v.Deadline != w.Deadline || v.Value == nil || *v.Value != w.Value || string(v.Outcome) != w.Outcome ||
			v.Done != on(w.Done) || v.Months != w.Months || v.Fell != on(w.Fell) || v.Low != on(w.Low) ||
			v.Back != on(w.Back) || v.ByDay != w.ByDay || a.Light != v.Light() {
			t.Errorf("%s %s: %+v of %s by day %t, want %+v by day %t", a.ID, a.Light, *v, show(v.Value), v.ByDay, w, w.ByDay)
		}
		delete(expected, a.ID)
	}
	if !slices.Equal(awaited, want.Awaited) {
		t.Errorf("awaited %v, want %v", awaited, want.Awaited)
	}
	for id, w := range expected {
		t.Errorf("%s is not judged, want %+v", id, w)
	}
}

// compareGiven holds what closings said of deadlines, and reads otherwise now, against the truth.
func compareGiven(t *testing.T, want demo.Truth, s *kpi.Snapshot) {
	var got, planted []string
	for _, a := range s.Attainments {
		for _, g := range a.Given {
			if d := g.Deadline; a.Verdict != nil && a.Verdict.Deadline == d {
				got = append(got, fmt.Sprint(a.ID, " ", d, " ", g.Quarter, " ", show(g.Value), " ", g.Outcome))
			}
		}
	}
	for _, v := range want.Verdicts {
		for _, g := range v.Given {
			planted = append(planted, fmt.Sprint(v.ID, " ", v.Deadline, " ", g.Closed, " ", g.Value, " ", g.Outcome))
		}
	}
	if !slices.Equal(got, planted) || len(planted) == 0 {
		t.Errorf("closings said\n%q, want\n%q", got, planted)
	}
}

// compareSubjects holds, of what every one of several must do, who did not against the truth.
func compareSubjects(t *testing.T, want demo.Truth, s *kpi.Snapshot) {
	expected, asked := map[string]demo.SubjectPeriod{}, map[string]bool{}
	for _, w := range want.Subjects {
		expected[w.ID+" "+w.End.String()], asked[w.ID] = w, true
	}
	for _, d := range s.Documents {
		for _, c := range d.Commitments {
			if slices.Contains(demo.Uncovered(s.Documents), c.ID) {
				continue
			}
			if asked[c.ID] != (c.Each != "") {
				t.Errorf("%s: the truth knows its subjects: %v, the policy: %q", c.ID, asked[c.ID], c.Each)
			}
			for _, p := range kpi.EachPeriods(d, c, s.Duties, city(t, pipeline.Result{Snapshot: s}, c.ID).Cover, s.Release.AsOf) {
				k := c.ID + " " + p.End.String()
				not := slices.Sorted(slices.Values(p.Not))
				if w, ok := expected[k]; !ok || p.Had != w.Had || !slices.Equal(not, w.Not) {
					t.Errorf("%s: %d had to, not %v; want %d and %v", k, p.Had, not, w.Had, w.Not)
				}
				delete(expected, k)
			}
		}
	}
	for k, w := range expected {
		t.Errorf("%s: nobody had to, want %d and %v", k, w.Had, w.Not)
	}
}

// compareObligations holds in which periods nothing was done, and of which nobody knows, against the truth.
func compareObligations(t *testing.T, want demo.Truth, r pipeline.Result) {
	unknown := 0
	for _, w := range want.Obligations {
		a := city(t, r, w.ID)
		_, c, err := (pipeline.Catalogue{Documents: r.Snapshot.Documents}).Find(w.ID)
		if err != nil {
			t.Fatal(err)
		}
		var missed []kpi.Date
		for _, p := range kpi.Periods(kpi.Document{Issued: kpi.Date{Year: 2023, Month: 1, Day: 1}}, c,
			r.Snapshot.Series[kpi.Key{ID: w.ID, Region: a.Region}], a.Cover, a.AsOf) {
			if p.Done <= 0 {
				missed = append(missed, p.End)
			}
		}
		if a.Due != w.Due || len(a.Unknown) != w.Unknown || !slices.Equal(missed, w.Missed) || len(a.Missed) != len(w.Missed) {
			t.Errorf("%s: due %d, missed %v, unknown %v; want %+v", w.ID, a.Due, missed, a.Unknown, w)
		}
		unknown += w.Unknown
	}
	if len(want.Obligations) < 4 || unknown == 0 {
		t.Errorf("the truth knows of %d obligations, and %d periods before a first filing", len(want.Obligations), unknown)
	}
}

func compareRejects(t *testing.T, want demo.Truth, r pipeline.Result) {
	rejected := map[string]int64{}
	for _, f := range r.Files {
		if f.Read != f.Loaded+f.Rejected+f.Dropped {
			t.Errorf("%s: read %d, loaded %d, rejected %d, dropped %d", f.File, f.Read, f.Loaded, f.Rejected, f.Dropped)
		}
		if f.Rejected > 0 {
			rejected[f.File] = f.Rejected
		}
	}
	for _, w := range want.Rejects {
		if rejected[w.File] != int64(w.Rows) {
			t.Errorf("%s: %d rows rejected, want %d", w.File, rejected[w.File], w.Rows)
		}
		delete(rejected, w.File)
	}
	for file, n := range rejected {
		t.Errorf("%s: %d rows rejected, want none", file, n)
	}
	waiting := map[string]int64{}
	for _, s := range r.Snapshot.Submissions {
		waiting[s.Source] = s.Unmatched
	}
	for _, w := range want.Unmatched {
		if waiting[w.Source] != int64(w.Rows) {
			t.Errorf("%s: %d rows wait for a match, want %d", w.Source, waiting[w.Source], w.Rows)
		}
	}
}
