package schedules

import (
	"time"

	"github.com/robfig/cron/v3"
)

// wallClock keeps a timetable where clocks are put forward and back as ISC cron does: a job that
// is due at a time of day that does not exist runs when the gap ends, one that is due at a time
// of day that comes twice runs at the first. A job that is due in every hour of the day goes by
// elapsed time: it runs in both of two equal hours and not in one that does not exist.
//
// robfig/cron skips a day on which the time of day does not exist and runs twice where it comes
// twice; so it is only asked about times of day in UTC, which has neither.
type wallClock struct {
	spec   *cron.SpecSchedule // in UTC
	loc    *time.Location
	hourly bool // due in every hour of the day
}

func newWallClock(spec *cron.SpecSchedule, loc *time.Location) wallClock {
	spec.Location = time.UTC
	const everyHour = 1<<24 - 1
	return wallClock{spec, loc, spec.Hour&everyHour == everyHour}
}

// longestShift is more than clocks are ever put forward: by a day, where a country crosses the date line.
const longestShift = 25 * time.Hour

func (w wallClock) Next(t time.Time) time.Time {
	if w.hourly {
		return w.nextHourly(t)
	}
	// Times of day in order lead to moments in order, so the first later one is the next.
	for face := faceOf(t.In(w.loc)).Add(-longestShift); ; {
		if face = next(w.spec, face); face.IsZero() {
			return face
		}
		if at, _ := w.moment(face); at.After(t) {
			return at
		}
	}
}

// nextHourly looks from one change of the clocks to the next, with the offset that holds between.
func (w wallClock) nextHourly(t time.Time) time.Time {
	for zoned := t.In(w.loc); ; {
		_, until := zoned.ZoneBounds()
		_, seconds := zoned.Zone()
		offset := time.Duration(seconds) * time.Second
		face := next(w.spec, t.UTC().Add(offset))
		if face.IsZero() {
			return face
		}
		if at := face.Add(-offset); until.IsZero() || at.Before(until) {
			return at.In(w.loc)
		}
		zoned, t = until.In(w.loc), until.Add(-time.Nanosecond)
	}
}

// faceOf is what the clock on the wall shows, as a moment of UTC.
func faceOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// moment is when the clock on the wall first shows face, or the end of the gap it falls into, and
// what is to be said of that.
func (w wallClock) moment(face time.Time) (at time.Time, note string) {
	at = time.Date(face.Year(), face.Month(), face.Day(), face.Hour(), face.Minute(), face.Second(), 0, w.loc)
	if !faceOf(at).Equal(face) { // a gap: at lies on one side of it
		from, until := at.ZoneBounds()
		if faceOf(at).After(face) { // beyond it
			at = from
		} else {
			at = until
		}
		return at.In(w.loc), "clocks go forward: " + face.Format("15:04") + " does not exist that day"
	}
	// Of a time of day that comes twice time.Date may give either.
	from, until := at.ZoneBounds()
	for _, change := range []time.Time{from, until} {
		if change.IsZero() {
			continue
		}
		_, before := change.Add(-time.Nanosecond).In(w.loc).Zone()
		_, after := change.In(w.loc).Zone()
		if before <= after {
			continue
		}
		first := face.Add(-time.Duration(before) * time.Second).In(w.loc)
		second := face.Add(-time.Duration(after) * time.Second).In(w.loc)
		if faceOf(first).Equal(face) && faceOf(second).Equal(face) {
			return first, "clocks go back: of the two " + face.Format("15:04") + " that day the first"
		}
	}
	return at, ""
}

// note is what is to be said of a due time, "" of most.
func (w wallClock) note(due time.Time) string {
	if w.hourly {
		return ""
	}
	due = due.In(w.loc)
	// The due time may be the end of a gap that another time of day fell into.
	for face := next(w.spec, faceOf(due).Add(-longestShift)); !face.IsZero() && !face.After(faceOf(due)); face = next(w.spec, face) {
		if at, note := w.moment(face); at.Equal(due) && note != "" {
			return note
		}
	}
	return ""
}
