package demo

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	layout "citykpi/pipeline/source/contract"
)

// When the bureaus file. The office empties its inbox twice a quarter, shortly before
// the usual day files are due and some weeks after it; what was filed before it began to
// keep house that way it took in on one day. Files of a source come in the order of
// their data dates: the one known last has the last word, as if all had come at once.

const (
	watched   = 5  // quarters whose files are taken in as they come, the last ones
	afterEnd  = 12 // days after a quarter's end, when most files are there
	tardy     = "市教育局"
	slipsPerM = 90 // of a thousand other files come late
)

// Arrival is a day on which the office took in files, by their paths below var/inbox.
type Arrival struct {
	Day   kpi.Date
	Files []string
}

// arrive gives every file its day. What the last quarter is amended by comes after all others.
func (c *city) arrive(files []FileTruth) {
	days := c.officeDays()
	byDate := make([]*FileTruth, len(files))
	for i := range files {
		byDate[i] = &files[i]
	}
	slices.SortFunc(byDate, func(a, b *FileTruth) int {
		return cmp.Or(a.DataDate.Compare(b.DataDate), strings.Compare(a.File, b.File))
	})
	last := map[string]kpi.Date{} // of a source
	for _, f := range byDate {
		if f.late {
			f.Arrives = days[len(days)-1].AddDays(10)
			continue
		}
		i, _ := slices.BinarySearchFunc(days, f.DataDate, kpi.Date.Compare)
		if i > 0 && c.slips(f) && i+1 < len(days) {
			i++
		}
		f.Arrives = days[i]
		if before := last[f.Source]; before.After(f.Arrives) {
			f.Arrives = before
		}
		last[f.Source] = f.Arrives
	}
}

// officeDays are the days on which the inbox is emptied.
func (c *city) officeDays() []kpi.Date {
	r := stream(c.seed, "office days")
	first := max(0, len(c.ends)-watched)
	days := []kpi.Date{(c.ends[first] - 70).date()}
	for q := first; q < len(c.ends); q++ {
		after := r.between(19, 46)
		if q == len(c.ends)-1 {
			after = 19 // the quarter is closed soon after
		}
		days = append(days, (c.ends[q] + afterEnd).date(), (c.ends[q] + day(after)).date())
	}
	return days
}

// slips reports whether a file misses the first day it could have come on.
func (c *city) slips(f *FileTruth) bool {
	return path.Dir(f.File) == tardy || stream(c.seed, "arrival of "+f.File).chance(slipsPerM)
}

// arrivals groups the files by day, what is amended later left out.
func arrivals(files []FileTruth) []Arrival {
	byDay := map[kpi.Date][]string{}
	for _, f := range files {
		if !f.late {
			byDay[f.Arrives] = append(byDay[f.Arrives], f.File)
		}
	}
	var list []Arrival
	for d, files := range byDay {
		list = append(list, Arrival{d, files})
	}
	slices.SortFunc(list, func(a, b Arrival) int { return a.Day.Compare(b.Day) })
	return list
}

// Filing is how a bureau must have kept to one period of a source, when every day it
// was due by is past: filed | late | missing | outdated | idle, or backfilled for what
// was filed before anybody watched.
type Filing struct {
	Source string   `json:"source"`
	Unit   string   `json:"unit"`
	Period kpi.Date `json:"period_end"`
	State  string   `json:"state"`
}

// filings are the last periods of every source that was filed.
func (c *city) filings(files []FileTruth, contracts []*layout.Contract) []Filing {
	since := files[0].Arrives
	for _, f := range files {
		if f.Arrives.Before(since) {
			since = f.Arrives
		}
	}
	list := []Filing{}
	for _, k := range contracts {
		byUnit := map[string][]FileTruth{}
		var units []string
		for _, f := range files {
			if unit := path.Dir(f.File); f.Source == k.Source {
				if byUnit[unit] == nil {
					units = append(units, unit)
				}
				byUnit[unit] = append(byUnit[unit], f)
			}
		}
		if k.Due.Every == "" {
			continue
		}
		slices.Sort(units)
		for _, unit := range units {
			list = append(list, c.filingsOf(k, unit, byUnit[unit], since)...)
		}
	}
	return list
}

func (c *city) filingsOf(k *layout.Contract, unit string, files []FileTruth, since kpi.Date) (list []Filing) {
	begun := func(end kpi.Date) bool { // something was filed before the period
		return slices.ContainsFunc(files, func(f FileTruth) bool { return periodOf(k.Due.Every, f.DataDate).Before(end) })
	}
	end := periodOf(k.Due.Every, c.quarter(len(c.ends)-1).End())
	current := end
	for range kpi.CalendarPeriods {
		before := periodOf(k.Due.Every, end.AddDays(-1))
		filing := Filing{k.Source, unit, end, ""}
		due := end.AddDays(k.Due.WithinDays)
		var first kpi.Date
		within := false
		for _, f := range files {
			within = within || f.DataDate.After(before) && f.DataDate.Before(end)
			if periodOf(k.Due.Every, f.DataDate) == end && (first.IsZero() || f.Arrives.Before(first)) {
				first = f.Arrives
			}
		}
		switch {
		case first.IsZero() && end != current && (due.Before(since) || !begun(end)):
			filing.State = "idle"
		case first.IsZero() && within:
			filing.State = "outdated"
		case first.IsZero():
			filing.State = "missing"
		case due.Before(since):
			filing.State = "backfilled"
		case first.After(due):
			filing.State = "late"
		default:
			filing.State = "filed"
		}
		list, end = append(list, filing), before
	}
	return list
}

// periodOf is the end of the last period that was over on a day.
func periodOf(every string, d kpi.Date) kpi.Date {
	months := map[string]time.Month{"month": 1, "quarter": 3, "year": 12}[every]
	next := d.AddDays(1)
	first := kpi.Date{Year: next.Year, Month: next.Month, Day: 1}
	first.Month -= (first.Month - 1) % months
	return first.AddDays(-1)
}
