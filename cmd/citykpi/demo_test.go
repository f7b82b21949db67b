package main

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"citykpi/data/demo"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
)

// TestDemoIsFiledAsItsTruthSays runs the demo as make run does: its files are loaded on
// the days they came, the calendar shows who kept to which period and what is late is a
// restatement, while the figures are those of files that all came at once.
func TestDemoIsFiledAsItsTruthSays(t *testing.T) {
	t.Parallel()
	dir := wholeDemo(t)
	truth := truthOf(t, dir)
	demoCalendar(t, dir, truth)
	demoBatches(t, dir, truth)
	demoFigures(t, dir, truth)
}

// demoCalendar compares what check says of every source, unit and period.
func demoCalendar(t *testing.T, dir string, truth demo.Truth) {
	out, stderr, _ := citykpi(t, "--project", dir, "--now", demoNow, "--format", "json", "check")
	var checked struct{ Calendar []kpi.CalendarRow }
	if err := json.Unmarshal([]byte(out), &checked); err != nil {
		t.Fatal(err, stderr)
	}
	type period struct {
		source, unit string
		end          kpi.Date
	}
	want, words := map[period]string{}, map[string]int{}
	for _, f := range truth.Filings {
		want[period{f.Source, f.Unit, f.Period}] = f.State
	}
	for _, row := range checked.Calendar {
		for _, c := range row.Cells {
			state, at := string(c.State), period{row.Source, row.Unit, c.End}
			if c.Backfill {
				state = "backfilled"
			}
			if want[at] != state {
				t.Errorf("%s of %s for %s: %s, want %s", row.Source, row.Unit, c.End, state, want[at])
			}
			delete(want, at)
			words[c.Word()]++
		}
	}
	for at, state := range want {
		t.Errorf("%s of %s for %s: not in the calendar, want %s", at.source, at.unit, at.end, state)
	}
	for _, word := range []string{"已报", "迟报", "未报", "过期", "与上期相同", "无"} {
		if words[word] == 0 {
			t.Errorf("nobody sees %s: %v", word, words)
		}
	}
	if words["已报"] < 2*words["迟报"] {
		t.Errorf("most files should be in time: %v", words)
	}
}

// demoBatches compares when batches were loaded, and how often the inbox was emptied.
func demoBatches(t *testing.T, dir string, truth demo.Truth) {
	l, err := lake.Open(filepath.Join(dir, "var", "lake"))
	if err != nil {
		t.Fatal(err)
	}
	loaded := map[string][2]kpi.Date{}
	days := map[kpi.Date]bool{}
	for _, b := range l.Batches(time.Time{}) {
		on := kpi.DateOf(b.LoadedAt)
		loaded[b.File] = [2]kpi.Date{b.DataDate, on}
		days[on] = true
	}
	for _, f := range truth.Files {
		want := [2]kpi.Date{f.DataDate, f.Arrives}
		if strings.Contains(f.File, "补报") {
			want[1] = kpi.Date{Year: 2026, Month: 11, Day: 22} // after the quarter was closed
		}
		if loaded[f.File] != want {
			t.Errorf("%s: of %s, loaded on %s; want %s", f.File, loaded[f.File][0], loaded[f.File][1], want)
		}
	}
	if len(days) < 8 || len(days) > 12 {
		t.Errorf("loaded on %d days", len(days))
	}
}

// demoFigures compares the figures of the last quarter and what was restated; what was
// known before a quarter's files came has not that quarter's figures.
func demoFigures(t *testing.T, dir string, truth demo.Truth) {
	out, stderr, code := citykpi(t, "--project", dir, "--format", "json", "kpi", "list", "--by", "region")
	var figures []struct {
		ID     string   `json:"id"`
		Region string   `json:"region_code"`
		Value  *float64 `json:"value"`
		Count  *float64 `json:"count"` // of what each of several must do
	}
	if err := json.Unmarshal([]byte(out), &figures); err != nil || code != 0 {
		t.Fatal(err, stderr)
	}
	got := map[string]*float64{}
	for _, f := range figures {
		got[f.ID+" "+f.Region] = cmp.Or(f.Count, f.Value)
	}
	compared := 0
	for _, v := range truth.Values {
		if v.AsOf == (kpi.Date{Year: 2026, Month: 9, Day: 30}) {
			compared++
			if value := got[v.ID+" "+v.Region]; value == nil || *value != v.Value {
				t.Errorf("%s %s: %v, want %v", v.ID, v.Region, value, v.Value)
			}
		}
	}
	if compared < 100 {
		t.Errorf("truth.json holds only %d figures of the quarter", compared)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "var", "CURRENT"))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "var", "releases", strings.TrimSpace(string(raw)), "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var release struct{ Restated []kpi.Restatement }
	if err := json.Unmarshal(manifest, &release); err != nil || len(release.Restated) != len(truth.Restatements) ||
		len(release.Restated) == 0 {
		t.Errorf("%d figures restated, want %d (%v)", len(release.Restated), len(truth.Restatements), err)
	}
	demoVerdicts(t, dir, truth)
	dir = copied(t, dir)
	_, stderr, code = citykpi(t, "--project", dir, "--now", demoNow, "run", "--known-at", "2026-09-01")
	if out, _, _ = citykpi(t, "--project", dir, "release", "list"); code != 0 || !strings.Contains(out, "2026-06-30") {
		t.Errorf("known on 1 September, figures are as of June: %d %s\n%s", code, stderr, out)
	}
}

// demoVerdicts holds, of deadlines that a closing judged otherwise, what kpi list and explain say against the truth.
func demoVerdicts(t *testing.T, dir string, truth demo.Truth) {
	out, stderr, code := citykpi(t, "--project", dir, "--format", "json", "kpi", "list")
	var figures []struct {
		ID      string
		Verdict *struct{ Deadline kpi.Date }
		Given   []kpi.Given
	}
	if err := json.Unmarshal([]byte(out), &figures); err != nil || code != 0 {
		t.Fatal(err, stderr)
	}
	said := map[string][]kpi.Given{}
	for _, f := range figures {
		for _, g := range f.Given {
			if f.Verdict != nil && f.Verdict.Deadline == g.Deadline {
				said[f.ID] = append(said[f.ID], g)
			}
		}
	}
	for _, v := range truth.Verdicts {
		given := said[v.ID]
		delete(said, v.ID)
		if len(given) != len(v.Given) {
			t.Errorf("%s: closings said %+v, want %+v", v.ID, given, v.Given)
			continue
		}
		for i, g := range given {
			w := v.Given[i]
			if g.Quarter != w.Closed || g.Value == nil || *g.Value != w.Value || string(g.Outcome) != w.Outcome || g.Cause != kpi.LateData {
				t.Errorf("%s: the closing said %+v, want %+v", v.ID, g, w)
			}
			if out, stderr, _ = citykpi(t, "--project", dir, "kpi", "explain", v.ID); !strings.Contains(out,
				"关账      "+g.Quarter.String()+" ") {
				t.Errorf("explain %s does not say what the closing said:\n%s%s", v.ID, out, stderr)
			}
		}
	}
	if len(said) > 0 {
		t.Errorf("closings said %+v, the truth knows nothing of it", said)
	}
}
