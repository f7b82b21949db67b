// Package outbox writes what goes back to the bureaus into var/outbox: a workbook with a letter for the rejected rows of
// each batch, once, and for the office the queue of names that wait for a match.
package outbox

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/returns"

	"golang.org/x/sync/errgroup"
)

// sentFile names, one a line, the batches whose rejected rows went into the outbox: a
// run that died in between is made good by the next one, while workbooks that were
// mailed and taken out of the outbox do not come back.
const sentFile = ".sent"

// sentBytes is what it may be at most: a batch is some forty bytes.
const sentBytes = 64 << 20

// Finish hands back what a load or a run that ended with ran has rejected, whatever else came of it;
// not while the disk fails or the clock is wrong. It returns ran, with what went wrong here. The caller
// holds the run lock: two that record what was sent would lose what the other did.
func Finish(p *project.Project, now time.Time, ran error) error {
	ran = durable.Disk(ran)
	var disk *durable.DiskError
	if errors.As(ran, &disk) || errors.Is(ran, pipeline.ErrClock) {
		return ran
	}
	returned := send(p, now)
	if errors.Is(ran, lake.ErrDamaged) && errors.Is(returned, lake.ErrDamaged) {
		return ran // the same was said of the lake already
	}
	return errors.Join(ran, durable.Disk(returned))
}

// send writes a return workbook for every batch with rejected rows that has none yet.
func send(p *project.Project, now time.Time) error {
	list, err := returns.All(p)
	if err != nil {
		return err
	}
	text, err := durable.ReadRegular(p.Var("outbox", sentFile), sentBytes) // others may write to the outbox
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	done := strings.Fields(string(text))
	before := len(done)
	var work errgroup.Group
	work.SetLimit(runtime.NumCPU())
	for _, r := range list {
		if slices.Contains(done[:before], r.Batch) {
			continue
		}
		done = append(done, r.Batch)
		work.Go(func() error {
			if err := writeWorkbook(p, r, now); err != nil {
				return fmt.Errorf("return rejects of %s: %w", r.Name(), err)
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil || len(done) == before {
		return err
	}
	slices.Sort(done)
	return put(p.Var("outbox", sentFile), []byte(strings.Join(done, "\n")+"\n"))
}

// put writes a file of the outbox, in a folder that is made for it.
func put(path string, text []byte) error {
	if err := durable.MakeDir(filepath.Dir(path)); err != nil {
		return err
	}
	return durable.WriteFile(path, text)
}
