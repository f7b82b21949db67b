package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
	"citykpi/pipeline/returns"
	"citykpi/pipeline/warehouse"
)

// Site reads what stands behind the figures of a release that is being rendered:
// its database, and from its batches why rows were sent back.
type Site struct {
	*warehouse.Site
	project *project.Project
	batches []lake.Batch
	today   kpi.Date
}

// render hands the release in dir, which was made of the batches, to whoever writes its pages. It is rendered whole.
func render(ctx context.Context, p *project.Project, dir string, s *kpi.Snapshot, batches []lake.Batch, o Options) error {
	db, err := warehouse.OpenSite(context.WithoutCancel(ctx), filepath.Join(dir, release.DatabaseFile), p.SQL, s.Release.AsOf)
	if err != nil {
		return fmt.Errorf("render site: %w", err)
	}
	return errors.Join(o.Render(dir, s, &Site{db, p, batches, s.Release.Today}), db.Close())
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
	d.Personal = personalFound(s.project, s.batches)
	list := returns.Among(s.project, s.batches)
	d.Returns = returns.Tally(list, s.today)
	return d, returns.ReadReasons(list, d.Returns)
}

// personalFound lists the files in which identity numbers were found, for the office.
func personalFound(p *project.Project, batches []lake.Batch) (list []kpi.PersonalFound) {
	for _, b := range batches {
		name := ""
		if c := p.Contract(b.Source); c != nil {
			name = c.Name
		}
		for _, c := range b.Personal {
			list = append(list, kpi.PersonalFound{Batch: b.Batch, Source: name, Bureau: b.Bureau,
				File: p.Mask.Text(b.File), Column: p.Mask.Text(c.Header), Cells: c.Cells})
		}
	}
	return list
}
