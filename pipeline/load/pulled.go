package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/inbox"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/pull"
	"citykpi/pipeline/source/contract"
)

// all loads what lies in the inbox, then what the databases have that is new.
// In this order a pull that was killed before it was loaded is loaded now, and
// the next one goes on from there. A database that does not answer is reported
// as a refused file is, and never stops the others.
func (i *intake) all(ctx context.Context) ([]FileResult, error) {
	entries, err := i.inbox.List()
	if err != nil {
		return nil, err
	}
	found, err := i.claim(ctx, entries)
	if err != nil {
		return nil, err
	}
	results, err := i.load(ctx, found)
	if err != nil && !errors.Is(err, ErrRefused) {
		return results, err
	}
	var files []file
	for _, c := range i.project.Contracts {
		if c.Pull == nil {
			continue
		}
		in, r, err := i.pull(ctx, c, &results)
		if ctx.Err() != nil {
			return results, ctx.Err()
		}
		var disk *durable.DiskError
		switch {
		case errors.As(durable.Disk(err), &disk):
			return results, disk // no database is to blame; what was pulled waits in the inbox
		case err != nil:
			r.Status, r.Error = StatusRefused, err.Error()
		case in != nil:
			files = append(files, in)
			continue
		}
		results = append(results, r)
	}
	pulled, err := i.load(ctx, files)
	results = append(results, pulled...)
	if err != nil && !errors.Is(err, ErrRefused) {
		return results, err
	}
	for _, r := range pulled {
		if r.Status != StatusKnown {
			continue
		}
		if err := i.noteAsked(r); err != nil {
			return results, durable.Disk(err)
		}
	}
	return results, refusals(results)
}

// refusals is the error of files of which nothing was loaded, nil if there are none.
func refusals(results []FileResult) error {
	refused := 0
	for _, r := range results {
		if r.Status == StatusRefused || r.Status == StatusHeld {
			refused++
		}
	}
	if refused == 0 {
		return nil
	}
	return fmt.Errorf("%w: %d of %d; the reason stands beside each", ErrRefused, refused, len(results))
}

// pull puts what a contract's database has that is new into the inbox. Without
// an input, the result says why there is none.
func (i *intake) pull(ctx context.Context, c *contract.Contract, before *[]FileResult) (*input, FileResult, error) {
	day := kpi.DateOf(i.options.Now)
	name := path.Join(c.Bureau, c.PulledName(day))
	r := FileResult{File: name, Source: c.Source, Bureau: c.Bureau, Status: StatusNothingNew}
	conn, ok := i.project.Config.Connections[c.Pull.Connection]
	if !ok {
		r.Status = StatusNotPulled
		r.Notes = []string{fmt.Sprintf("connection %s is not in %s: files are mailed in, or add it there", c.Pull.Connection,
			project.ConfigFile)}
		return nil, r, nil
	}
	last, pulled := i.lake.LastPull(c.Source)
	if pulled && c.Pull.Watermark == "" && last.DataDate == day {
		r.Notes = []string{"pulled today already (batch " + last.Batch + "): without a watermark once a day"}
		return nil, r, nil
	}
	var since lake.Pull
	if pulled {
		since = *last.Pull
	}
	target := i.project.Var("inbox", filepath.FromSlash(name))
	x, err := pull.Fetch(ctx, conn, c, since, day, filepath.Dir(target))
	switch {
	case err != nil:
		return nil, r, err
	case x.Path == "" && c.Mode == contract.Snapshot && pulled:
		return nil, r, fmt.Errorf("connection %s: the query returned no rows, after %d in %s. Try: look at the tables it reads",
			conn.Name, last.Read, last.File)
	case x.Path == "" && x.Pull.From == "":
		r.Notes = []string{"connection " + conn.Name + ": the query returned no rows"}
		return nil, r, nil
	case x.Path == "":
		r.Notes = []string{fmt.Sprintf("connection %s: nothing new since %s %s", conn.Name, x.Pull.Watermark, x.Pull.From)}
		r.BatchID = last.Batch
		return nil, r, i.noteAsked(r)
	}
	if *before, err = i.replaceRefused(c, *before); err != nil {
		return nil, r, err
	}
	original, err := i.putIntoInbox(x, name)
	if err != nil {
		return nil, r, err
	}
	return &input{name: original.Name, original: original, claimed: true}, r, nil
}

// noteAsked remembers that a source's database had nothing but what its newest batch says
// already, unless the period is filed by that batch or by an earlier time of asking.
func (i *intake) noteAsked(r FileResult) error {
	c := i.project.Contract(r.Source)
	last, pulled := i.lake.LastPull(r.Source)
	if c == nil || c.Due.Every == "" || !pulled || last.Batch != r.BatchID {
		return nil
	}
	period := func(d kpi.Date) kpi.Date { return kpi.LastPeriodEnd(c.Due.Every, d) }
	day := kpi.DateOf(i.options.Now)
	asked, err := AskedBy(i.lake, time.Time{})
	if err != nil {
		return err
	}
	if period(last.DataDate) == period(day) || slices.ContainsFunc(asked, func(a kpi.Asked) bool {
		return a.Source == r.Source && period(a.On) == period(day)
	}) {
		return nil
	}
	return i.lake.NoteAsked(lake.Asked{Source: r.Source, At: i.options.Now, Batch: last.Batch})
}

// AskedBy lists when databases had nothing new, by a time.
func AskedBy(l *lake.Lake, knownAt time.Time) (list []kpi.Asked, err error) {
	asked, err := l.Asked(knownAt)
	for _, a := range asked {
		list = append(list, kpi.Asked{Source: a.Source, On: kpi.DateOf(a.At), Batch: a.Batch})
	}
	return list, err
}

// replaceRefused takes earlier pulls of the contract that were refused or held out
// of the inbox: the new one starts where they did, and they would only pile up.
func (i *intake) replaceRefused(c *contract.Contract, results []FileResult) ([]FileResult, error) {
	var problem error
	left := slices.DeleteFunc(results, func(r FileResult) bool {
		if r.Status != StatusRefused && r.Status != StatusHeld || !strings.HasPrefix(r.File, path.Join(c.Bureau, c.Name+"_")) {
			return false
		}
		if was, err := i.lake.PullOf(r.SHA256); was == nil || err != nil {
			return false // mailed in
		}
		problem = errors.Join(problem, i.inbox.Discard(r.at, r.SHA256))
		return true
	})
	return left, problem
}

// putIntoInbox makes a pulled file an export like any other, whole or not at all, and claims it.
func (i *intake) putIntoInbox(x pull.Export, name string) (*inbox.File, error) {
	err := i.lake.NotePull(x.SHA256, x.Pull)
	if err == nil {
		durable.Step("pulled")
		name, err = i.inbox.Put(x.Path, name)
	}
	if err != nil {
		os.Remove(x.Path)
		return nil, fmt.Errorf("put %s into the inbox: %w", name, err)
	}
	durable.Step("pull in inbox")
	return i.inbox.ClaimOwn(name)
}
