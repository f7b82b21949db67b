package kpi

import "time"

// RunRecord is an earlier run: when, of what, how it ended, and how long its
// stages took.
type RunRecord struct {
	Outcome   Outcome     `json:"outcome"`
	Release   string      `json:"release,omitempty"` // the one it made; "": none
	CreatedAt time.Time   `json:"at"`
	AsOf      Date        `json:"as_of"`
	Batches   int         `json:"batches"`
	Passed    int         `json:"passed"` // checks
	Warned    int         `json:"warned"`
	Failed    int         `json:"failed"`
	Took      []StageTime `json:"took,omitempty"`
}

// Outcome is how a run ended.
type Outcome string

const (
	Published  Outcome = "published"
	Beside     Outcome = "beside" // for an earlier date or time: another release serves on
	NothingNew Outcome = "nothing_new"
	Stopped    Outcome = "stopped" // by a failing check: the release before it serves on
	Broke      Outcome = "failed"
)

// Chinese is the outcome as readers see it.
func (o Outcome) Chinese() string {
	return map[Outcome]string{Published: "已发布", Beside: "已旁列，不作现行", NothingNew: "无新数据", Stopped: "校核未通过，未发布", Broke: "出错，未发布"}[o]
}

// JobRun is one due time of a scheduled job and what became of it, as known when
// the release was made.
type JobRun struct {
	Job, Trigger, Status string // in Chinese
	Due                  time.Time
	Started              *time.Time
	Seconds              *float64 // nil: not ended, or not to be told
	Note                 string
}

// StageTime is one part of a run: load, model, check or render.
type StageTime struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}
