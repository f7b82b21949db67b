package schedules

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

const (
	// onTime is how late a due time may be found and still count as kept.
	onTime = time.Minute
	// nap bounds one wait: a suspended machine or a corrected clock is noticed
	// within it, because a Go timer follows neither.
	nap = 30 * time.Second
	// defaultGrace is what a running job gets to end when the scheduler is stopped.
	defaultGrace = 30 * time.Second
	// longestStep is how far a clock may step forward, or the machine sleep, under a running
	// scheduler for the due time that was passed over to be run all the same, as ISC cron does.
	longestStep = 3 * time.Hour
	// mostMissed bounds the missed rows one gap leaves behind: a job of every
	// minute after a year off would write half a million.
	mostMissed = 100
)

// Execute runs a job until it ends or ctx does. tail is the end of what it
// said on standard error. err says why the job did not end by itself, and then
// the exit code means nothing.
type Execute func(ctx context.Context, job Job) (exitCode int, tail string, err error)

// ErrRefused is returned by an Execute beside the exit code and the tail of a job that did its
// work although some files were refused or held.
var ErrRefused = errors.New("done, though files were refused or held")

// Scheduler runs jobs at their due times. All fields but Unread, Reread, Parallel and Grace are required.
type Scheduler struct {
	Jobs    []Job
	Unread  error // what Load said beside Jobs: of some files no job, or not every job, is among them
	History *History
	Execute Execute
	Now     func() time.Time // the wall clock
	Log     *slog.Logger
	Grace   time.Duration // for running jobs when stopped; 0 means 30 s

	// Reread loads the job files again, to say in the log that they are others now or have become
	// bad. A running scheduler keeps to the jobs it was given: what somebody is just writing is no
	// timetable yet, and a job does not stop because of a slip in its file.
	Reread func() ([]Job, error)

	// Parallel is how many jobs may run at once, in all schedulers of one History; 0 means no
	// limit. Those that are due meanwhile wait their turn.
	Parallel int

	queued map[string]Due     // by job: what waits for a turn
	why    map[string]Trigger // by job: as what
	freed  chan struct{}      // told when a job ends

	furthest map[string]time.Time // by job: up to when its due times have been dealt with

	found string // what Reread found when it was last told of
}

// Run keeps the timetable until ctx ends; then it takes no new work, lets what
// runs end within Grace, stops the rest, and returns nil. Different jobs may
// run side by side, one job never beside itself. Several Schedulers, here or
// in other processes, may share one History. A History that cannot be written
// later on is logged and asked again; only at the start is it an error.
func (s *Scheduler) Run(ctx context.Context) error {
	now := s.Now()
	if err := s.History.recover(ctx, now); err != nil {
		return err
	}
	s.queued, s.why, s.freed, s.furthest = map[string]Due{}, map[string]Trigger{}, make(chan struct{}, 1), map[string]time.Time{}
	settled, err := s.History.settled(ctx, s.Jobs, s.Unread == nil, now)
	if err != nil {
		return err
	}
	s.Log.Info("scheduler started", "jobs", len(settled))
	for _, what := range problems(s.Unread) {
		s.Log.Error("bad job file: what it says does not run", "problem", what)
	}
	s.found = inventory(s.Jobs, s.Unread)
	// Running jobs outlive ctx by the grace period, and so do their records.
	jobCtx, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var running sync.WaitGroup
	late := onTime // at the start nobody was there to be on time
	for ctx.Err() == nil {
		s.tick(jobCtx, settled, late, &running)
		s.lookAgain()
		s.wait(ctx)
		late = longestStep
	}
	s.Log.Info("scheduler stopping")
	grace := time.AfterFunc(s.grace(), stop)
	defer grace.Stop()
	running.Wait()
	return nil
}

func (s *Scheduler) grace() time.Duration {
	if s.Grace > 0 {
		return s.Grace
	}
	return defaultGrace
}

// wait sleeps to the next due time, a nap at most.
func (s *Scheduler) wait(ctx context.Context) {
	d := nap
	now := s.Now()
	if due := Next(s.Jobs, now); len(due) > 0 {
		d = min(d, due[0].At.Sub(now))
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.freed:
	case <-ctx.Done():
	}
}

// tick deals with every due time since the last tick and moves settled on. A
// job whose claim could not be written stays where it was, for the next tick.
func (s *Scheduler) tick(ctx context.Context, settled map[string]time.Time, late time.Duration, running *sync.WaitGroup) {
	now := s.Now()
	if now.Before(epoch) {
		s.Log.Warn("the clock cannot be right, nothing is due. Try: timedatectl", "now", now)
		return
	}
	s.takeTurns(ctx, now, running)
	for _, j := range s.Jobs {
		if !j.Enabled {
			continue
		}
		from := settled[j.Name]
		if far := s.furthest[j.Name]; far.Before(now) && from.Before(far) && now.Sub(from) > longestStep {
			from = far // the clock was behind for a while: what was due up to then is dealt with
		}
		if !from.After(now) {
			if err := s.settle(ctx, j, from, now, late, running); err != nil {
				s.Log.Error("due time not recorded, trying again", "job", j.Name, "error", err)
				continue
			}
		}
		// Also backwards, after a clock that was ahead: what was claimed stays claimed.
		settled[j.Name] = now
		if now.After(s.furthest[j.Name]) {
			s.furthest[j.Name] = now
		}
	}
}

// settle deals with the due times in (from, now]: the newest is run if it is less than late or
// to be caught up, the others are missed.
func (s *Scheduler) settle(ctx context.Context, j Job, from, now time.Time, late time.Duration, running *sync.WaitGroup) error {
	due, passed := dueBetween(j, from, now)
	if len(due) == 0 {
		return nil
	}
	latest, why := due[len(due)-1], OnSchedule
	if now.Sub(latest) > late {
		why = OnCatchUp
	}
	missed := due
	if why == OnSchedule || j.CatchUp == CatchUpLatest {
		missed = due[:len(due)-1]
	}
	if err := s.History.miss(ctx, j.Name, missed, missedNote(passed-len(due), from.In(j.Location))); err != nil {
		return err
	}
	if len(missed) > 0 {
		s.Log.Warn("due times missed", "job", j.Name, "count", passed-len(due)+len(missed), "since", from)
	}
	if len(missed) == len(due) {
		return nil
	}
	note := j.noteOf(latest)
	if note == "" && why == OnSchedule && now.Sub(latest) > onTime {
		note = "the clock went forward over it, or the machine slept"
	}
	if earlier, ok := s.queued[j.Name]; ok {
		// It has waited so long that it is due again: one turn is enough.
		if err := s.History.miss(ctx, j.Name, []time.Time{earlier.At}, "no turn came before the job was due again"); err != nil {
			return err
		}
	}
	return s.start(ctx, Due{j, latest, note}, why, now, running)
}

// start claims a due time and runs it, or lets it wait its turn.
func (s *Scheduler) start(ctx context.Context, d Due, why Trigger, now time.Time, running *sync.WaitGroup) error {
	c, id, err := s.History.claimTurn(ctx, d.Job.Name, d.At, now, why, s.Parallel, d.Note)
	if err != nil {
		return err
	}
	delete(s.queued, d.Job.Name)
	delete(s.why, d.Job.Name)
	switch c {
	case full:
		s.queued[d.Job.Name], s.why[d.Job.Name] = d, why
		s.Log.Info("job waits its turn", "job", d.Job.Name, "due", d.At, "parallel", s.Parallel)
	case skipped:
		s.Log.Warn("job skipped, its previous run has not ended", "job", d.Job.Name, "due", d.At)
	case granted:
		s.Log.Info("job started", "job", d.Job.Name, "due", d.At, "trigger", why)
		running.Go(func() {
			s.run(ctx, d.Job, id)
			select {
			case s.freed <- struct{}{}:
			default: // it is told already
			}
		})
	}
	return nil
}

// takeTurns starts what waits, the longest due first, for as long as there is room.
func (s *Scheduler) takeTurns(ctx context.Context, now time.Time, running *sync.WaitGroup) {
	waiting := slices.SortedFunc(maps.Values(s.queued), sooner)
	for _, d := range waiting {
		if err := s.start(ctx, d, s.why[d.Job.Name], now, running); err != nil {
			s.Log.Error("due time not recorded, trying again", "job", d.Job.Name, "error", err)
			return
		}
		if _, still := s.queued[d.Job.Name]; still {
			return
		}
	}
}

// dueBetween lists the newest due times in (from, now], mostMissed+1 at most,
// and how many there were.
func dueBetween(j Job, from, now time.Time) (due []time.Time, passed int) {
	for at := j.Next(from); !at.After(now); at = j.Next(at) {
		passed++
		if due = append(due, at); len(due) > 2*mostMissed {
			due = append([]time.Time(nil), due[len(due)-mostMissed:]...)
		}
	}
	if len(due) > mostMissed+1 {
		due = due[len(due)-mostMissed-1:]
	}
	return due, passed
}

func missedNote(more int, from time.Time) string {
	if more <= 0 {
		return ""
	}
	return fmt.Sprintf("and %d earlier due times since %s", more, from.Format(time.RFC3339))
}

// RunNow runs a job at once and waits for its end. Its own due times are not
// touched. It returns ErrRunning when the job is running already; how the job
// ended is in the Record and is not an error.
func (s *Scheduler) RunNow(ctx context.Context, j Job) (Record, error) {
	now := s.Now()
	c, id, err := s.History.claimDue(ctx, j.Name, now, now, ByHand)
	if err != nil {
		return Record{}, err
	}
	if c == skipped {
		return Record{}, fmt.Errorf("run job %s: %w. Try: citykpi schedule history", j.Name, ErrRunning)
	}
	s.run(ctx, j, id)
	return s.History.get(context.WithoutCancel(ctx), id)
}

// run executes a granted run and records how it ended.
func (s *Scheduler) run(ctx context.Context, j Job, id int64) {
	jobCtx, cancel := context.WithTimeout(ctx, j.Timeout)
	defer cancel()
	code, output, err := s.Execute(jobCtx, j)
	status, exit, note := verdict(jobCtx, j, code, err)
	s.Log.Info("job ended", "job", j.Name, "status", status, "exit_code", code, "note", note)
	// The row would block the job for ever if it stayed "running".
	for {
		err := s.History.finish(context.WithoutCancel(ctx), id, status, exit, output, note, s.Now())
		if err == nil {
			return
		}
		s.Log.Error("end of job not recorded, trying again", "job", j.Name, "error", err)
		select {
		case <-ctx.Done(): // the next scheduler finds it interrupted
			return
		case <-time.After(nap):
		}
	}
}

// verdict turns an execution into a status, an exit code where there is one,
// and a note. A job that ended by itself in the last moment has ended by itself.
func verdict(ctx context.Context, j Job, code int, err error) (Status, *int, string) {
	switch {
	case err == nil && code == 0:
		return Done, &code, ""
	case errors.Is(err, ErrRefused):
		return Done, &code, err.Error()
	case err == nil:
		return Failed, &code, ""
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return TimedOut, nil, fmt.Sprintf("stopped after its timeout of %s", j.Timeout)
	case ctx.Err() != nil:
		return Interrupted, nil, "stopped with the scheduler"
	}
	return Failed, nil, err.Error()
}
