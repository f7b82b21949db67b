package main

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
)

// sentFile names, one a line, the batches whose rejected rows went into the outbox: a
// run that died in between is made good by the next one, while workbooks that were
// mailed and taken out of the outbox do not come back.
const sentFile = ".sent"

// sentBytes is what it may be at most: a batch is some forty bytes.
const sentBytes = 64 << 20

func sent(p *project.Project) ([]string, error) {
	text, err := durable.ReadRegular(p.Var("outbox", sentFile), sentBytes) // others may write to the outbox
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Fields(string(text)), err
}

func recordSent(p *project.Project, batches []string) error {
	if err := durable.MakeDir(p.Var("outbox")); err != nil {
		return err
	}
	slices.Sort(batches)
	return durable.WriteFile(p.Var("outbox", sentFile), []byte(strings.Join(batches, "\n")+"\n"))
}

// finishReturns hands back what a run loaded and rejected, whatever else came of it;
// not while the disk fails or the clock is wrong. The caller holds the run lock: two that record what was sent
// would lose what the other did.
func (a *app) finishReturns(p *project.Project, now time.Time, ran error) error {
	ran = durable.Disk(ran)
	var disk *durable.DiskError
	if errors.As(ran, &disk) || errors.Is(ran, pipeline.ErrClock) {
		return ran
	}
	returned := a.returnRejects(p, now)
	if errors.Is(ran, lake.ErrDamaged) && errors.Is(returned, lake.ErrDamaged) {
		return ran // the same was said of the lake already
	}
	return errors.Join(ran, durable.Disk(returned))
}
