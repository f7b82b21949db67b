package pipeline

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/release"
	"citykpi/pipeline/warehouse"
)

// Site reads what stands behind the figures of a release that is being rendered:
// its database, and from the lake why rows were sent back. Close it.
type Site struct {
	*warehouse.Site
	project *Project
}

// OpenSite opens the release in dir for the pages that open its figures.
func (p *Project) OpenSite(ctx context.Context, dir string, asOf kpi.Date) (*Site, error) {
	s, err := warehouse.OpenSite(ctx, filepath.Join(dir, release.DatabaseFile), asOf)
	if err != nil {
		return nil, err
	}
	return &Site{s, p}, nil
}

// Detail is that of the database, with the reasons for which rows of its batches
// were sent back, the most frequent first.
func (s *Site) Detail(ctx context.Context) (*kpi.Detail, error) {
	d, err := s.Site.Detail(ctx)
	if err != nil {
		return nil, err
	}
	sources := map[string]string{} // of the release's batches
	for _, b := range d.Batches {
		sources[b.Batch] = b.Source
	}
	list, err := s.project.Rejected("")
	if err != nil {
		return nil, err
	}
	type kind struct{ source, field, rule string }
	at := map[kind]int{}
	for _, batch := range list {
		source, ok := sources[batch.Batch]
		if !ok {
			continue
		}
		for row, err := range batch.Rows() {
			if err != nil {
				return nil, err
			}
			k := kind{source, row.Field, row.Rule}
			i, seen := at[k]
			if !seen {
				words, _, _ := strings.Cut(row.Reason, "：") // what follows is of the one row
				i = len(d.Returned)
				at[k], d.Returned = i, append(d.Returned, kpi.ReturnedRows{Bureau: batch.Bureau, Source: source, Column: row.Column, Words: words})
			}
			d.Returned[i].Rows++
		}
	}
	slices.SortStableFunc(d.Returned, func(a, b kpi.ReturnedRows) int {
		return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Source, b.Source))
	})
	return d, nil
}
