package kpi

import "time"

// RunRecord is an earlier run that made a release: when, of what, and how long
// its stages took.
type RunRecord struct {
	Release   string
	CreatedAt time.Time
	AsOf      Date
	Batches   int
	Passed    int // checks
	Warned    int
	Took      []StageTime
}

// StageTime is one part of a run: load, model, check or render.
type StageTime struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}
