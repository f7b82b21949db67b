package pipeline_test

import (
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
)

// A ledger kept for one document says nothing of another, even in one jurisdiction:
// that has no value, not 0, until its own rows come, and is stale when only the
// others' go on.
func TestLedgerAnswersWhoFiledIt(t *testing.T) {
	p := newProject(t)
	steps := []struct {
		file, text string
		asOf       kpi.Date
		want       map[string]string // commitment → value and source
		unknown    int64
	}{
		{"领导小组办公室/政策事项进展台账_2024Q4.csv", "事项编号,进展,日期,依据\nNJGT-004,推进中,2024-11-01,起草\n", kpi.Date{Year: 2024, Month: 12, Day: 31},
			map[string]string{"NJGT-004": "1 ready", "NJGT-017": "0 ready", "NJ88-024": "no value missing", "HLJ-005": "no value missing", "NJ88-041": "no value missing"}, 0},
		{"省教育厅/黑龙江政策事项进展台账_2025Q1.csv", "事项编号,进展,日期,依据\nHLJ-029,推进中,2025-02-01,征求意见\n", kpi.Date{Year: 2025, Month: 3, Day: 31},
			map[string]string{"NJGT-004": "1 stale", "HLJ-005": "0 ready", "HLJ-029": "1 ready"}, 0},
		{"领导小组办公室/政策事项进展台账_2025Q2.csv", "事项编号,进展,日期,依据\nNJGT-004,已完成,2025-05-01,印发\nNJGT-999,完成,2025-05-01,无此事项\n", kpi.Date{Year: 2025, Month: 6, Day: 30},
			map[string]string{"NJGT-004": "2 ready", "HLJ-029": "1 stale", "NT-001": "no value missing"}, 1},
	}
	for _, step := range steps {
		write(t, p.Var("inbox", step.file), step.text)
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, AsOf: step.asOf})
		if err != nil {
			t.Fatalf("%v %+v", err, r.Files)
		}
		got := map[string]string{}
		for _, a := range r.Snapshot.Attainments {
			if got[a.ID] == "" { // the jurisdiction comes before its districts
				got[a.ID] = show(a.Value) + " " + string(a.Source)
			}
		}
		for id, want := range step.want {
			if got[id] != want {
				t.Errorf("%s on %s: %s, want %s", id, step.asOf, got[id], want)
			}
		}
		unknown := int64(0) // lines under a commitment nobody has
		for _, c := range r.Checks {
			if c.Title == "台账中的事项编号均在政策目录内" {
				unknown += c.Rows
			}
		}
		if unknown != step.unknown {
			t.Errorf("on %s %d lines of the ledgers name nobody, want %d", step.asOf, unknown, step.unknown)
		}
	}
}
