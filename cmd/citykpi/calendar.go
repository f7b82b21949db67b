package main

import (
	"strings"

	"citykpi/pipeline/kpi"
)

// calendarListing is the submission calendar, what is late first: one line per source
// and unit with the current period, and the four before it in a few words.
func calendarListing(rows []kpi.CalendarRow) listing {
	l := listing{columns: []string{"source", "unit", "period", "due", "state", "days", "filed on", "batch", "unchanged",
		"carried from", "four before, oldest first"},
		right: []string{"days"}}
	for _, r := range kpi.ByConcern(rows) {
		now := r.Current()
		days, unchanged := "", ""
		if now.Days > 0 {
			days = count(int64(now.Days))
		}
		if now.Same {
			unchanged = "与上期相同"
		}
		l.add(r.Source+" "+r.Name, r.Unit, kpi.PeriodLabel(r.Every, now.End), now.Due.String(), stateWords(now), days,
			orDash(now.On.String()), orDash(now.Batch), orDash(unchanged), orDash(now.Carried.String()), earlier(r))
	}
	return l
}

func stateWords(c kpi.CalendarCell) string {
	words := c.Symbol() + " " + c.Word()
	if c.Backfill {
		words += "（补录）"
	}
	return words
}

func earlier(r kpi.CalendarRow) string {
	var parts []string
	for _, c := range r.Cells[:len(r.Cells)-1] {
		parts = append(parts, strings.TrimSpace(c.Symbol()+c.Word()+" "+c.Length()))
	}
	return strings.Join(parts, "  ")
}

func heldListing(files []kpi.Held) listing {
	l := listing{columns: []string{"held file", "unit", "data date", "rows", "why", "load it with"}, right: []string{"rows"}}
	for _, f := range files {
		l.add(f.File, f.Unit, f.DataDate.String(), count(f.Rows), f.Rule.Chinese()+"："+f.Reason, f.Command)
	}
	return l
}
