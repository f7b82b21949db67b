package demo

import "citykpi/pipeline/kpi"

// Verdict is what had become of a commitment by its deadline and since: judged by the
// values of the quarter ends, as a reader of the document would.
type Verdict struct {
	ID       string    `json:"id"`
	Deadline kpi.Date  `json:"deadline"`
	Value    float64   `json:"value"` // on that day
	Outcome  string    `json:"outcome"`
	Done     *kpi.Date `json:"done,omitempty"` // the first quarter end that has what came late
	Months   int       `json:"months_overdue"`
	Fell     *kpi.Date `json:"fallen_since,omitempty"`
}

// promised are the commitments whose deadlines lie before the demo's last day: how much
// was promised, and by the end of which quarter.
var promised = []struct {
	id     string
	target float64
	by     kpi.Quarter
}{
	{"NJ88-001", 1000, kpi.Quarter{Year: 2025, N: 4}}, {"NJ88-002", 100, kpi.Quarter{Year: 2025, N: 4}},
	{"NJ88-003", 10000, kpi.Quarter{Year: 2025, N: 4}}, {"NJ88-004", 1000, kpi.Quarter{Year: 2025, N: 4}},
	{"NJ88-005", 300, kpi.Quarter{Year: 2025, N: 4}}, {"NJ88-006", 30, kpi.Quarter{Year: 2025, N: 4}},
	{"NJ88-023", 100, kpi.Quarter{Year: 2025, N: 4}}, {"NJ88-030", 5, kpi.Quarter{Year: 2025, N: 4}},
	{"NJ88-031", 2, kpi.Quarter{Year: 2025, N: 4}}, {"NJ88-032", 3, kpi.Quarter{Year: 2025, N: 4}},
	{"NJSG-014", 24, kpi.Quarter{Year: 2025, N: 4}}, {"NJSG-020", 1e12, kpi.Quarter{Year: 2025, N: 4}},
	{"NJSG-034", 100, kpi.Quarter{Year: 2026, N: 2}},
}

// verdicts judges what was promised by the values.
func (c *city) verdicts(values []Value) []Verdict {
	figures := map[string]map[kpi.Date]float64{}
	for _, v := range values {
		if v.Measure == "" && v.Region == cityCode {
			if figures[v.ID] == nil {
				figures[v.ID] = map[kpi.Date]float64{}
			}
			figures[v.ID][v.AsOf] = v.Value
		}
	}
	last := c.quarter(len(c.ends) - 1)
	list := []Verdict{}
	for _, p := range promised {
		value, known := figures[p.id][p.by.End()]
		if !known || last.End().Before(p.by.End()) {
			continue
		}
		v := Verdict{ID: p.id, Deadline: p.by.End(), Value: value, Outcome: "not_done"}
		if value >= p.target {
			v.Outcome = "in_time"
		}
		for n := 1; !p.by.Add(n).End().After(last.End()); n++ {
			end := p.by.Add(n).End()
			enough := figures[p.id][end] >= p.target
			if v.Outcome == "not_done" {
				v.Months = 3 * n
			}
			switch {
			case enough && v.Outcome == "not_done":
				v.Outcome, v.Done = "too_late", &end
			case enough:
				v.Fell = nil
			case v.Outcome != "not_done" && v.Fell == nil:
				v.Fell = &end
			}
		}
		list = append(list, v)
	}
	return list
}
