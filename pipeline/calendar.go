package pipeline

import (
	"slices"

	"citykpi/pipeline/kpi"
)

// calendar is who filed what of each source for its last periods. Batches come in the
// order they were loaded; workbooks that brought rejected rows back file no period. A
// source has a row for every unit that filed it in the periods shown, and for the one
// its contract names where that is alone or ever filed it. Rows of a unit stand together.
func (c Catalogue) calendar(batches []kpi.BatchLine, asked []kpi.Asked, asOf, today kpi.Date) []kpi.CalendarRow {
	batches = withAsked(batches, asked)
	bureaus, place := map[string]bool{}, map[string]int{}
	for _, s := range c.Sources {
		bureaus[s.Bureau] = true
		if _, known := place[s.Bureau]; !known {
			place[s.Bureau] = len(place)
		}
	}
	since := today
	type key struct{ source, unit string }
	filed := map[key][]kpi.BatchLine{}
	units := map[string][]string{} // of a source
	for _, b := range batches {
		if b.LoadedOn.Before(since) {
			since = b.LoadedOn
		}
		if b.Answers != "" {
			continue
		}
		unit := kpi.FilingUnit(b.File, b.Bureau, bureaus)
		k := key{b.Source, unit}
		if filed[k] == nil {
			units[b.Source] = append(units[b.Source], unit)
		}
		filed[k] = append(filed[k], b)
	}
	var rows []kpi.CalendarRow
	for _, s := range c.Sources {
		if s.Every == "" {
			continue // it comes when there is something to say
		}
		if len(units[s.Source]) == 0 {
			units[s.Source] = []string{s.Bureau}
		}
		for _, unit := range units[s.Source] {
			row := kpi.CalendarRow{Source: s.Source, Name: s.Name, Unit: unit, Every: s.Every,
				Cells: kpi.CalendarOf(s.Every, s.WithinDays, filed[key{s.Source, unit}], asOf, today, since)}
			if unit == s.Bureau || slices.ContainsFunc(row.Cells, func(c kpi.CalendarCell) bool { return !c.On.IsZero() }) {
				rows = append(rows, row)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b kpi.CalendarRow) int { return place[a.Unit] - place[b.Unit] })
	return rows
}

// withAsked puts the days on which databases had nothing new among the batches, each as
// its newest batch filed again.
func withAsked(batches []kpi.BatchLine, asked []kpi.Asked) []kpi.BatchLine {
	if len(asked) == 0 {
		return batches
	}
	list := slices.Clone(batches)
	for _, a := range asked {
		if i := slices.IndexFunc(batches, func(b kpi.BatchLine) bool { return b.Batch == a.Batch }); i >= 0 {
			b := batches[i]
			b.DataDate, b.LoadedOn, b.SameAs, b.Answers, b.Asked = a.On, a.On, a.Batch, "", true
			list = append(list, b)
		}
	}
	slices.SortStableFunc(list, func(a, b kpi.BatchLine) int { return a.LoadedOn.Compare(b.LoadedOn) })
	return list
}
