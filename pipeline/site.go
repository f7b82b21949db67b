package pipeline

import (
	"context"
	"path/filepath"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/release"
	"citykpi/pipeline/warehouse"
)

// Site reads what stands behind the figures of a release that is being rendered:
// its database, and from the lake why rows were sent back. Close it.
type Site struct {
	*warehouse.Site
	project *Project
	today   kpi.Date
}

// OpenSite opens the release in dir for the pages that open its figures.
func (p *Project) OpenSite(ctx context.Context, dir string, r kpi.Release) (*Site, error) {
	s, err := warehouse.OpenSite(ctx, filepath.Join(dir, release.DatabaseFile), p.SQL, r.AsOf)
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
	batches := slices.DeleteFunc(slices.Clone(l.Batches(noTime)), func(b lake.Batch) bool { return !own[b.Batch] })
	list := s.project.rejected(batches)
	d.Personal = s.project.personalFound(batches)
	d.Returns = Returns(list, s.today)
	return d, ReadReasons(list, d.Returns)
}
