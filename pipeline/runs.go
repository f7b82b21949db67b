package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
)

// runsShown is how many earlier runs a release tells of.
const runsShown = 20

// mark notes that a stage of the run has ended. Durations are kept in the manifest
// and shown by later releases: what a release itself holds does not depend on them.
func (r *Result) mark(o Options, stage string) {
	if o.Elapsed == nil {
		return
	}
	seconds := o.Elapsed().Seconds()
	for _, s := range r.Took {
		seconds -= s.Seconds
	}
	r.Took = append(r.Took, kpi.StageTime{Name: stage, Seconds: math.Round(seconds*1000) / 1000})
}

// runsFile keeps the newest runs that made no release: those that did are told of by
// the release's own manifest.
const runsFile = "runs.json"

// runsBytes is what it may be at most.
const runsBytes = 1 << 20

// note keeps a run that made no release.
func note(p *project.Project, o Options, r Result, failed error) error {
	run := kpi.RunRecord{Outcome: kpi.NothingNew, CreatedAt: o.Now, AsOf: r.Release.AsOf, Batches: len(r.Release.Batches), Took: r.Took}
	switch {
	case errors.Is(failed, ErrChecks):
		run.Outcome = kpi.Stopped
	case failed != nil && r.Release.ID == "":
		run.Outcome = kpi.Broke
	}
	run.Passed, run.Warned, run.Failed = counted(r.Checks)
	list := append([]kpi.RunRecord{run}, noted(p)...)
	text, err := json.MarshalIndent(list[:min(p.Config.Retain.Runs, len(list))], "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", p.Var(runsFile), err)
	}
	return durable.WriteFile(p.Var(runsFile), text)
}

// noted are the newest runs that made no release. What cannot be read is no reason
// to stop a run: it is history.
func noted(p *project.Project) []kpi.RunRecord {
	var list []kpi.RunRecord
	text, err := durable.ReadRegular(p.Var(runsFile), runsBytes)
	if err != nil || json.Unmarshal(text, &list) != nil {
		return nil
	}
	return list
}

// earlierRuns are the newest runs there were.
func earlierRuns(p *project.Project, store release.Store) []kpi.RunRecord {
	list := noted(p)
	for _, m := range store.Newest(runsShown) {
		run := kpi.RunRecord{Outcome: kpi.Published, Release: m.ID, CreatedAt: m.CreatedAt, AsOf: m.AsOf,
			Batches: len(m.Batches), Took: m.Took}
		if m.Beside {
			run.Outcome = kpi.Beside
		}
		run.Passed, run.Warned, run.Failed = counted(m.Checks)
		list = append(list, run)
	}
	slices.SortStableFunc(list, func(a, b kpi.RunRecord) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return list[:min(runsShown, len(list))]
}

// counted are the checks by how they ended.
func counted(checks []kpi.Check) (passed, warned, failed int) {
	for _, c := range checks {
		switch c.Status {
		case kpi.CheckPassed:
			passed++
		case kpi.CheckWarned:
			warned++
		case kpi.CheckFailed:
			failed++
		}
	}
	return passed, warned, failed
}
