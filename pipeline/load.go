package pipeline

import (
	"context"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
)

func openLake(p *project.Project) (*lake.Lake, error) { return lake.Open(p.Var("lake")) }

// Load loads the given files, or when there are none everything in the inbox and
// what the databases have that is new. See load.Files. Errors: project.ErrLocked, ErrClock, ErrFewer, load.ErrRefused.
func Load(ctx context.Context, p *project.Project, files []string, o Options) ([]load.FileResult, error) {
	unlock, err := p.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	results, err := loadGiven(ctx, p, files, o)
	return results, o.finally(err)
}

func loadGiven(ctx context.Context, p *project.Project, files []string, o Options) ([]load.FileResult, error) {
	if err := MakeKey(p); err != nil {
		return nil, err
	}
	l, err := lakeToWrite(p, o)
	if err != nil {
		return nil, err
	}
	return load.Files(ctx, p, l, files, o.loading())
}

func (o Options) loading() load.Options {
	return load.Options{Now: o.Now, Confirmed: o.Confirmed, Clock: o.Clock, Loading: o.Watch.Loading}
}
