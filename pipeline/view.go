package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
	"citykpi/pipeline/warehouse"
)

// View is a release opened for reading as of a date. Close it.
type View struct {
	Catalogue Catalogue
	Manifest  release.Manifest
	AsOf      kpi.Date
	Snapshot  *kpi.Snapshot
	db        *warehouse.DB
}

// OpenView opens the current release. The zero asOf is the release's own date;
// for any other the values are computed again, from the same facts.
func OpenView(ctx context.Context, p *project.Project, asOf kpi.Date) (*View, error) {
	m, err := Releases(p).Current()
	if err != nil {
		return nil, err
	}
	v := &View{Manifest: m, AsOf: asOf}
	if asOf.IsZero() {
		v.AsOf = m.AsOf
	}
	dir := Releases(p).Dir(m.ID)
	if v.Catalogue, err = readCatalogue(dir); err != nil {
		return nil, err
	}
	var again warehouse.Models
	if v.AsOf != m.AsOf {
		again = v.Catalogue.Values
	}
	v.db, err = warehouse.OpenRelease(ctx, filepath.Join(dir, release.DatabaseFile), p.SQL, again, v.Catalogue.Since, v.AsOf,
		v.Catalogue.Documents)
	if err != nil {
		return nil, err
	}
	if v.Snapshot, err = snapshot(ctx, v.db, v.Catalogue, m, v.AsOf); err != nil {
		v.Close()
		what, _, _ := strings.Cut(err.Error(), "\n") // DuckDB goes on with the query
		return nil, fmt.Errorf("release %s: %s. Try: citykpi run --full, if an older version of citykpi made it", m.ID, what)
	}
	return v, nil
}

// Close closes the release database.
func (v *View) Close() error { return v.db.Close() }

// MatchQueue lists the texts that wait for the office to say which enterprise they mean.
func (v *View) MatchQueue(ctx context.Context) ([]kpi.Match, error) { return v.db.MatchQueue(ctx) }

// MatchQuality counts, per source, how rows found their enterprises.
func (v *View) MatchQuality(ctx context.Context) ([]kpi.MatchQuality, error) {
	return v.db.MatchQuality(ctx)
}

// Find returns a commitment or indicator and its document, or an *UnknownIDError.
func (c Catalogue) Find(id string) (kpi.Document, kpi.Commitment, error) {
	var ids []string
	names := map[string]string{}
	for _, d := range c.Documents {
		for _, k := range slices.Concat(d.Commitments, d.Indicators) {
			if k.ID == id {
				return d, k, nil
			}
			ids = append(ids, k.ID)
			names[k.ID] = k.Name
		}
	}
	best := kpi.Nearest(id, ids)
	return kpi.Document{}, kpi.Commitment{}, &UnknownIDError{id, best, names[best]}
}

// Explanation goes from a policy's sentence to the rows that were counted.
type Explanation struct {
	Document    kpi.Document
	Commitment  kpi.Commitment
	Attainment  kpi.Attainment
	ModelSQL    string
	Facts       []warehouse.Fact
	Total       int                      // facts in all; Facts may be fewer
	Evidence    []warehouse.Evidence     // of a scorecard item: the rows its points were given or refused for
	Unjustified []warehouse.ExpertPoints // of a scorecard item: points that the experts' row gives and does not justify
	Adjusted    []warehouse.ExpertPoints // and those that it changes with a reason

	Restated []kpi.Restatement // its figures of closed quarters that read differently now

	Corrections []kpi.Correction // rows of the sources it reads that withdraw, replace or bring back others
	Corrected   int              // of them in all; Corrections may be fewer
}

// Explain lists what stands behind a commitment's figure in a region; "" is
// the jurisdiction, limit 0 all facts.
func (v *View) Explain(ctx context.Context, id, region string, limit int) (*Explanation, error) {
	d, c, err := v.Catalogue.Find(id)
	if err != nil {
		return nil, err
	}
	e := &Explanation{Document: d, Commitment: c, ModelSQL: v.Catalogue.Models[c.Model], Facts: []warehouse.Fact{},
		Restated: v.Snapshot.RestatedOf(id, region)}
	if region == "" {
		region = d.Region
	}
	for _, a := range v.Snapshot.Attainments {
		if a.ID == id && a.Region == region {
			e.Attainment = a
		}
	}
	line := kpi.Key{ID: id, Region: region}
	kind := c.Kind
	if e.Corrections, e.Corrected, err = v.db.Corrections(ctx, v.Catalogue.sourcesOf(c), limit); err != nil {
		return nil, err
	}
	switch {
	case c.Of != nil: // a ratio opens to what it counts
		line.Measure, kind = "of", c.Of.Kind
		e.ModelSQL = v.Catalogue.Models[c.Of.Model]
	case c.Model == "":
		return e, nil
	}
	if e.Facts, e.Total, err = v.db.Facts(ctx, line, kind, v.AsOf, limit); err != nil {
		return nil, err
	}
	if c.Kind == kpi.ScorecardItem {
		if e.Evidence, err = v.db.Evidence(ctx, id, region, v.AsOf, limit); err != nil {
			return nil, err
		}
		e.Unjustified, e.Adjusted, err = v.db.ExpertPoints(ctx, id, region, v.AsOf)
	}
	return e, err
}

// snapshot gathers everything reports print, with attainments as of the date.
func snapshot(ctx context.Context, db *warehouse.DB, c Catalogue, m release.Manifest, asOf kpi.Date) (*kpi.Snapshot, error) {
	s := &kpi.Snapshot{
		Title: c.Title,
		Release: kpi.Release{ID: m.ID, CreatedAt: m.CreatedAt, AsOf: asOf, KnownAt: m.KnownAt, Until: m.Until, Today: m.Today,
			Beside: m.WhyBeside()},
		Documents: c.Documents,
		Regions:   c.Regions,
		Districts: kpi.Districts(c.Regions, c.Region),
		Lights:    c.Lights,
		Answers:   c.Answers,
		Sentences: c.Sentences,
		Checks:    m.Checks,
		Restated:  m.Restated,
		Held:      m.Held,
		Before:    map[string]kpi.Attainment{},
	}
	for _, r := range c.Regions {
		if r.Code == c.Region {
			s.Region = r
		}
	}
	var err error
	if s.Series, err = db.Values(ctx); err != nil {
		return nil, err
	}
	if s.Contracts, err = db.Contracts(ctx); err != nil {
		return nil, err
	}
	if s.Payouts, err = db.Payouts(ctx, c.Region); err != nil {
		return nil, err
	}
	if s.Findings, err = db.AwardFindings(ctx, asOf); err != nil {
		return nil, err
	}
	if s.Scorecards, err = db.Scorecards(ctx, asOf); err != nil {
		return nil, err
	}
	unmatched, err := db.Unmatched(ctx)
	if err != nil {
		return nil, err
	}
	filed, err := db.Filings(ctx)
	if err != nil {
		return nil, err
	}
	counted, err := db.CountedSources(ctx)
	if err != nil {
		return nil, err
	}
	quarters, err := db.ToldQuarters(ctx)
	if err != nil {
		return nil, err
	}
	batches, err := db.Batches(ctx)
	if err != nil {
		return nil, err
	}
	s.Calendar = c.calendar(batches, m.Asked, asOf, m.Today)
	for _, src := range c.Sources {
		if src.Every == "" && src.Batches == 0 {
			continue // it comes when there is something to say
		}
		s.Submissions = append(s.Submissions, src.submission(asOf, unmatched[src.Source]))
	}
	if s.Duties, err = db.Duties(ctx); err != nil {
		return nil, err
	}
	if s.Crossings, err = db.Crossings(ctx); err != nil {
		return nil, err
	}
	for _, d := range c.Documents {
		for _, k := range slices.Concat(d.Commitments, d.Indicators) {
			var parts kpi.Parts
			if k.ByRegion {
				if parts, err = db.Parts(ctx, k.ID, k.Flow, wholeOn(k, asOf)); err != nil {
					return nil, err
				}
			}
			list := attainments(c, d, k, told{filed, counted[k.ID], quarters[d.ID]}, parts, asOf, s.Series)
			list[0].FiledBy(filedBy(kpi.OnceEach(c.Regions, d.Region), parts))
			list[0].JudgeEach(d, k, s.Duties, c.Lights)
			list[0].DateVerdict(k, s.Crossings[k.ID])
			s.Before[k.ID] = s.QuarterBefore(d, k, list[0])
			s.Attainments = append(s.Attainments, list...)
		}
	}
	s.Recall(m.Given)
	return s, nil
}

// filedBy is up to which day the newest report of a district reaches, and which districts have filed
// none for it; nil where none has filed any, as where the jurisdiction files one figure of the whole.
func filedBy(districts []kpi.Region, parts kpi.Parts) *kpi.EachPeriod {
	newest := parts.Newest()
	filed := func(r kpi.Region) bool { return parts.Filed(r.Code, newest) }
	if newest.IsZero() || !slices.ContainsFunc(districts, filed) {
		return nil
	}
	p := &kpi.EachPeriod{Name: newest.Chinese(), End: newest}
	for _, r := range districts {
		if p.Had++; !filed(r) {
			p.Not = append(p.Not, r.Name)
		}
	}
	return p
}

// wholeOn is the day on which a figure is whole: what is counted in one year only is once that is filed.
func wholeOn(k kpi.Commitment, asOf kpi.Date) kpi.Date {
	if k.Flow != "" && k.Target != nil && !k.Target.By.IsZero() && k.Target.By.Before(asOf) {
		return k.Target.By
	}
	return asOf
}

// attainments are how one commitment stands in its jurisdiction and in each district,
// ranked; parts are what the districts filed of it.
func attainments(c Catalogue, d kpi.Document, k kpi.Commitment, by told, parts kpi.Parts, asOf kpi.Date,
	series kpi.Series) []kpi.Attainment {
	status, carried, lacks := c.status(d, k, by.filed, wholeOn(k, asOf))
	known := c.cover(d, k, by, asOf)
	whole := kpi.Attain(d, k, d.Region, asOf, series, known, c.Lights)
	whole.CompareAlike(parts, parts.Newest())
	all := []kpi.Attainment{whole}
	last := kpi.QuarterOf(asOf).Add(-1).End()
	now, before := map[string]*float64{}, map[string]*float64{}
	if status != kpi.SourceNone {
		for _, r := range kpi.Districts(c.Regions, d.Region) {
			a := kpi.Attain(d, k, r.Code, asOf, series, known, c.Lights)
			if a.Whole = k.Whole; a.Whole {
				a.Light = kpi.NoLight // nothing is missing
			}
			a.CompareAlike(parts.Of(r.Code), parts.Newest())
			if parts == nil || parts.Filed(r.Code, parts.Newest()) {
				now[r.Code] = a.Value
			}
			if parts == nil || parts.Filed(r.Code, last) {
				before[r.Code] = series.At(kpi.Key{ID: k.ID, Region: r.Code}, last)
			}
			all = append(all, a)
		}
	}
	rank, was := kpi.Rank(now), kpi.Rank(before)
	if !known.Reaches(asOf) || !known.Reaches(last) {
		was = nil // nothing was filed that could have moved a place
	}
	for i := range all {
		a := &all[i]
		if a.Source, a.Lacks = status, lacks; a.Carried.IsZero() {
			a.Carried = carried
		}
		if a.Rank = rank[a.Region]; a.Rank > 0 && was[a.Region] > 0 {
			a.RankMove = was[a.Region] - a.Rank
		}
	}
	return all
}
