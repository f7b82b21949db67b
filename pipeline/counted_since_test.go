package pipeline_test

import (
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
)

// countsSinceItsStart asks of every line that adds up, whether a commitment's own figure, a measure or a side of a
// ratio, that no fact lies before its document or the day its decision names, unless the decision says why all count.
func countsSinceItsStart(t *testing.T, p *project.Project, r pipeline.Result) {
	db := database(t, p, r.Release.ID)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `select c.kpi_id, c.measure, min(f.event_date)
		from core.commitment c
		join mart.fact f on f.kpi_id = c.kpi_id and f.measure = c.measure
		where c.kind in ('cumulative', 'obligation')
		group by c.kpi_id, c.measure
		order by c.kpi_id, c.measure`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var lines, all int
	for rows.Next() {
		var id, measure string
		var first time.Time
		if err := rows.Scan(&id, &measure, &first); err != nil {
			t.Fatal(err)
		}
		lines++
		start, why := startOf(t, p, id, measure)
		switch on := kpi.DateOf(first); {
		case why != "":
			all++
		case on.Before(start):
			t.Errorf("%s %s counts from %s, and its document is of %s", id, measure, on, start)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if lines < 100 || all != 11 {
		t.Errorf("%d lines add up, %d of them count all there is", lines, all)
	}
}

// startOf reads from the policies from when on a line is to count, or why all there is.
func startOf(t *testing.T, p *project.Project, id, measure string) (kpi.Date, string) {
	t.Helper()
	for _, d := range p.Documents {
		for _, c := range d.Commitments {
			if c.ID != id {
				continue
			}
			start := c.From
			if start.IsZero() {
				start = d.Issued
			}
			switch measure {
			case "of":
				return start, c.Of.All
			case "to":
				return start, c.To.All
			}
			for _, m := range c.Also {
				if m.Name == measure {
					return start, m.All
				}
			}
			return start, ""
		}
	}
	t.Fatalf("no %s", id)
	return kpi.Date{}, ""
}
