package snapshottest

import (
	"time"

	"citykpi/pipeline/kpi"
)

// calendar is how the bureaus filed what they owe: in time, late, again the same, part
// of a period only, and not at all.
func calendar(list []kpi.Submission) []kpi.CalendarRow {
	day := func(m time.Month, d int) kpi.Date { return kpi.Date{Year: 2026, Month: m, Day: d} }
	filed := func(end, on kpi.Date, same string) kpi.BatchLine {
		return kpi.BatchLine{Batch: "b-0007", DataDate: end, LoadedOn: on, SameAs: same, Rejected: 2}
	}
	kinds := [][]kpi.BatchLine{
		{filed(day(6, 30), day(7, 10), ""), filed(AsOf, day(10, 12), "")},
		{filed(day(6, 30), day(7, 10), ""), filed(AsOf, day(10, 15), "b-0006")},
		{filed(day(3, 31), day(4, 10), ""), filed(AsOf, day(10, 16), "")},
		{filed(day(6, 30), day(8, 1), "")},
		{filed(day(6, 30), day(7, 10), ""), filed(day(8, 20), day(9, 1), "")},
		nil,
	}
	var rows []kpi.CalendarRow
	for i, s := range list {
		every := "quarter"
		if i == len(kinds) {
			every = "year"
		}
		rows = append(rows, kpi.CalendarRow{Source: s.Source, Name: s.Name, Unit: s.Bureau, Every: every,
			Cells: kpi.CalendarOf(every, 15, kinds[i%len(kinds)], AsOf, release().Today, day(2, 1))})
	}
	return rows
}

// held is one file that waits.
func held(unit, name string) []kpi.Held {
	return []kpi.Held{{File: unit + "/" + name, Source: "tech_contract", Name: "技术合同认定登记", Unit: unit, DataDate: AsOf, Rows: 12,
		Rule: kpi.HeldFewer, Reason: name, Command: "citykpi load --confirm '" + name + "'"}}
}
