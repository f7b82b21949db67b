package pipeline

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
	"citykpi/pipeline/pull"
	"citykpi/pipeline/source/contract"
)

// loadNew loads what lies in the inbox, then what the databases have that is new.
// In this order a pull that was killed before it was loaded is loaded now, and
// the next one goes on from there. A database that does not answer is reported
// as a refused file is, and never stops the others.
func loadNew(ctx context.Context, p *Project, l *lake.Lake, box *inbox.Inbox, o Options) ([]FileResult, error) {
	found, err := claimAll(ctx, box)
	if err != nil {
		return nil, err
	}
	results, err := load(ctx, p, l, found, o)
	if err != nil && !errors.Is(err, ErrRefused) {
		return results, err
	}
	var inputs []*input
	for _, c := range p.Contracts {
		if c.Pull == nil {
			continue
		}
		in, r, err := pullOne(ctx, p, l, box, c, o, &results)
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
			inputs = append(inputs, in)
			continue
		}
		results = append(results, r)
	}
	pulled, err := load(ctx, p, l, inputs, o)
	results = append(results, pulled...)
	if err != nil && !errors.Is(err, ErrRefused) {
		return results, err
	}
	for _, r := range pulled {
		if r.Status != StatusKnown {
			continue
		}
		if err := noteAsked(p, l, r, o); err != nil {
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

// pullOne puts what a contract's database has that is new into the inbox. Without
// an input, the result says why there is none.
func pullOne(ctx context.Context, p *Project, l *lake.Lake, box *inbox.Inbox, c *contract.Contract, o Options, before *[]FileResult) (*input, FileResult, error) {
	day := kpi.DateOf(o.Now)
	name := path.Join(c.Bureau, c.PulledName(day))
	r := FileResult{File: name, Source: c.Source, Bureau: c.Bureau, Status: StatusNothingNew}
	conn, ok := p.Config.Connections[c.Pull.Connection]
	if !ok {
		r.Status = StatusNotPulled
		r.Notes = []string{fmt.Sprintf("connection %s is not in %s: files are mailed in, or add it there", c.Pull.Connection, ConfigFile)}
		return nil, r, nil
	}
	last, pulled := l.LastPull(c.Source)
	if pulled && c.Pull.Watermark == "" && last.DataDate == day {
		r.Notes = []string{"pulled today already (batch " + last.Batch + "): without a watermark once a day"}
		return nil, r, nil
	}
	var since lake.Pull
	if pulled {
		since = *last.Pull
	}
	target := p.Var("inbox", filepath.FromSlash(name))
	x, err := pull.Fetch(ctx, conn, c, since, day, filepath.Dir(target))
	switch {
	case err != nil:
		return nil, r, err
	case x.Path == "" && c.Mode == contract.Snapshot && pulled:
		return nil, r, fmt.Errorf("connection %s: the query returned no rows, after %d in %s. Try: look at the tables it reads", conn.Name, last.Read, last.File)
	case x.Path == "" && x.Pull.From == "":
		r.Notes = []string{"connection " + conn.Name + ": the query returned no rows"}
		return nil, r, nil
	case x.Path == "":
		r.Notes = []string{fmt.Sprintf("connection %s: nothing new since %s %s", conn.Name, x.Pull.Watermark, x.Pull.From)}
		r.BatchID = last.Batch
		return nil, r, noteAsked(p, l, r, o)
	}
	if *before, err = replaceRefused(l, box, c, *before); err != nil {
		return nil, r, err
	}
	original, err := putIntoInbox(l, box, x, name)
	if err != nil {
		return nil, r, err
	}
	return &input{name: original.Name, original: original, claimed: true}, r, nil
}

// noteAsked remembers that a source's database had nothing but what its newest batch says
// already, unless the period is filed by that batch or by an earlier time of asking.
func noteAsked(p *Project, l *lake.Lake, r FileResult, o Options) error {
	i := slices.IndexFunc(p.Contracts, func(c *contract.Contract) bool { return c.Source == r.Source })
	last, pulled := l.LastPull(r.Source)
	if i < 0 || p.Contracts[i].Due.Every == "" || !pulled || last.Batch != r.BatchID {
		return nil
	}
	period := func(d kpi.Date) kpi.Date { return kpi.LastPeriodEnd(p.Contracts[i].Due.Every, d) }
	day := kpi.DateOf(o.Now)
	asked, err := askedBy(l, noTime)
	if err != nil {
		return err
	}
	if period(last.DataDate) == period(day) || slices.ContainsFunc(asked, func(a kpi.Asked) bool {
		return a.Source == r.Source && period(a.On) == period(day)
	}) {
		return nil
	}
	return l.NoteAsked(lake.Asked{Source: r.Source, At: o.Now, Batch: last.Batch})
}

// askedBy lists when databases had nothing new, by a time.
func askedBy(l *lake.Lake, knownAt time.Time) (list []kpi.Asked, err error) {
	asked, err := l.Asked(knownAt)
	for _, a := range asked {
		list = append(list, kpi.Asked{Source: a.Source, On: kpi.DateOf(a.At), Batch: a.Batch})
	}
	return list, err
}

// replaceRefused takes earlier pulls of the contract that were refused or held out
// of the inbox: the new one starts where they did, and they would only pile up.
func replaceRefused(l *lake.Lake, box *inbox.Inbox, c *contract.Contract, results []FileResult) ([]FileResult, error) {
	var problem error
	left := slices.DeleteFunc(results, func(r FileResult) bool {
		if r.Status != StatusRefused && r.Status != StatusHeld || !strings.HasPrefix(r.File, path.Join(c.Bureau, c.Name+"_")) {
			return false
		}
		if was, err := l.PullOf(r.SHA256); was == nil || err != nil {
			return false // mailed in
		}
		problem = errors.Join(problem, box.Discard(r.at, r.SHA256))
		return true
	})
	return left, problem
}

// putIntoInbox makes a pulled file an export like any other, whole or not at all, and claims it.
func putIntoInbox(l *lake.Lake, box *inbox.Inbox, x pull.Export, name string) (*inbox.File, error) {
	err := l.NotePull(x.SHA256, x.Pull)
	if err == nil {
		durable.Step("pulled")
		name, err = box.Put(x.Path, name)
	}
	if err != nil {
		os.Remove(x.Path)
		return nil, fmt.Errorf("put %s into the inbox: %w", name, err)
	}
	durable.Step("pull in inbox")
	return box.ClaimOwn(name)
}
