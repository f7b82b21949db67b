package dashboard

import (
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// across sets the districts side by side: one row per item, one column per district,
// the jurisdiction's own value last.
type across struct {
	Districts []kpi.Region
	City      string
	Rest      string // heads what belongs to none of the districts; "" where they add up to the city
	Rows      []acrossRow
}

type acrossRow struct {
	ID, Name, Unit string
	Assumed        string       // the 推定 behind the figures
	Cells          []acrossCell // one per district, then what belongs to none where there is any, then the jurisdiction's
}

// acrossCell is a value that leads to its rows, and the district's place with its move.
type acrossCell struct {
	number
	Href, Place string
	Counted     bool // as many rows stand behind it as it says
}

// across is nil where no item can be compared.
func (w *site) across() *across {
	items := w.d.Ranked()
	if len(items) == 0 {
		return nil
	}
	v := &across{Districts: w.d.Districts(), City: w.d.Snapshot.Region.Name}
	if w.d.HasRest(items) {
		v.Rest = digest.Undivided
	}
	for _, it := range items {
		row := acrossRow{ID: it.ID, Name: it.Name, Unit: it.UnitName(), Assumed: strings.Join(it.Doubts(), "；")}
		write, divisor := figure.Count, 1.0
		if it.UnitName() == figure.Yuan { // a row of money has one scale
			scale := figure.MoneyScale(w.largest(it, v.Districts))
			row.Unit, divisor = scale.Unit, scale.Divisor
			write = func(v float64) string { return figure.Number(v, scale.Decimals) }
		}
		cell := func(r kpi.Region, a kpi.Attainment) {
			c := acrossCell{number: number{Text: figure.None}}
			if a.Value != nil {
				scaled := *a.Value / divisor
				c = acrossCell{number: numberOf(write(scaled), &scaled), Href: w.factsIn(it, r), Counted: !w.sums(it), Place: placeOf(a)}
			}
			row.Cells = append(row.Cells, c)
		}
		for _, r := range v.Districts {
			cell(r, w.d.At(it.ID, r.Code))
		}
		if v.Rest != "" {
			c := acrossCell{number: number{Text: figure.None}}
			if rest := w.d.Rest(it); rest != nil {
				scaled := *rest / divisor
				c.number = numberOf(write(scaled), &scaled)
			}
			row.Cells = append(row.Cells, c)
		}
		cell(w.d.Snapshot.Region, it.At)
		v.Rows = append(v.Rows, row)
	}
	return v
}

// placeOf is 3 ↑2; to share the first place with nothing is no place.
func placeOf(a kpi.Attainment) string {
	switch {
	case a.Rank == 0 || *a.Value == 0:
		return ""
	case a.RankMove == 0:
		return rankText(a)
	}
	return rankText(a) + " " + digest.Move(a.RankMove)
}

// largest is an item's largest value among the districts.
func (w *site) largest(it digest.Item, districts []kpi.Region) float64 {
	most := 0.0
	for _, r := range districts {
		if v := w.d.At(it.ID, r.Code).Value; v != nil {
			most = max(most, *v)
		}
	}
	return most
}

// sums reports whether an item's value adds up what its rows say rather than counting them.
func (w *site) sums(it digest.Item) bool {
	return it.UnitName() == figure.Yuan || w.detail.Forms[it.ID].Weighed || it.Of != nil
}
