package pipeline

import (
	"context"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
)

func openLake(p *project.Project) (*lake.Lake, error) { return lake.Open(p.Var("lake")) }

// Load loads the given files, or when there are none everything in the inbox and
// what the databases have that is new.
// Each file is loaded whole or refused whole; a refused one goes back where it
// was and never stops the others. Errors: ErrLocked, ErrRefused.
func Load(ctx context.Context, p *project.Project, files []string, o Options) ([]FileResult, error) {
	unlock, err := p.Lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	results, err := loadGiven(ctx, p, files, o)
	return masked(p, results), o.finally(err)
}

func loadGiven(ctx context.Context, p *project.Project, files []string, o Options) ([]FileResult, error) {
	if err := MakeKey(p); err != nil {
		return nil, err
	}
	l, err := lakeToWrite(p, o)
	if err != nil {
		return nil, err
	}
	box, err := openInbox(p, o)
	if err != nil {
		return nil, durable.Disk(err)
	}
	defer box.Close()
	if len(files) == 0 {
		return loadNew(ctx, p, l, box, o)
	}
	inputs, err := claimNamed(ctx, p, box, files)
	if err != nil {
		return nil, err
	}
	return load(ctx, p, l, inputs, o)
}
