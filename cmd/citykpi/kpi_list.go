package main

import (
	"fmt"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
)

func figureListing(v *pipeline.View, list []figure, regions bool) listing {
	l := listing{columns: []string{"id", "name"}, right: []string{"value", "target", "attainment", "time", "gap", "shortfall"}}
	if regions {
		l.columns = append(l.columns, "region")
	}
	l.columns = append(l.columns, "value", "unit", "target", "attainment", "time", "gap", "shortfall", "light", "source")
	for _, f := range list {
		row := []string{f.ID, f.Name}
		if regions {
			row = append(row, v.Catalogue.RegionName(f.Region))
		}
		unit, light := "", "—"
		if f.Unit != nil {
			unit = *f.Unit
		}
		if f.Light != nil {
			light = f.Light.Symbol() + " " + f.Light.Chinese()
		}
		print := number
		if f.Kind == kpi.Milestone && f.Measure == "" {
			print, unit = stage, ""
		}
		missing := "—"
		if f.Shortfall != nil {
			missing = print(f.Shortfall)
		}
		source := f.SourceStatus.Chinese()
		switch {
		case f.Whole:
			source = "不分区"
		case f.Carried != nil:
			source = "沿用 " + f.Carried.String()
		case f.Value == nil && f.SourceStatus == kpi.SourceReady:
			source = digest.Absent(digest.Item{At: kpi.Attainment{Source: f.SourceStatus}})
		case f.Data != nil && f.Value != nil && *f.Data != f.AsOf:
			source += " " + f.Data.String()
		}
		if lacking := digest.Lacking(kpi.Attainment{Lacks: f.Lacks}); lacking != "" && !f.Whole {
			source += "，" + lacking
		}
		value := print(f.Value)
		if p := f.Subjects; p != nil && f.Count != nil { // who did of how many; the share stands under attainment
			value, unit = fmt.Sprintf("%d/%d", p.Did, p.Had), "个"
		}
		l.rows = append(l.rows, append(row, value, unit, print(f.Target), percent(f.Attainment),
			percent(f.TimeProgress), points(f.PaceGap), missing, light, source))
		if regions && f.Rest != nil {
			l.add(f.ID, f.Name, digest.Undivided, print(f.Rest), unit, "—", "—", "—", "—", "—", "—", source)
		}
	}
	return l
}

// stage is the word for a milestone's value or target.
func stage(v *float64) string {
	if v == nil {
		return number(v)
	}
	return kpi.Stage(*v)
}

// counting is from when on a figure counts.
type counting struct {
	Of   string    `json:"measure,omitempty"` // its title; "": the commitment's own
	From *kpi.Date `json:"from"`
	All  string    `json:"counts_all,omitempty"` // why all there is
}
