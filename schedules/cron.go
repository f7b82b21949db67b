package schedules

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // a bare server may have no zone files

	"github.com/robfig/cron/v3"
)

// shortestEvery keeps a slip of the pen (@every 5s for 5m) from filling the history.
const shortestEvery = time.Minute

// horizon is how far ahead a spec must have a date: eight years, because
// 29 February can be that far away around the year 2100.
const horizon = 8

// epoch is any fixed moment: validation must not depend on the day it is run.
var epoch = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

var zonePrefix = regexp.MustCompile(`(?i)^(?:CRON_)?TZ=(\S*)\s*(.*)$`)

// parseCron turns a spec into a timetable in zone loc. Its errors are
// sentences that end in what to write instead.
func parseCron(spec string, loc *time.Location) (cron.Schedule, error) {
	spec = strings.TrimSpace(spec)
	if m := zonePrefix.FindStringSubmatch(spec); m != nil {
		return nil, fmt.Errorf("a time zone does not belong into the spec; write `timezone: %s` and `cron: %s`",
			orElse(m[1], "Asia/Shanghai"), quoteSpec(orElse(m[2], "30 2 * * *")))
	}
	if every, ok := strings.CutPrefix(spec, "@every"); ok {
		return parseEvery(strings.TrimSpace(every), loc)
	}
	if n := len(strings.Fields(spec)); !strings.HasPrefix(spec, "@") && n != 5 {
		return nil, errors.New(fieldCountText(n))
	}
	for n, field := range strings.Fields(spec) {
		if strings.Trim(field, ",") == "" { // robfig reads it as "never"
			return nil, fmt.Errorf("field %d has no value; write a number, a list such as 1,15, or *", n+1)
		}
	}
	timetable, err := guardedParse(spec)
	if err != nil {
		return nil, errors.New(specText(spec, err))
	}
	timetable.Location = time.UTC
	if next(timetable, epoch).IsZero() {
		return nil, errors.New("no such date ever comes; write a day that exists in the month (e.g. 28 for February)")
	}
	return newWallClock(timetable, loc), nil
}

func fieldCountText(n int) string {
	if n == 6 {
		return "has 6 fields; there are no seconds, write 5: minute hour day month weekday (e.g. 30 2 * * *)"
	}
	return fmt.Sprintf("has %d fields; write 5: minute hour day month weekday (e.g. 30 2 * * *)", n)
}

// specText says what robfig/cron refused, in its words where they help.
func specText(spec string, err error) string {
	if strings.HasPrefix(spec, "@") {
		return fmt.Sprintf("%s is unknown; write @hourly, @daily, @weekly, @monthly, @yearly, @every 1h, or five fields", spec)
	}
	text := err.Error()
	if _, why, ok := strings.Cut(text, "strconv.Atoi: "); ok {
		text = strings.TrimPrefix(why, "parsing ")
	}
	if strings.HasPrefix(text, "end of range (7)") {
		text += " (Sunday is 0)"
	}
	return text + "; write minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6"
}

// guardedParse is robfig's parser without its panics.
func guardedParse(spec string) (s *cron.SpecSchedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("not a cron spec: %v", r)
		}
	}()
	parsed, err := cron.ParseStandard(spec)
	if err != nil {
		return nil, err
	}
	s, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("not a cron spec: %q", spec)
	}
	return s, nil
}

// next is s.Next with a horizon of eight years: robfig gives up after five.
func next(s cron.Schedule, t time.Time) time.Time {
	if at := s.Next(t); !at.IsZero() {
		return at
	}
	return s.Next(t.AddDate(horizon-5, 0, 0))
}

// multiples is due at whole multiples of an interval counted from midnight of
// 1 January 1970 in the job's zone. robfig counts from the moment it is asked,
// so that two daemons, or one restarted, would never agree on a due time.
type multiples struct {
	interval time.Duration
	origin   time.Time
}

func (e multiples) Next(t time.Time) time.Time {
	n := t.Sub(e.origin) / e.interval
	for at := e.origin.Add(n * e.interval); ; at = at.Add(e.interval) {
		if at.After(t) {
			return at
		}
	}
}

func parseEvery(text string, loc *time.Location) (cron.Schedule, error) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("@every %q is not a duration; write e.g. \"@every 1h\" or \"@every 30m\"", text)
	case d < shortestEvery:
		return nil, fmt.Errorf("@every %s is shorter than a minute; write \"@every 1m\" or longer", text)
	case d > 366*24*time.Hour:
		return nil, fmt.Errorf("@every %s is longer than a year; write five fields with the date instead", text)
	}
	return multiples{d.Truncate(time.Second), time.Date(1970, time.January, 1, 0, 0, 0, 0, loc)}, nil
}

// quoteSpec is the spec as YAML can hold it: a plain scalar may not start
// with @ or *.
func quoteSpec(spec string) string {
	if strings.HasPrefix(spec, "@") || strings.HasPrefix(spec, "*") {
		return `"` + spec + `"`
	}
	return spec
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
