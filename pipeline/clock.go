package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
)

// A clock that is wrong makes batches and releases whose order is wrong for ever: what was
// known at a time, and which release is the newest, follow from their times.

const (
	// clockSlack is how far a clock may be behind what it wrote before: time servers correct it.
	clockSlack = 5 * time.Minute
	// longestPause between two runs is believed without being told. A clock without a battery
	// starts in 1970, a slip of the hand sets it to 2036; offices seldom rest that long.
	longestPause = 3 * 365 * 24 * time.Hour
	// clockFile keeps what --trust-clock was told.
	clockFile = "clock.json"
)

// A first run has nothing to compare with: its clock must lie within the program's own years.
var (
	firstClock = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	lastClock  = time.Date(2040, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// ErrClock is returned by Load and Run when the time they are given cannot be right.
var ErrClock = errors.New("the clock cannot be right")

const clockHint = "Try: timedatectl, or --now with the right time; if this time is right: --trust-clock"

// trust is what an operator said of the clock: it was right at At, and what bears a time
// between that and Over was made by a wrong one.
type trust struct {
	At   time.Time `json:"at"`
	Over time.Time `json:"over"`
}

func (t trust) ignores(at time.Time) bool { return at.After(t.At) && !at.After(t.Over) }

// checkClock holds the time of a load or a run against the newest batch and release. With
// Options.TrustClock it keeps that this time is right, whatever they say.
func checkClock(p *project.Project, o Options, batches []lake.Batch) error {
	told, err := trusted(p)
	if err != nil {
		return err
	}
	releases := 1
	if !told.At.IsZero() { // the newest may be one to be ignored
		releases = runsShown
	}
	newest, what := time.Time{}, ""
	see := func(at time.Time, name string) {
		if at.After(newest) && !told.ignores(at) {
			newest, what = at, name
		}
	}
	for _, b := range batches {
		see(b.LoadedAt, "batch "+b.Batch)
	}
	for _, m := range Releases(p).Newest(releases) {
		see(m.CreatedAt, "release "+m.ID)
	}
	err = plausible(o.Now, newest, what)
	if err == nil || !o.TrustClock {
		return err
	}
	text, err := json.Marshal(trust{o.Now, newest})
	if err != nil {
		return err
	}
	return durable.WriteFile(p.Var(clockFile), append(text, '\n'))
}

func trusted(p *project.Project) (t trust, err error) {
	text, err := durable.ReadRegular(p.Var(clockFile), 1<<10)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &t)
	}
	if err != nil {
		return t, fmt.Errorf("read %s: %w. Try: remove it, and --trust-clock if the clock is then refused", p.Var(clockFile), err)
	}
	return t, nil
}

// plausible says why a time cannot be that of a run after another that made what at newest.
func plausible(now, newest time.Time, what string) error {
	says := "it says " + now.Format("2006-01-02 15:04")
	switch {
	case newest.IsZero() && (now.Before(firstClock) || now.After(lastClock)):
		return fmt.Errorf("%w: %s. %s", ErrClock, says, clockHint)
	case newest.IsZero():
		return nil
	case now.Before(newest.Add(-clockSlack)):
		return fmt.Errorf("%w: %s, before %s was made (%s). %s", ErrClock, says, what,
			newest.In(now.Location()).Format("2006-01-02 15:04"), clockHint)
	case now.Sub(newest) > longestPause:
		return fmt.Errorf("%w: %s, years after the newest that was made (%s, %s). %s", ErrClock, says, what,
			newest.In(now.Location()).Format("2006-01-02"), clockHint)
	}
	return nil
}
