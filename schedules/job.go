// Package schedules runs citykpi on a timetable and remembers what ran.
//
// Jobs are YAML files (README.md describes the format); Load reads and checks
// them. A Scheduler runs each due time of each job at most once, even with two
// daemons on one project, because a due time must be claimed in the History, a
// SQLite file, before anything starts. What a stopped daemon missed is recorded
// and, where the job says so, made up for.
package schedules

import (
	"cmp"
	"slices"
	"time"

	"github.com/robfig/cron/v3"
)

// CatchUp says what becomes of due times that passed while no daemon ran.
type CatchUp string

const (
	CatchUpNone   CatchUp = "none"   // they are recorded as missed
	CatchUpLatest CatchUp = "latest" // the newest one is run late, the others are recorded as missed
)

var catchUps = []CatchUp{CatchUpNone, CatchUpLatest}

// Job is one entry of the timetable. Only Load makes valid ones.
type Job struct {
	Name     string         // unique; what `schedule run` is given
	Title    string         // Chinese, for people
	Cron     string         // five fields, or @daily, or @every 1h
	Location *time.Location // the zone Cron is read in
	Run      []string       // citykpi verb and its arguments
	Timeout  time.Duration
	CatchUp  CatchUp
	Enabled  bool
	File     string // where it was written
	Line     int

	timetable cron.Schedule
}

// Next is the first due time after t, in the job's own zone.
func (j Job) Next(t time.Time) time.Time { return next(j.timetable, t).In(j.Location) }

// noteOf is what is to be said of one of the job's due times: that clocks are put forward or
// back then.
func (j Job) noteOf(due time.Time) string {
	if w, ok := j.timetable.(wallClock); ok {
		return w.note(due)
	}
	return ""
}

// Due is a moment at which a job is to run.
type Due struct {
	Job  Job
	At   time.Time
	Note string // of a day on which clocks are put forward or back
}

// Next lists the next due time after t of every enabled job, soonest first.
func Next(jobs []Job, after time.Time) []Due {
	var due []Due
	for _, j := range jobs {
		if j.Enabled {
			at := j.Next(after)
			due = append(due, Due{j, at, j.noteOf(at)})
		}
	}
	slices.SortStableFunc(due, sooner)
	return due
}

func sooner(a, b Due) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Job.Name, b.Job.Name)) }
