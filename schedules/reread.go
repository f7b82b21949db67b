package schedules

import (
	"errors"
	"fmt"
	"strings"
)

// lookAgain says once of each change of the job files that the scheduler goes on without it.
func (s *Scheduler) lookAgain() {
	if s.Reread == nil {
		return
	}
	jobs, err := s.Reread()
	found := inventory(jobs, err)
	if found == s.found {
		return
	}
	s.found = found
	for _, what := range problems(err) {
		s.Log.Error("bad job file: jobs go on as they were when the scheduler started, and after its next start without it",
			"problem", what)
	}
	if err == nil && found != inventory(s.Jobs, s.Unread) {
		s.Log.Warn("job files have changed: jobs go on as they were when the scheduler started. Try: restart it")
	}
}

// problems are what Load said, one line each.
func problems(err error) (lines []string) {
	var invalid *InvalidError
	switch {
	case err == nil:
	case errors.As(err, &invalid):
		for _, p := range invalid.Problems {
			lines = append(lines, p.String())
		}
	default:
		lines = append(lines, err.Error())
	}
	return lines
}

// inventory is all that Load found, to be compared.
func inventory(jobs []Job, err error) string {
	var s strings.Builder
	for _, j := range jobs {
		fmt.Fprintf(&s, "%q %q %q %s %q %s %s %t\n", j.Name, j.Title, j.Cron, j.Location, j.Run, j.Timeout, j.CatchUp, j.Enabled)
	}
	return s.String() + strings.Join(problems(err), "\n")
}
