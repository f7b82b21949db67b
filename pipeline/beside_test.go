package pipeline_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/projecttest"
	"citykpi/pipeline/release"
)

// A run for an earlier date or time is put beside what serves, restates nothing that it does not
// know, and takes its place only when it is told to.
func TestAnEarlierRunNeverServes(t *testing.T) {
	p := projecttest.New(t)
	first := file(t, p, "技术经理人_2025Q1.csv", "C1,J1,甲,2024-01-02,江宁区\n", 0)
	second := file(t, p, "技术经理人_2025Q2.csv", "C2,J2,乙,2025-05-02,江宁区\nC3,J3,丙,2025-02-02,江宁区\n", 2) // one of them came late
	for _, q := range []kpi.Quarter{{Year: 2025, N: 1}, {Year: 2025, N: 2}} {
		if _, err := pipeline.Close(t.Context(), p, q, clock.Add(3*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	store := pipeline.Releases(p)
	serves := func(want string) {
		t.Helper()
		m, err := store.Current()
		if err != nil || m.ID != want {
			t.Errorf("%s serves, %v; want %s", m.ID, err, want)
		}
	}
	serves(second.Release.ID)
	run := func(hours int, o pipeline.Options) pipeline.Result {
		t.Helper()
		o.Now, o.Render = clock.Add(time.Duration(hours)*time.Hour), notice
		r, err := pipeline.Run(t.Context(), p, o)
		if err != nil {
			t.Fatalf("%v %+v", err, r.Failures)
		}
		return r
	}
	earlier := pipeline.Options{AsOf: kpi.Date{Year: 2025, Month: 3, Day: 31}}
	byDate := run(4, earlier)
	if !byDate.New || !byDate.Beside || !byDate.Release.Beside || byDate.Release.AsOf != earlier.AsOf {
		t.Errorf("an earlier date: %+v", byDate.Release)
	}
	serves(second.Release.ID)
	if len(byDate.Snapshot.Restated) > 0 {
		t.Errorf("a quarter that was not over is restated: %+v", byDate.Snapshot.Restated)
	}
	byTime := run(5, pipeline.Options{KnownAt: clock.Add(time.Hour)})
	if !byTime.New || !byTime.Beside || byTime.Release.AsOf != earlier.AsOf || len(byTime.Release.Batches) != 1 ||
		len(byTime.Snapshot.Restated) > 0 {
		t.Errorf("an earlier time: %+v", byTime.Release)
	}
	serves(second.Release.ID)
	if again := run(6, earlier); again.New || !again.Beside || again.Release.ID != byDate.Release.ID {
		t.Errorf("the same once more: %+v", again.Release)
	}
	if plain := run(6, pipeline.Options{}); plain.Beside {
		t.Errorf("a plain run: %+v", plain.Release)
	}
	current, err := store.Current()
	if err != nil || current.AsOf != second.Release.AsOf {
		t.Fatalf("%+v serves, %v", current, err)
	}

	// Its pages say so, whatever else becomes of it; nothing that looks for a newest release finds it.
	said := func(id, want string) {
		t.Helper()
		text, err := os.ReadFile(store.Dir(id) + "/" + release.NoticeFile)
		if err != nil || !strings.Contains(string(text), want) || (want == "") != (len(text) == 0) {
			t.Errorf("the pages of %s say %q, %v; want %q", id, text, err, want)
		}
		if err := store.Verify(id); err != nil {
			t.Error(err)
		}
	}
	said(byDate.Release.ID, "旁列版本")
	for _, r := range []pipeline.Result{byDate, byTime} { // and so do its reports, which are read without the pages
		if why := r.Snapshot.Release.Beside; !strings.HasPrefix(why, "旁列版本，不是现行版本：数据截至 2025-03-31") {
			t.Errorf("the report of %s says %q", r.Release.ID, why)
		}
	}
	if why := second.Snapshot.Release.Beside; why != "" {
		t.Errorf("the report of what serves says %q", why)
	}
	if err := store.Rollback(release.Pin{Release: byDate.Release.ID, At: clock, By: "王工"}); err == nil ||
		!strings.Contains(err.Error(), "run --serve with the --as-of") {
		t.Errorf("rolled back to what lies beside: %v", err)
	}
	serves(current.ID)
	if next := store.NextGood(current.ID); next == byDate.Release.ID || next == byTime.Release.ID {
		t.Errorf("%s would be offered", next)
	}
	if err := store.Rollback(release.Pin{Release: first.Release.ID, At: clock, By: "王工"}); err != nil {
		t.Fatal(err)
	}
	pinned := run(7, pipeline.Options{KnownAt: clock.Add(90 * time.Minute), AsOf: kpi.Date{Year: 2024, Month: 12, Day: 31}})
	if stands, err := store.Standing(); err != nil || len(stands.Waiting) > 0 || len(pinned.Waiting) > 0 {
		t.Errorf("it waits for the pin: %+v %v", stands.Waiting, err)
	}
	said(byDate.Release.ID, "旁列版本")
	said(pinned.Release.ID, "旁列版本")
	if m, _, err := store.Unpin(); err != nil || m.ID != current.ID {
		t.Errorf("unpinned to %s, %v", m.ID, err)
	}
	said(byDate.Release.ID, "旁列版本")
	said(current.ID, "")

	switched := run(8, pipeline.Options{AsOf: earlier.AsOf, Serve: true})
	if !switched.New || switched.Beside || switched.Release.Beside {
		t.Errorf("switched: %+v", switched.Release)
	}
	serves(switched.Release.ID)
	if back := run(9, pipeline.Options{}); !back.New || back.Beside || back.Release.AsOf != second.Release.AsOf {
		t.Errorf("the next run: %+v", back.Release)
	}
}

// notice stands for the site: its pages read one file that may say how they serve.
func notice(dir string, _ *kpi.Snapshot, _ *pipeline.Site) error {
	if err := os.MkdirAll(dir+"/"+release.SiteDir+"/assets", 0o755); err != nil {
		return err
	}
	return os.WriteFile(dir+"/"+release.NoticeFile, nil, 0o644)
}

// A day to come is reached by no data: its release never serves, whatever is asked. What was asked for
// a time before the first file says so.
func TestADayToComeNeverServes(t *testing.T) {
	p := projecttest.New(t)
	first := file(t, p, "技术经理人_2025Q1.csv", "C1,J1,甲,2024-01-02,江宁区\n", 0)
	next := pipeline.Options{Now: clock.Add(time.Hour), Render: notice, AsOf: kpi.DateOf(clock).AddDays(1)}
	r, err := pipeline.Run(t.Context(), p, next)
	if err != nil || !r.New || !r.Beside || !r.Release.Ahead() {
		t.Errorf("%v %+v", err, r.Release)
	}
	if text, err := os.ReadFile(pipeline.Releases(p).Dir(r.Release.ID) + "/" + release.NoticeFile); err != nil ||
		!strings.Contains(string(text), "尚未到来") {
		t.Errorf("its pages say %q, %v", text, err)
	}
	if err := pipeline.Releases(p).Rollback(release.Pin{Release: r.Release.ID, At: clock}); err == nil ||
		!strings.Contains(err.Error(), "never serves") {
		t.Errorf("rolled back to: %v", err)
	}
	next.Serve = true
	if r, err := pipeline.Run(t.Context(), p, next); !errors.Is(err, pipeline.ErrAhead) || r.New {
		t.Errorf("told to serve: %v %+v", err, r.Release)
	}
	if m, err := pipeline.Releases(p).Current(); err != nil || m.ID != first.Release.ID {
		t.Errorf("%s serves, %v", m.ID, err)
	}
	_, err = pipeline.Run(t.Context(), p, pipeline.Options{Now: clock.Add(time.Hour), KnownAt: clock.AddDate(-6, 0, 0)})
	if !errors.Is(err, pipeline.ErrNoData) || strings.Contains(err.Error(), "empty") || !strings.Contains(err.Error(), "--known-at") {
		t.Errorf("before anything was loaded: %v", err)
	}
	today := pipeline.Options{Now: clock.Add(time.Hour), AsOf: kpi.DateOf(clock.Add(time.Hour))}
	if r, err := pipeline.Run(t.Context(), p, today); err != nil || r.Beside {
		t.Errorf("today: %v %+v", err, r.Release)
	}
}
