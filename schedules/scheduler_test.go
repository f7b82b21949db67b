package schedules

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
)

// The tests run whole days of Scheduler.Run in a synctest bubble: timers and
// sleeps take no real time, and the order of events is the clock's.

// bench is one state file and a clock that starts on 2026-10-15 at 00:00 in
// Shanghai when the bubble does.
type bench struct {
	t    *testing.T
	path string
	jobs []Job
	now  func() time.Time

	mu   sync.Mutex
	runs []string // what was executed, as "name 15T02:30"
}

func newBench(t *testing.T, yaml string) *bench {
	t.Helper()
	jobs, err := Load(fstest.MapFS{"jobs.yaml": {Data: []byte(yaml)}}, verbs)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	return &bench{t: t, path: filepath.Join(t.TempDir(), "state.db"), jobs: jobs, now: func() time.Time {
		return time.Date(2026, 10, 15, 0, 0, 0, 0, jobs[0].Location).Add(time.Since(start))
	}}
}

// daemon runs a scheduler of its own on the bench's state file for a while of
// the bubble's time; execute says how long and how a job runs.
func (b *bench) daemon(ctx context.Context, execute Execute) {
	b.t.Helper()
	h, err := Open(b.path)
	if err != nil {
		b.t.Error(err)
		return
	}
	defer h.Close()
	if err := b.scheduler(h, execute).Run(ctx); err != nil {
		b.t.Error(err)
	}
}

func (b *bench) scheduler(h *History, execute Execute) *Scheduler {
	return &Scheduler{Jobs: b.jobs, History: h, Now: b.now, Log: slog.New(slog.DiscardHandler),
		Execute: func(ctx context.Context, j Job) (int, string, error) {
			b.mu.Lock()
			b.runs = append(b.runs, j.Name+" "+b.now().Format("02T15:04"))
			b.mu.Unlock()
			return execute(ctx, j)
		}}
}

func (b *bench) daemonFor(d time.Duration, execute Execute) {
	ctx, cancel := context.WithTimeout(b.t.Context(), d)
	defer cancel()
	b.daemon(ctx, execute)
}

func lasting(d time.Duration, code int) Execute {
	return func(ctx context.Context, j Job) (int, string, error) {
		select {
		case <-time.After(d):
			return code, "the last line", nil
		case <-ctx.Done():
			return -1, "", ctx.Err()
		}
	}
}

// history is the records as text, the oldest first.
func (b *bench) history() string {
	b.t.Helper()
	h, err := Open(b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer h.Close()
	list, err := h.List(b.t.Context(), Filter{})
	if err != nil {
		b.t.Fatal(err)
	}
	var s strings.Builder
	for i := len(list) - 1; i >= 0; i-- {
		r := list[i]
		at := func(t *time.Time) string {
			if t == nil {
				return "-"
			}
			return t.In(b.jobs[0].Location).Format("02T15:04")
		}
		code := "-"
		if r.ExitCode != nil {
			code = fmt.Sprint(*r.ExitCode)
		}
		fmt.Fprintf(&s, "%s %s %s %s %s–%s %s\n", r.Job, at(&r.DueAt), r.Trigger, r.Status, at(r.StartedAt), at(r.EndedAt), code)
	}
	return s.String()
}

func (b *bench) wantHistory(want string) {
	b.t.Helper()
	if got := b.history(); got != want {
		b.t.Errorf("history\n%swant\n%s", got, want)
	}
}

func (b *bench) wantRuns(want ...string) {
	b.t.Helper()
	if fmt.Sprint(b.runs) != fmt.Sprint(want) {
		b.t.Errorf("executed %v, want %v", b.runs, want)
	}
}

const nightly = "{name: nightly, title: 每夜, cron: 30 2 * * *, run: [run], catch_up: latest}\n"

func TestEachDueTimeRunsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nightly)
		b.daemonFor(60*time.Hour, lasting(5*time.Minute, 0))
		b.wantRuns("nightly 15T02:30", "nightly 16T02:30", "nightly 17T02:30")
		b.wantHistory("nightly 15T02:30 schedule done 15T02:30–15T02:35 0\n" +
			"nightly 16T02:30 schedule done 16T02:30–16T02:35 0\n" +
			"nightly 17T02:30 schedule done 17T02:30–17T02:35 0\n")
	})
}

func TestTwoDaemonsRunEachDueTimeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "{name: often, title: 常, cron: \"@every 5m\", run: [load]}\n")
		ctx, cancel := context.WithTimeout(t.Context(), 121*time.Minute)
		defer cancel()
		var daemons sync.WaitGroup
		for range 2 {
			daemons.Go(func() { b.daemon(ctx, lasting(time.Minute, 0)) })
		}
		daemons.Wait()
		if len(b.runs) != 24 {
			t.Errorf("%d runs in two hours, want 24: %v", len(b.runs), b.runs)
		}
		if got := strings.Count(b.history(), " schedule done "); got != 24 {
			t.Errorf("history holds %d done runs, want 24:\n%s", got, b.history())
		}
	})
}

func TestRestartCatchesUpTheNewestMissedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nightly)
		b.daemonFor(3*time.Hour, lasting(0, 0)) // runs the 15th, then off until the 18th at 09:00
		time.Sleep(78 * time.Hour)
		b.daemonFor(time.Hour, lasting(0, 0))
		b.daemonFor(time.Hour, lasting(0, 0)) // a second restart finds nothing more to do
		b.wantRuns("nightly 15T02:30", "nightly 18T09:00")
		b.wantHistory("nightly 15T02:30 schedule done 15T02:30–15T02:30 0\n" +
			"nightly 16T02:30 schedule missed -–- -\n" +
			"nightly 17T02:30 schedule missed -–- -\n" +
			"nightly 18T02:30 catch_up done 18T09:00–18T09:00 0\n")
	})
}

func TestWithoutCatchUpMissedTimesAreOnlyRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, strings.Replace(nightly, "latest", "none", 1))
		b.daemonFor(time.Hour, lasting(0, 0))
		time.Sleep(48 * time.Hour)
		b.daemonFor(time.Hour, lasting(0, 0))
		b.wantRuns()
		b.wantHistory("nightly 15T02:30 schedule missed -–- -\nnightly 16T02:30 schedule missed -–- -\n")
	})
}

func TestLongGapsAreSummed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "{name: often, title: 常, cron: \"@every 1m\", run: [load]}\n")
		b.daemonFor(10*time.Second, lasting(0, 0))
		time.Sleep(30*24*time.Hour + 30*time.Second)
		b.daemonFor(10*time.Second, lasting(0, 0))
		h, err := Open(b.path)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		list, err := h.List(t.Context(), Filter{Status: Missed})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != mostMissed || list[len(list)-1].Note != "and 43099 earlier due times since 2026-10-15T00:00:00+08:00" {
			t.Errorf("%d missed rows, the oldest says %q", len(list), list[len(list)-1].Note)
		}
		b.wantRuns("often 14T00:00") // 30 days on, the due time at hand is kept
	})
}

func TestRunningJobIsNotStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "{name: hourly, title: 每小时, cron: 0 * * * *, run: [load], timeout: 5h}\n")
		b.daemonFor(4*time.Hour+time.Minute, lasting(150*time.Minute, 0))
		b.wantRuns("hourly 15T01:00", "hourly 15T04:00")
		b.wantHistory("hourly 15T01:00 schedule done 15T01:00–15T03:30 0\n" +
			"hourly 15T02:00 schedule skipped -–- -\n" +
			"hourly 15T03:00 schedule skipped -–- -\n" +
			"hourly 15T04:00 schedule interrupted 15T04:00–15T04:01 -\n")
	})
}

func TestTimeoutAndFailureAreRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, "- {name: slow, title: 慢, cron: 0 1 * * *, run: [run], timeout: 10m}\n"+
			"- {name: broken, title: 坏, cron: 0 2 * * *, run: [check]}\n"+
			"- {name: absent, title: 无, cron: 0 3 * * *, run: [load]}\n"+
			"- {name: off, title: 停, cron: 0 1 * * *, run: [load], enabled: false}\n")
		b.daemonFor(4*time.Hour, func(ctx context.Context, j Job) (int, string, error) {
			switch j.Name {
			case "slow":
				return lasting(time.Hour, 0)(ctx, j)
			case "broken":
				return 3, "citykpi: 1 check failed", nil
			}
			return -1, "", errors.New("no such binary")
		})
		b.wantHistory("slow 15T01:00 schedule timed_out 15T01:00–15T01:10 -\n" +
			"broken 15T02:00 schedule failed 15T02:00–15T02:00 3\n" +
			"absent 15T03:00 schedule failed 15T03:00–15T03:00 -\n")
		h, err := Open(b.path)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		for job, want := range map[string]string{"slow": " / stopped after its timeout of 10m0s",
			"broken": "citykpi: 1 check failed / ", "absent": " / no such binary"} {
			list, err := h.List(t.Context(), Filter{Job: job, Limit: 1})
			if err != nil || len(list) != 1 {
				t.Fatalf("%s: %v, %v", job, list, err)
			}
			if got := list[0].Output + " / " + list[0].Note; got != want {
				t.Errorf("%s: got %q, want %q", job, got, want)
			}
		}
	})
}

// A daemon that dies leaves its run as running: here by closing its history, and
// with it the lock the kernel would drop, while the job still runs.
func TestCrashIsFoundAtTheNextStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nightly)
		h, err := Open(b.path)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 10, 15, 2, 30, 0, 0, b.jobs[0].Location)
		if c, _, err := h.claimDue(t.Context(), "nightly", now, now, OnSchedule); c != granted || err != nil {
			t.Fatal(c, err)
		}
		b.wantHistory("nightly 15T02:30 schedule running 15T02:30–- -\n")
		time.Sleep(3 * time.Hour)

		// While the owner lives, a second daemon leaves its run alone.
		b.daemonFor(time.Minute, lasting(0, 0))
		b.wantHistory("nightly 15T02:30 schedule running 15T02:30–- -\n")

		h.Close()
		b.daemonFor(time.Minute, lasting(0, 0))
		b.wantRuns() // at most once: an interrupted due time is not run again
		b.wantHistory("nightly 15T02:30 schedule interrupted 15T02:30–- -\n")
	})
}

func TestStoppingLetsARunEndWithinTheGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nightly)
		b.daemonFor(2*time.Hour+30*time.Minute+time.Second, lasting(20*time.Second, 0))
		b.wantHistory("nightly 15T02:30 schedule done 15T02:30–15T02:30 0\n")
	})
}

func TestChangedAndReturningJobsStartAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nightly)
		b.daemonFor(time.Minute, lasting(0, 0))
		time.Sleep(24 * time.Hour)
		changed := newBench(t, strings.Replace(nightly, "30 2", "30 1", 1))
		b.jobs = changed.jobs
		b.daemonFor(time.Minute, lasting(0, 0)) // 01:30 had never been promised
		b.jobs[0].Enabled = false
		b.daemonFor(time.Minute, lasting(0, 0))
		time.Sleep(24 * time.Hour)
		b.jobs[0].Enabled = true
		b.daemonFor(time.Minute, lasting(0, 0))
		b.wantRuns()
		b.wantHistory("")
	})
}

// A clock that was ahead and is put right neither stops the schedule nor
// repeats a due time.
func TestClockPutBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nightly)
		right := b.now
		var ahead atomic.Int64
		ahead.Store(int64(12 * time.Hour))
		b.now = func() time.Time { return right().Add(time.Duration(ahead.Load())) }
		ctx, cancel := context.WithTimeout(t.Context(), 62*time.Hour)
		defer cancel()
		time.AfterFunc(15*time.Hour, func() { ahead.Store(0) }) // on the 16th at 03:00 it becomes the 15th, 15:00
		b.daemon(ctx, lasting(0, 0))
		b.wantRuns("nightly 16T02:30", "nightly 17T02:30")
	})
}

func TestRunNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, nightly)
		h, err := Open(b.path)
		if err != nil {
			t.Fatal(err)
		}
		s := b.scheduler(h, lasting(time.Minute, 3))
		var first Record
		var wg sync.WaitGroup
		wg.Go(func() { first, err = s.RunNow(t.Context(), b.jobs[0]) })
		time.Sleep(time.Second)
		if _, err := s.RunNow(t.Context(), b.jobs[0]); !errors.Is(err, ErrRunning) {
			t.Errorf("second run by hand: %v, want ErrRunning", err)
		}
		wg.Wait()
		if err != nil || first.Status != Failed || *first.ExitCode != 3 || first.Output != "the last line" || first.Trigger != ByHand {
			t.Errorf("%+v, %v", first, err)
		}
		h.Close()
		b.wantHistory("nightly 15T00:00 manual failed 15T00:00–15T00:01 3\n")
	})
}
