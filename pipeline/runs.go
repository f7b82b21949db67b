package pipeline

import (
	"math"

	"citykpi/pipeline/kpi"
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

// earlierRuns are the newest releases there are, as runs.
func earlierRuns(store release.Store) []kpi.RunRecord {
	var list []kpi.RunRecord
	for _, m := range store.Newest(runsShown) {
		run := kpi.RunRecord{Release: m.ID, CreatedAt: m.CreatedAt, AsOf: m.AsOf, Batches: len(m.Batches), Took: m.Took}
		for _, c := range m.Checks {
			switch c.Status {
			case "passed":
				run.Passed++
			case "warned":
				run.Warned++
			}
		}
		list = append(list, run)
	}
	return list
}
