package pipeline

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
	"citykpi/pipeline/returns"
	"citykpi/pipeline/warehouse"
)

// Site reads what stands behind the figures of a release that is being rendered:
// its database, and from the lake why rows were sent back. Close it.
type Site struct {
	*warehouse.Site
	project *project.Project
	today   kpi.Date
}

// OpenSite opens the release in dir for the pages that open its figures.
func OpenSite(ctx context.Context, p *project.Project, dir string, r kpi.Release) (*Site, error) {
	s, err := warehouse.OpenSite(ctx, filepath.Join(dir, release.DatabaseFile), r.AsOf)
	if err != nil {
		return nil, err
	}
	return &Site{s, p, r.Today}, nil
}

// Detail is that of the database, with what of its batches went back to the bureaus
// and is open on the day the release was made.
func (s *Site) Detail(ctx context.Context) (*kpi.Detail, error) {
	d, err := s.Site.Detail(ctx)
	if err != nil {
		return nil, err
	}
	if d.Units, err = s.RowUnits(ctx); err != nil {
		return nil, err
	}
	d.Shapes = s.project.Maps[s.project.Config.Region]
	l, err := openLake(s.project)
	if err != nil {
		return nil, err
	}
	own := map[string]bool{} // the release's batches
	for _, b := range d.Batches {
		own[b.Batch] = true
	}
	batches := slices.DeleteFunc(slices.Clone(l.Batches(time.Time{})), func(b lake.Batch) bool { return !own[b.Batch] })
	list := returns.Among(s.project, batches)
	d.Personal = personalFound(s.project, batches)
	d.Returns = returns.Tally(list, s.today)
	return d, returns.ReadReasons(list, d.Returns)
}

// personalFound lists the files in which identity numbers were found, for the office.
func personalFound(p *project.Project, batches []lake.Batch) (list []kpi.PersonalFound) {
	names := map[string]string{}
	for _, c := range p.Contracts {
		names[c.Source] = c.Name
	}
	for _, b := range batches {
		for _, c := range b.Personal {
			list = append(list, kpi.PersonalFound{Batch: b.Batch, Source: names[b.Source], Bureau: b.Bureau, File: p.Mask.Text(b.File), Column: p.Mask.Text(c.Header), Cells: c.Cells})
		}
	}
	return list
}
