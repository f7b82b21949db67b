package schedules

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
)

// many are n jobs that are all due at 02:30.
func many(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, "- {name: job-%02d, title: 任务, cron: 30 2 * * *, run: [load], catch_up: latest}\n", i)
	}
	return s.String()
}

// Thirty jobs that are made up for after a night off start two at a time, in order, also where
// two schedulers share the history; each runs once.
func TestJobsWaitTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, many(30))
		b.daemonFor(time.Minute, lasting(0, 0))
		time.Sleep(8 * time.Hour)
		var now, most atomic.Int64
		execute := func(ctx context.Context, j Job) (int, string, error) {
			n := now.Add(1)
			defer now.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			return lasting(time.Minute, 0)(ctx, j)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		h, err := Open(b.path)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		one, two := b.scheduler(h, execute), b.scheduler(h, execute)
		one.Parallel, two.Parallel = 2, 2
		done := make(chan error)
		go func() { done <- one.Run(ctx) }()
		go func() { done <- two.Run(ctx) }()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if most.Load() != 2 {
			t.Errorf("%d ran at once, want 2", most.Load())
		}
		names := map[string]int{}
		for _, r := range b.runs {
			name, _, _ := strings.Cut(r, " ")
			names[name]++
		}
		if len(b.runs) != 30 || len(names) != 30 {
			t.Errorf("%d runs of %d jobs, want each of 30 once", len(b.runs), len(names))
		}
		if got := strings.Count(b.history(), " catch_up done "); got != 30 {
			t.Errorf("history holds %d caught up:\n%s", got, b.history())
		}
	})
}

// What waits its turn when the scheduler is stopped is found by the next one; what is due again
// before its turn came gives its place up.
func TestWaitingJobsAreNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "- {name: long, title: 长, cron: 0 1 * * *, run: [run], timeout: 9h}\n"+
			"- {name: short, title: 短, cron: 0 * * * *, run: [load], catch_up: latest}\n")
		daemon := func(d time.Duration) {
			h, err := Open(b.path)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			s := b.scheduler(h, func(ctx context.Context, j Job) (int, string, error) {
				if j.Name == "long" {
					return lasting(150*time.Minute, 0)(ctx, j)
				}
				return 0, "", nil
			})
			s.Parallel = 1
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			if err := s.Run(ctx); err != nil {
				t.Error(err)
			}
		}
		daemon(2*time.Hour + 30*time.Minute) // long is interrupted at 02:30, short waits since 01:00 and 02:00
		daemon(10 * time.Minute)
		b.wantRuns("long 15T01:00", "short 15T02:30")
		b.wantHistory("long 15T01:00 schedule interrupted 15T01:00–15T02:30 -\nshort 15T01:00 schedule missed -–- -\n" +
			"short 15T02:00 catch_up done 15T02:30–15T02:30 0\n")
	})
}

// However the clock is set under a running scheduler, no due time is lost and none runs twice.
func TestClockIsSet(t *testing.T) {
	const quiet = "{name: nightly, title: 每夜, cron: 30 2 * * *, run: [run]}\n"
	for name, c := range map[string]struct {
		steps map[time.Duration]time.Duration // when, in true time, the clock is how far off
		runs  []string                        // by the clock on the wall
		more  string                          // of the history
	}{
		"a time server's step over the due time": {
			map[time.Duration]time.Duration{150*time.Minute - 10*time.Second: 2 * time.Minute},
			[]string{"nightly 15T02:32", "nightly 16T02:30", "nightly 17T02:30"},
			"nightly 15T02:30 schedule done 15T02:32–15T02:32 0\n"},
		"a step back over the due time": {
			map[time.Duration]time.Duration{150*time.Minute + 10*time.Second: -2 * time.Minute},
			[]string{"nightly 15T02:30", "nightly 16T02:30", "nightly 17T02:30"}, ""},
		"an hour back": {
			map[time.Duration]time.Duration{3 * time.Hour: -time.Hour},
			[]string{"nightly 15T02:30", "nightly 16T02:30", "nightly 17T02:30"}, ""},
		"two hours asleep": {
			map[time.Duration]time.Duration{2 * time.Hour: 2 * time.Hour},
			[]string{"nightly 15T04:00", "nightly 16T02:30", "nightly 17T02:30"},
			"nightly 15T02:30 schedule done 15T04:00–15T04:00 0\n"},
		"days ahead and back again": {
			map[time.Duration]time.Duration{time.Hour: 30 * time.Hour, 90 * time.Minute: 0},
			[]string{"nightly 15T02:30", "nightly 16T02:30", "nightly 17T02:30"}, ""},
		"a day asleep": {
			map[time.Duration]time.Duration{2 * time.Hour: 24 * time.Hour}, []string{"nightly 16T02:30", "nightly 17T02:30"},
			"nightly 15T02:30 schedule missed -–- -\n"},
		"1970 and back again": {
			map[time.Duration]time.Duration{time.Hour: -56 * 365 * 24 * time.Hour, 90 * time.Minute: 0},
			[]string{"nightly 15T02:30", "nightly 16T02:30", "nightly 17T02:30"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, quiet)
				right := b.now
				var off atomic.Int64
				b.now = func() time.Time { return right().Add(time.Duration(off.Load())) }
				for at, by := range c.steps {
					time.AfterFunc(at, func() { off.Store(int64(by)) })
				}
				ctx, cancel := context.WithTimeout(t.Context(), 28*time.Hour)
				defer cancel()
				twice := make(chan bool)
				go func() { b.daemon(ctx, lasting(0, 0)); close(twice) }()
				b.daemon(ctx, lasting(0, 0))
				<-twice
				if got := slices.DeleteFunc(slices.Clone(b.runs),
					func(r string) bool { return !slices.Contains(c.runs, r) }); !slices.Equal(b.runs, got) || len(b.runs) == 0 {
					t.Errorf("executed %v, want some of %v", b.runs, c.runs)
				}
				for _, day := range []string{"15", "16"} {
					if n := strings.Count(b.history(), "nightly "+day+"T02:30 "); n != 1 {
						t.Errorf("the %sth stands %d times in\n%s", day, n, b.history())
					}
				}
				if !strings.Contains(b.history(), c.more) {
					t.Errorf("history\n%swant\n%s", b.history(), c.more)
				}
				if c.more == "" && strings.Contains(b.history(), "missed") {
					t.Errorf("something is called missed that was not:\n%s", b.history())
				}
			})
		})
	}
}

// A due time in the gap runs when it ends, one that comes twice runs once, and the history says so.
func TestSummerTime(t *testing.T) {
	for _, c := range []struct {
		start, cron, due, note string
	}{
		{"2027-03-13T12:00:00-05:00", "30 2 * * *", "2027-03-14T03:00:00-04:00", "clocks go forward: 02:30 does not exist that day"},
		{"2027-11-06T12:00:00-04:00", "30 1 * * *", "2027-11-07T01:30:00-04:00", "clocks go back: of the two 01:30 that day the first"},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, "{name: nightly, title: 每夜, cron: "+c.cron+", timezone: America/New_York, run: [run]}\n")
			start, err := time.Parse(time.RFC3339, c.start)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			b.now = func() time.Time { return start.Add(time.Since(began)) }
			b.daemonFor(24*time.Hour, lasting(0, 0))
			h, err := Open(b.path)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			list, err := h.List(t.Context(), Filter{})
			if err != nil || len(list) != 1 || list[0].DueAt.In(b.jobs[0].Location).Format(time.RFC3339) != c.due ||
				list[0].Note != c.note || list[0].Status != Done {
				t.Errorf("%+v, %v; want %s: %s", list, err, c.due, c.note)
			}
		})
	}
}

// The history keeps its measure whatever fills it, and what the schedule stands on.
func TestPruneHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	h, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 10, 15, 0, 0, 0, 0, time.UTC)
	fill := func(job string, from time.Time, step time.Duration, n int) {
		t.Helper()
		_, err := h.db.Exec(`with recursive line (i) as (select 0 union all select i + 1 from line where i + 1 < ?1)
			insert into schedule_run (job, due_at, trigger, status, output)
			select ?2, strftime('%Y-%m-%dT%H:%M:%S.000Z', ?3, (i * ?4) || ' seconds'), 'schedule', 'failed', ?5 from line`,
			n, job, from.Format(time.DateTime), int(step.Seconds()), strings.Repeat("x", 1000))
		if err != nil {
			t.Fatal(err)
		}
	}
	fill("yearly", now.AddDate(-3, 0, 0), 24*time.Hour, 2)
	fill("often", now.Add(-13000*time.Minute), time.Minute, 13000)
	for range 3 { // processes that have died
		if _, err := h.db.Exec(`insert into schedule_owner (process, started_at) values ('host:1', ?)`, moment(now)); err != nil {
			t.Fatal(err)
		}
	}
	jobs := []Job{{Name: "yearly", Cron: "@yearly", Location: time.UTC, Enabled: true},
		{Name: "often", Cron: "@every 1m", Location: time.UTC, Enabled: true}}
	if _, err := h.settled(t.Context(), jobs, true, now.AddDate(-4, 0, 0)); err != nil {
		t.Fatal(err)
	}
	before, err := h.settled(t.Context(), jobs, true, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.claimDue(t.Context(), "old", now.AddDate(-2, 0, 0), now, ByHand); err != nil {
		t.Fatal(err)
	}
	if n, err := h.Prune(t.Context(), 400, now); err != nil || n != 3001 {
		t.Errorf("pruned %d, %v; want 3001", n, err)
	}
	list, err := h.List(t.Context(), Filter{Brief: true})
	if err != nil || len(list) != 10_002 || list[0].Output != "" {
		t.Errorf("%d rows left, %v", len(list), err)
	}
	if kept := list[len(list)-1]; kept.Job != "yearly" {
		t.Errorf("the oldest row is %+v, want the newest of its job", kept)
	}
	if running, err := h.List(t.Context(), Filter{Status: Running}); err != nil || len(running) != 1 {
		t.Errorf("what runs was pruned: %v, %v", running, err)
	}
	if after, err := h.settled(t.Context(), jobs, true, now); err != nil || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("settled up to %v, %v; before %v", after, err, before)
	}
	var owners int
	if err := h.db.QueryRow("select count(*) from schedule_owner").Scan(&owners); err != nil || owners != 1 {
		t.Errorf("%d processes are kept, %v", owners, err)
	}
	if n, err := h.Prune(t.Context(), 400, now); err != nil || n != 0 {
		t.Errorf("pruned %d more, %v", n, err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() > 16<<20 {
		t.Errorf("state.db is of %d bytes, %v", info.Size(), err)
	}
}

// A lock that somebody holds for ever is an error and no wait for ever, and nobody else can hold it.
func TestOwnersAreBehindADoor(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "private"), 0o777); err != nil {
		t.Fatal(err)
	}
	h, err := Open(filepath.Join(dir, "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	h.Close()
	for name, want := range map[string]os.FileMode{"private": 0o700, "private/state.db.owners": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		held := make(chan struct{})
		free := make(chan struct{})
		go oneAtATime(filepath.Join(dir, "state.db"), func() error { close(held); <-free; return nil })
		<-held
		defer close(free)
		if _, err := Open(filepath.Join(dir, "state.db")); err == nil ||
			!strings.Contains(err.Error(), "another process has been opening it for 10s") {
			t.Errorf("opened: %v", err)
		}
	})
}

// Jobs stay in their project: by what they say, and by where they are written.
func TestJobsStayInTheirProject(t *testing.T) {
	for arg, ok := range map[string]bool{
		"--project=../other": false, "--project": false, "../other": false, "a/../../b": false, "--out=/etc": false,
		"/etc/passwd": false, "~/x": false,
		"--now=1970-01-01T00:00": false, "--trust-clock": false, "var/inbox/a.csv": true, "--out=var/reports": true,
		"--period": true, "a..b": true, "--": true,
		"a\u202eb": false, "a\x1b[2Jb": false,
	} {
		text := fmt.Sprintf("# a job\nname: a\ntitle: 甲\ncron: 0 1 * * *\nrun: [load, %q]\n", arg)
		_, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, verbs)
		if ok != (err == nil) || !ok && !strings.HasPrefix(err.Error(), "schedules/a.yaml:5: run holds ") {
			t.Errorf("%q: %v", arg, err)
		}
	}
	project, other := t.TempDir(), t.TempDir()
	job := "name: a\ntitle: 甲\ncron: 0 1 * * *\nrun: [run]\n"
	if err := os.WriteFile(filepath.Join(other, "a.yaml"), []byte(job), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(other, "a.yaml"), filepath.Join(project, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(project)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := Load(root.FS(), verbs); err == nil || !strings.HasPrefix(err.Error(), "schedules/a.yaml: cannot be read: ") {
		t.Errorf("a link that leads out: %v", err)
	}
}

// While a scheduler runs its jobs go on as it read them, whatever becomes of their files, and its
// log says so once; after a restart a bad file's job does not run, and once it is mended what was
// due meanwhile is missed and made up for.
func TestFileBecomesBadUnderTheScheduler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const other = "{name: other, title: 另, cron: 30 3 * * *, run: [load]}\n"
		read := func(text string) ([]Job, error) {
			return Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}, "b.yaml": {Data: []byte(other)}}, verbs)
		}
		b := newBench(t, nightly+"---\n"+other)
		var log strings.Builder
		daemon := func(d time.Duration, reread func() ([]Job, error)) {
			h, err := Open(b.path)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			s := b.scheduler(h, lasting(0, 0))
			s.Jobs, s.Unread = reread()
			s.Reread, s.Log = reread, slog.New(slog.NewTextHandler(&log, nil))
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			if err := s.Run(ctx); err != nil {
				t.Error(err)
			}
		}
		wantLog := func(level, problem string, times int) {
			t.Helper()
			n := 0
			for line := range strings.Lines(log.String()) {
				if strings.Contains(line, "level="+level) && strings.Contains(line, problem) {
					n++
				}
			}
			if n != times {
				t.Errorf("%q stands %d times in the log, want %d:\n%s", problem, n, times, log.String())
			}
		}
		text := nightly
		time.AfterFunc(2*time.Hour, func() { text = strings.Replace(nightly, "30 2", "30 25", 1) })
		daemon(4*time.Hour, func() ([]Job, error) { return read(text) }) // until 04:00 of the 15th
		b.wantRuns("nightly 15T02:30", "other 15T03:30")
		wantLog("ERROR", "schedules/a.yaml:1: cron", 1)
		wantLog("ERROR", "go on as they were", 1)

		daemon(24*time.Hour, func() ([]Job, error) { return read(text) }) // until 04:00 of the 16th
		b.wantRuns("nightly 15T02:30", "other 15T03:30", "other 16T03:30")
		wantLog("ERROR", "schedules/a.yaml:1: cron", 2)
		wantLog("ERROR", "does not run", 1)

		daemon(time.Hour, func() ([]Job, error) { return read(nightly) })
		b.wantRuns("nightly 15T02:30", "other 15T03:30", "other 16T03:30", "nightly 16T04:00")
		wantLog("ERROR", "schedules/a.yaml:1: cron", 2)

		text = nightly
		time.AfterFunc(time.Minute, func() { text = strings.Replace(nightly, "30 2", "30 4", 1) })
		daemon(time.Hour, func() ([]Job, error) { return read(text) })
		wantLog("WARN", "job files have changed", 1)
	})
}
