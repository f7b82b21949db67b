package main

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"citykpi/pipeline/load"
	"citykpi/pipeline/outbox"
	"citykpi/pipeline/project"
	"citykpi/schedules"
)

// tellOutcome tells the scheduler that started this process what the exit code does not: that
// nothing but some files was refused.
func tellOutcome(err error) {
	if os.Getenv(schedules.OutcomeEnv) != "3" || !onlyRefused(err) {
		return
	}
	syscall.CloseOnExec(3)
	outcome := os.NewFile(3, "outcome")
	_, _ = outcome.WriteString(schedules.OutcomeRefused) // nobody to tell: then the exit code speaks
	outcome.Close()
}

// onlyRefused says whether refused files are all that went wrong.
func onlyRefused(err error) bool {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range several.Unwrap() {
			if !errors.Is(e, load.ErrRefused) {
				return false
			}
		}
		return true
	}
	return errors.Is(err, load.ErrRefused)
}

// finish is what belongs to a load or a run beside the pipeline, while the lock is held: rejects
// go back, and the schedule's history is kept to its measure.
func (a *app) finish(ctx context.Context, p *project.Project, now time.Time, pruned *int) func(error) error {
	return func(ran error) error {
		n, err := a.pruneHistory(ctx, p, now)
		if *pruned = n; err != nil { // it only tells of the past
			a.log.Warn("the schedule's history was not pruned", "error", err)
		}
		return outbox.Finish(p, now, ran)
	}
}

func (a *app) pruneHistory(ctx context.Context, p *project.Project, now time.Time) (int, error) {
	if _, err := os.Stat(p.Var("state.db")); errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	h, err := schedules.Open(p.Var("state.db"))
	if err != nil {
		return 0, err
	}
	n, err := h.Prune(ctx, p.Config.Retain.History, now)
	return n, errors.Join(err, h.Close())
}
