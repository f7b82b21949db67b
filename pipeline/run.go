// Package pipeline is a file's way from a bureau's inbox to a published release:
// inbox → source → lake → warehouse → release. See ARCHITECTURE.md.
package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/release"
	"citykpi/pipeline/warehouse"
)

// Options say what a run computes. Time comes in here and nowhere else.
type Options struct {
	Now       time.Time // when batches are loaded and the release is made
	AsOf      kpi.Date  // zero: the last quarter end the data reaches
	KnownAt   time.Time // only batches loaded by then; zero: all
	Full      bool      // make a release even if nothing changed
	DryRun    bool      // model and check, but publish nothing
	SkipInbox bool      // leave the inbox alone
	Confirmed bool      // load what is odd about a file's date or rows all the same
	Version   string    // of the program, part of what a release is a function of
	// Render writes the site and the reports of a release into its folder.
	Render func(dir string, s *kpi.Snapshot) error
	Watch  Watch
	// Elapsed is the time since the run began; nil: how long it takes is not recorded.
	Elapsed func() time.Duration
}

// Watch is told how a run gets on. Its functions may be nil.
type Watch struct {
	Loading func(done, total int64, file string) // bytes of the inbox
	Stage   func(name string, made bool)         // a model starts, or is made
}

// Result is what a run did.
type Result struct {
	Files    []FileResult
	Release  release.Manifest // the one that serves afterwards; zero if none
	New      bool             // Release was made by this run
	Checks   []kpi.Check
	Failures []warehouse.Failure
	Snapshot *kpi.Snapshot   // of a new release
	Took     []kpi.StageTime // what of it took how long
	History  error           // a *lake.DamagedError of releases that are not what was published; it keeps nothing from being published
	Unread   []string        // sources whose batches count no more, as no contract names them
}

// Run loads the inbox and what the databases have that is new, builds the warehouse, checks it, renders it and
// publishes it whole or not at all. With nothing new it returns the release
// that serves. Errors: ErrLocked, ErrNoData, ErrChecks (nothing published),
// ErrRefused (some files were refused; a release of the others may be new).
func Run(ctx context.Context, p *Project, o Options) (Result, error) {
	unlock, err := lock(p)
	if err != nil {
		return Result{}, err
	}
	defer unlock()
	r, err := p.run(ctx, o)
	if !r.New && !o.DryRun {
		err = errors.Join(err, p.note(o, r, err))
	}
	return r, err
}

func (p *Project) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	l, err := p.lakeToWrite(o.Now)
	if err != nil {
		return r, err
	}
	var refused error
	if !o.SkipInbox {
		if r.Files, refused = loadNew(ctx, p, l, o); refused != nil && !errors.Is(refused, ErrRefused) {
			return r, refused
		}
	}
	r.mark(o, "load")
	if r.History, err = p.checkChanged(ctx, l); err != nil {
		return r, err
	}
	batches := l.Batches(o.KnownAt)
	r.Unread = p.unread(batches)
	if len(batches) == 0 {
		return r, cmp.Or(refused, fmt.Errorf("%w: the lake is empty. Try: put exports into %s/<bureau>/", ErrNoData, p.Var("inbox")))
	}
	if o.AsOf.IsZero() {
		o.AsOf = lastCovered(batches, kpi.DateOf(o.Now))
	}

	store := p.Releases()
	current, none := store.Current()
	held := p.held(r.Files, current, o)
	g := given{batches, held, nil}
	if g.asked, err = askedBy(l, o.KnownAt); err != nil {
		return r, err
	}
	fingerprint, err := p.fingerprint(g, o)
	if err != nil {
		return r, err
	}
	if none == nil && current.Fingerprint == fingerprint && !o.Full && !o.DryRun {
		r.Release, r.Checks = current, current.Checks
		return r, refused
	}
	if err := store.Clean(); err != nil {
		return r, err
	}
	err = p.makeRelease(ctx, store, l, g, fingerprint, o, &r)
	return r, errors.Join(lake.Disk(err), refused)
}

// given is what bureaus and databases gave a release to go by.
type given struct {
	batches []lake.Batch
	held    []kpi.Held  // files that wait to be confirmed
	asked   []kpi.Asked // databases that had nothing new
}

// makeRelease builds, checks, renders and publishes one release.
func (p *Project) makeRelease(ctx context.Context, store release.Store, l *lake.Lake, g given, fingerprint string, o Options, r *Result) error {
	if err := l.Ledger().Sync(); err != nil {
		return err
	}
	m := release.Manifest{
		Ledger: l.Ledger().Head(), Previous: l.Ledger().LastRelease(),
		ID: store.NewID(o.Now, fingerprint), CreatedAt: o.Now, AsOf: o.AsOf, Fingerprint: fingerprint,
		Today: kpi.DateOf(o.Now), Held: g.held, Asked: g.asked,
	}
	if !o.KnownAt.IsZero() && o.KnownAt.Before(o.Now) {
		m.Today = kpi.DateOf(o.KnownAt)
	}
	for _, b := range g.batches {
		m.Batches = append(m.Batches, b.Batch)
		if b.LoadedAt.After(m.KnownAt) {
			m.KnownAt = b.LoadedAt
		}
	}
	dir, err := store.Begin(m.ID)
	if err != nil {
		return err
	}
	defer store.Discard(dir) // what is published has been renamed away

	catalogue := p.catalogue(g.batches, g.asked)
	if r.Snapshot, err = p.buildDatabase(ctx, dir, g, catalogue, &m, o, r); err != nil {
		return err
	}
	r.mark(o, "check")
	r.Snapshot.Runs = p.earlierRuns(store)
	if failed := slices.ContainsFunc(r.Checks, func(c kpi.Check) bool { return c.Status == "failed" }); failed && !o.DryRun {
		return fmt.Errorf("%w. Try: citykpi check", ErrChecks)
	}
	if o.DryRun {
		return nil
	}
	text, err := json.Marshal(catalogue)
	if err != nil {
		return err
	}
	if err := lake.WriteFile(filepath.Join(dir, catalogueFile), text); err != nil {
		return fmt.Errorf("write catalogue: %w", err)
	}
	if o.Render != nil {
		if err := o.Render(dir, r.Snapshot); err != nil {
			return err
		}
	}
	r.mark(o, "render")
	m.Took = r.Took
	if r.Release, err = store.Publish(dir, m); err != nil {
		return err
	}
	r.New = true
	if err := p.recordRelease(l, r.Release); err != nil {
		return err
	}
	lake.Step("release recorded")
	return nil
}

// buildDatabase computes the release database in dir, checks it and reads its values.
func (p *Project) buildDatabase(ctx context.Context, dir string, g given, c Catalogue, m *release.Manifest, o Options, r *Result) (*kpi.Snapshot, error) {
	temp := p.Var("tmp")
	if err := os.MkdirAll(temp, 0o755); err != nil {
		return nil, err
	}
	db, err := warehouse.Open(ctx, filepath.Join(dir, release.DatabaseFile), warehouse.Limits{TempDir: temp})
	if err != nil {
		return nil, err
	}
	in := warehouse.Inputs{
		Models: p.Models, Tables: p.LakeTables(), Batches: g.batches, Asked: g.asked, Documents: p.Documents,
		Region: p.Config.Region, Regions: p.Regions, Schools: p.Schools, Since: p.Config.Since, AsOf: o.AsOf,
	}
	snap, err := func() (*kpi.Snapshot, error) {
		if err := db.Build(ctx, in, o.Watch.Stage); err != nil {
			return nil, err
		}
		r.mark(o, "model")
		if r.Checks, r.Failures, err = db.Check(ctx, in, p.SQL); err != nil {
			return nil, err
		}
		m.Checks = r.Checks
		s, err := snapshot(ctx, db, c, *m, o.AsOf)
		if err != nil {
			return nil, err
		}
		s.Restated, err = p.restatements(ctx, db, c, s.Series)
		m.Restated = s.Restated
		return s, err
	}()
	if err == nil {
		err = db.Checkpoint(ctx)
	}
	return snap, warehouse.Disk(dir, errors.Join(err, db.Close()))
}

// lastCovered is the last quarter end that a batch reaches and today has passed.
func lastCovered(batches []lake.Batch, today kpi.Date) kpi.Date {
	newest := batches[0].DataDate
	for _, b := range batches {
		if b.DataDate.After(newest) {
			newest = b.DataDate
		}
	}
	if newest.After(today) {
		newest = today
	}
	return kpi.LastQuarterEnd(newest)
}

// fingerprint is the SHA-256 of everything a release is a function of: batches,
// files that are held, databases that had nothing new, the as-of date, definitions and models, the program's version.
func (p *Project) fingerprint(g given, o Options) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, o.Version, o.AsOf)
	for _, b := range g.batches {
		fmt.Fprintln(h, b.Batch, b.SHA256, b.Contract)
	}
	for _, f := range g.held {
		fmt.Fprintln(h, f.File, f.DataDate, f.Rows, f.Rule)
	}
	for _, a := range g.asked {
		fmt.Fprintln(h, a.Source, a.On, a.Batch)
	}
	for _, files := range []fs.FS{p.Data, p.SQL} {
		if err := hashTree(h, files); err != nil {
			return "", err
		}
	}
	closed, err := p.ClosedQuarters()
	if err != nil {
		return "", err
	}
	for _, c := range closed {
		fmt.Fprintln(h, c.Quarter, c.Release, c.FactsSHA256)
	}
	config, err := json.Marshal(p.Config)
	if err != nil {
		return "", err
	}
	h.Write(config)
	return hex.EncodeToString(h.Sum(nil)), nil
}

func hashTree(w io.Writer, fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s %d\n%s\n", path, len(text), text)
		return err
	})
}
