package pipeline

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/warehouse"
)

// catalogueFile freezes, inside a release, what its figures mean.
const catalogueFile = "catalogue.json"

// Catalogue is what a release was computed from besides its batches: policies,
// regions, sources and the models that turn facts into values. A release is
// read with its own catalogue, whatever the project's files say since.
type Catalogue struct {
	Title     string                `json:"title"`
	Region    string                `json:"region"`
	Since     kpi.Date              `json:"since"`
	Lights    kpi.Thresholds        `json:"lights"`
	Documents []kpi.Document        `json:"documents"`
	Regions   []kpi.Region          `json:"regions"`
	Sources   []Source              `json:"sources"`
	Answers   map[string][]string   `json:"answers"`   // KPI model → sources it reads
	Needs     map[string][]string   `json:"needs"`     // commitment → the sources its own figure is answered from
	Models    map[string]string     `json:"models"`    // KPI model → SQL, for explain
	Sentences map[string]string     `json:"sentences"` // commitment → the sentence it stands in, where the original is installed
	Meaning   map[string]string     `json:"meaning"`   // KPI model → hash of its SQL, of all it reads, and of the recognition it goes by
	Values    warehouse.Models      `json:"values"`    // models to run again for another date
	Lake      []warehouse.LakeTable `json:"lake"`      // shapes of the batches, and with them what is masked
	Staging   warehouse.Models      `json:"staging"`   // models of lake tables, for who asks for them
	Key       string                `json:"key"`       // tells the key that persons are masked with, and nothing of it
}

// Source is a contract and how its batches stood when the release was made.
type Source struct {
	Source     string   `json:"source"`
	Name       string   `json:"name"`
	Bureau     string   `json:"bureau"`
	Region     string   `json:"region_code,omitempty"` // the jurisdiction whose source it is; "": the release's own
	Every      string   `json:"every"`                 // month | quarter | year
	WithinDays int      `json:"within_days"`
	Covers     string   `json:"covers,omitempty"` // whole: each file tells of all there is; year: of the year so far; "": of its period
	Batches    int      `json:"batches"`
	DataDate   kpi.Date `json:"data_date"` // of the newest batch, or the day its database had nothing newer
	File       string   `json:"file"`      // of the newest batch
	Read       int64    `json:"read"`
	Loaded     int64    `json:"loaded"`
	Rejected   int64    `json:"rejected"`
	Dropped    int64    `json:"dropped"`
}

func catalogue(p *project.Project, batches []lake.Batch, asked []kpi.Asked) Catalogue {
	c := Catalogue{
		Title: p.Config.Title, Region: p.Config.Region, Since: p.Config.Since, Lights: p.Config.Lights,
		Documents: p.Documents, Regions: p.Places(), Sentences: p.Sentences,
		Answers: map[string][]string{}, Needs: map[string][]string{}, Models: map[string]string{}, Meaning: map[string]string{},
		Values: p.Models.Between("core.period", "mart.value", "mart.bound", "mart.member"), Key: p.Mask.Fingerprint(),
		Lake: p.LakeTables(), Staging: p.Models.Layer("staging"),
	}
	for _, from := range p.Contracts {
		if p.Idle[from.Source] {
			continue
		}
		s := Source{Source: from.Source, Name: from.Name, Bureau: from.Bureau, Region: from.Jurisdiction,
			Every: from.Due.Every, WithinDays: from.Due.WithinDays, Covers: from.Covers}
		if from.Mode == contract.Snapshot || from.Pull != nil {
			s.Covers = contract.Whole
		}
		for _, b := range batches {
			if b.Source != s.Source {
				continue
			}
			s.Batches++
			s.Read += b.Read
			s.Loaded += b.Loaded
			s.Rejected += b.Rejected
			s.Dropped += b.Dropped
			if !b.DataDate.Before(s.DataDate) {
				s.DataDate, s.File = b.DataDate, p.Mask.Text(b.File)
			}
		}
		for _, a := range asked {
			if a.Source == s.Source && a.On.After(s.DataDate) {
				s.DataDate = a.On
			}
		}
		c.Sources = append(c.Sources, s)
	}
	for _, d := range p.Documents {
		for _, l := range warehouse.Lines(d) {
			if m, ok := p.Models.Find("kpi." + l.Model); ok {
				c.Answers[l.Model] = p.Models.Sources(m.Name)
				c.Models[l.Model] = m.SQL
				c.Meaning[l.Model] = p.Models.Hash(m.Name, p.Recognition, p.Documents)
				if l.Measure == "" || l.Measure == "of" || l.Measure == "to" {
					c.Needs[l.ID] = append(c.Needs[l.ID], p.Models.Needed(l)...)
				}
			}
		}
	}
	return c
}

func readCatalogue(dir string) (Catalogue, error) {
	var c Catalogue
	text, err := os.ReadFile(filepath.Join(dir, catalogueFile))
	if err != nil {
		return c, fmt.Errorf("read release: %w", err)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("read release: %s: %w", catalogueFile, err)
	}
	return c, nil
}

// sources are those that a commitment's own figure is answered from, nil where it has no model. A release of
// an older version knows only what its models read.
func (c Catalogue) sources(k kpi.Commitment) []string {
	switch needs, known := c.Needs[k.ID]; {
	case known:
		return needs
	case k.Model != "":
		return c.Answers[k.Model]
	case k.Of != nil && k.To != nil:
		return slices.Concat(c.Answers[k.Of.Model], c.Answers[k.To.Model])
	}
	return nil
}

// told is what says how far the rows that a commitment counts are known.
type told struct {
	filed    warehouse.Filings
	counted  []string              // the sources whose rows it counts
	quarters map[string][]kpi.Date // the ends of the quarters that rows of each source lie in
}

// cover says up to which date the rows that a commitment counts are known, and how
// often they come: by the sources whose rows it counts, the oldest deciding; what it
// only looks things up in says nothing of its date, nor does a list that stands until the
// next is due where rows that come more often are held against it. Before anything is
// counted all that it is answered from decide. A period is filed where all that decide filed it,
// once the others had been filed at all. What lies before the first filing is told where rows of then came.
func (c Catalogue) cover(d kpi.Document, k kpi.Commitment, by told, asOf kpi.Date) kpi.Cover {
	counted := by.counted
	if len(counted) == 0 {
		counted = c.sources(k)
	}
	var due []Source
	var known kpi.Cover
	for _, s := range c.Sources {
		s.DataDate = by.filed.Of(s.Source, d).DataDate
		if s.Every == "" || s.DataDate.IsZero() || !slices.Contains(counted, s.Source) {
			continue
		}
		if due = append(due, s); known.Every == "" || kpi.PeriodMonths(s.Every) < kpi.PeriodMonths(known.Every) {
			known.Every, known.Days = s.Every, s.WithinDays
		}
	}
	var begun kpi.Date             // by when the last of them was filed for the first time
	since := map[string]kpi.Date{} // from when each that decides tells of all
	for _, s := range due {
		ends := by.filed.Of(s.Source, d).Ends(s.Every)
		if first := ends[0]; first.After(begun) {
			begun = first
		}
		if s.Every != known.Every && !s.DataDate.Before(s.expected(asOf)) {
			continue // it stands
		}
		if known.Until.IsZero() {
			known.Filed = ends
		}
		if known.Until.IsZero() || s.DataDate.Before(known.Until) {
			known.Until, known.Units = s.DataDate, nil
		}
		if s.DataDate == known.Until && !slices.Contains(known.Units, s.Bureau) {
			known.Units = append(known.Units, s.Bureau)
		}
		known.Filed = slices.DeleteFunc(known.Filed, func(end kpi.Date) bool { return !slices.Contains(ends, end) })
		if len(since) == 0 {
			known.Covers = s.Covers
		} else if known.Covers != s.Covers {
			known.Covers = ""
		}
		if since[s.Source] = s.begins(ends[0], by.quarters[s.Source]); since[s.Source].After(known.Begun) {
			known.Begun = since[s.Source]
		}
	}
	for s := range since { // a quarter is told where each of them has rows of it, or was filed from before it on
		known.Told = append(known.Told, by.quarters[s]...)
	}
	known.Told = slices.DeleteFunc(known.Told, func(end kpi.Date) bool {
		for s, from := range since {
			if kpi.QuarterOf(end).Start().Before(from) && !slices.Contains(by.quarters[s], end) {
				return true
			}
		}
		return false
	})
	slices.SortFunc(known.Told, kpi.Date.Compare)
	known.Told = slices.Compact(known.Told)
	known.Filed = slices.DeleteFunc(known.Filed, func(end kpi.Date) bool { return end.Before(begun) })
	return known
}

// status says what stands behind a commitment's figures on a date: what was filed
// for its document, the oldest of its sources deciding. carried is that source's data date when
// it is stale, and lacks are the sources that were never filed, else all that are stale.
func (c Catalogue) status(d kpi.Document, k kpi.Commitment, filed warehouse.Filings, asOf kpi.Date) (status kpi.SourceStatus,
	carried kpi.Date, lacks []kpi.Lack) {
	sources := c.sources(k)
	if k.Model == "" && (k.Of == nil || k.To == nil) {
		return kpi.SourceNone, carried, nil
	}
	var never []kpi.Lack
	status = kpi.SourceReady
	for _, s := range c.Sources {
		if !slices.Contains(sources, s.Source) {
			continue
		}
		on := filed.Of(s.Source, d).DataDate
		lack := kpi.Lack{Source: s.Source, Name: s.Name, Bureau: s.Bureau, Filed: on}
		switch {
		case on.IsZero():
			never = append(never, lack)
		case on.Before(s.expected(asOf)):
			if lacks = append(lacks, lack); carried.IsZero() || on.Before(carried) {
				status, carried = kpi.SourceStale, on
			}
		}
	}
	if !filed.All(sources, d) {
		return kpi.SourceMissing, kpi.Date{}, never
	}
	return status, carried, lacks
}

// sourcesOf are those that a commitment's own figure is answered from, each once.
func (c Catalogue) sourcesOf(k kpi.Commitment) []string {
	sources := slices.Clone(c.sources(k))
	slices.Sort(sources)
	return slices.Compact(sources)
}

// expected is the end of the last complete period the source reports, what it
// says already where it is due at no time.
func (s Source) expected(asOf kpi.Date) kpi.Date {
	if s.Every == "" {
		return s.DataDate
	}
	return kpi.LastPeriodEnd(s.Every, asOf)
}

// begins is the first day the source tells of all of, by the end of the first period it was filed for: the
// period's own; the year's, or that of the quarter its oldest row lies in, where each file has so much.
func (s Source) begins(first kpi.Date, told []kpi.Date) kpi.Date {
	from := kpi.PeriodStart(s.Every, first)
	switch {
	case s.Covers == contract.YearSoFar:
		return kpi.Date{Year: first.Year, Month: 1, Day: 1}
	case s.Covers == contract.Whole && len(told) > 0 && told[0].Before(from):
		return kpi.QuarterOf(told[0]).Start()
	}
	return from
}

// submission is how the source stands on a date.
func (s Source) submission(asOf kpi.Date, unmatched int64) kpi.Submission {
	sub := kpi.Submission{
		Source: s.Source, Name: s.Name, Bureau: s.Bureau, Region: s.Region, Status: kpi.SourceReady,
		Due: s.expected(asOf).AddDays(s.WithinDays), DataDate: s.DataDate, File: s.File, Batches: s.Batches,
		Read: s.Read, Loaded: s.Loaded, Rejected: s.Rejected, Dropped: s.Dropped, Unmatched: unmatched,
	}
	switch {
	case s.Batches == 0:
		sub.Status = kpi.SourceMissing
	case s.DataDate.Before(s.expected(asOf)):
		sub.Status = kpi.SourceStale
	}
	return sub
}

// RegionName is the region's Chinese name, its code where the release does not know it.
func (c Catalogue) RegionName(code string) string {
	for _, r := range c.Regions {
		if r.Code == code {
			return r.Name
		}
	}
	return code
}
