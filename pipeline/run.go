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
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/durable"
	"citykpi/pipeline/inbox"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/load"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
	"citykpi/pipeline/warehouse"
)

// Options say what a run computes. Time comes in here and nowhere else.
type Options struct {
	Now       time.Time    // when batches are loaded and the release is made
	AsOf      kpi.Date     // zero: the last quarter end the data reaches
	KnownAt   time.Time    // only batches loaded by then; zero: all
	Full      bool         // make a release even if nothing changed
	DryRun    bool         // model and check, but publish nothing
	SkipInbox bool         // leave the inbox alone
	Confirmed bool         // load what is odd about a file's date or rows all the same
	Clock     *inbox.Clock // by which files settle before they are claimed; nil: they are taken to be whole
	Version   string       // of the program, part of what a release is a function of
	// Render writes the site and the reports of a release into its folder; behind reads what stands behind its figures.
	Render func(dir string, s *kpi.Snapshot, behind *Site) error
	Watch  Watch
	// Elapsed is the time since the run began; nil: how long it takes is not recorded.
	Elapsed func() time.Duration
	// Finally does what belongs to a load or a run and is not the pipeline's, while the lock
	// is still held. It is handed how that ended and returns it, with what went wrong of its own.
	Finally    func(error) error
	Serve      bool // what is made for an earlier date or time than what serves takes its place
	TrustClock bool // Now is right although newer batches or releases say otherwise
}

func (o Options) finally(ran error) error {
	if o.Finally == nil {
		return ran
	}
	return o.Finally(ran)
}

// Watch is told how a run gets on. Its functions may be nil.
type Watch struct {
	Loading func(done, total int64, file string) // bytes of the inbox
	Stage   func(name string, made bool)         // a model starts, or is made
}

// Result is what a run did.
type Result struct {
	Files     []load.FileResult
	Release   release.Manifest // the one that was made or, with nothing new, that serves; zero if none
	New       bool             // Release was made by this run
	Beside    bool             // Release was made for an earlier date or time, or a day to come, and does not serve
	Pin       *release.Pin     // that keeps another release serving; nil: the newest serves
	Waiting   []string         // releases that wait for the pin to be lifted
	Pruned    Pruned           // what was older than citykpi.yml retains
	NotPruned error            // why something of that is still there; no reason for a run to fail
	Checks    []kpi.Check
	Failures  []warehouse.Failure
	Snapshot  *kpi.Snapshot   // of a new release
	Took      []kpi.StageTime // what of it took how long
	Damaged   error           // a *lake.DamagedError of releases that are not what was published; it keeps nothing from being published
	Unread    []string        // sources whose batches count no more, as no contract names them
}

// Run loads the inbox and what the databases have that is new, builds the warehouse, checks it, renders it and
// publishes it whole or not at all. With nothing new it returns the release
// that serves. What is made for an earlier date or time than what serves, or for a day to come, is put beside it. A dry run takes
// no lock and leaves nothing behind. Errors: project.ErrLocked, ErrClock, ErrFewer, ErrNoData,
// ErrAhead, ErrChecks (nothing published), load.ErrRefused (some files were refused; a release of the others may be new),
// release.ErrDamaged (what served was damaged; a new release may have taken its place).
func Run(ctx context.Context, p *project.Project, o Options) (Result, error) {
	if o.DryRun {
		return run(ctx, p, o)
	}
	unlock, err := p.Lock(ctx)
	if err != nil {
		return Result{}, err
	}
	defer unlock()
	r, err := run(ctx, p, o)
	if !r.New && !errors.Is(err, ErrClock) {
		err = errors.Join(err, note(p, o, r, err))
	}
	if r.Release.ID != "" {
		r.Pruned, r.NotPruned = prune(p, o.Now)
	}
	return r, o.finally(err)
}

func run(ctx context.Context, p *project.Project, o Options) (Result, error) {
	var r Result
	ahead := o.AsOf.After(kpi.DateOf(o.Now))
	if ahead && o.Serve {
		return r, fmt.Errorf("%w: today is %s, and no data reach %s. Try: leave out --serve", ErrAhead, kpi.DateOf(o.Now), o.AsOf)
	}
	if !o.DryRun {
		if err := MakeKey(p); err != nil {
			return r, err
		}
	}
	l, err := lakeFor(p, o)
	if err != nil {
		return r, err
	}
	store := Releases(p)
	if !o.DryRun {
		if err := store.Settle(); err != nil {
			return r, err
		}
	}
	var refused error
	if !o.SkipInbox {
		r.Files, refused = load.Files(ctx, p, l, nil, o.loading())
		if refused != nil && !errors.Is(refused, load.ErrRefused) {
			return r, refused
		}
	}
	r.mark(o, "load")
	if !o.DryRun {
		if r.Damaged, err = checkChanged(ctx, p, l); err != nil {
			return r, err
		}
	}
	batches := counting(p, l.Batches(o.KnownAt))
	r.Unread = unread(p, batches)
	if all := counting(p, l.Batches(time.Time{})); len(batches) == 0 && len(all) > 0 {
		return r, cmp.Or(refused, fmt.Errorf("%w: nothing had been loaded by %s, the first file was on %s. Try: a later --known-at",
			ErrNoData, o.KnownAt.Format("2006-01-02 15:04"), all[0].LoadedAt.In(o.Now.Location()).Format("2006-01-02 15:04")))
	}
	if len(batches) == 0 {
		return r, cmp.Or(refused, fmt.Errorf("%w: the lake is empty. Try: put exports into %s/<bureau>/", ErrNoData, p.Var("inbox")))
	}
	asked := !o.AsOf.IsZero() // for a date
	if !asked {
		o.AsOf = lastCovered(batches, kpi.DateOf(o.Now))
	}

	stands, err := store.Standing()
	if err != nil {
		return r, err
	}
	r.Pin, r.Waiting = stands.Pin, stands.Waiting
	held := held(p, r.Files, stands.Newest, o)
	g := given{batches: batches, held: held}
	if g.asked, err = load.AskedBy(l, o.KnownAt); err != nil {
		return r, err
	}
	fingerprint, err := fingerprint(p, g, o)
	if err != nil {
		return r, err
	}
	if o.DryRun {
		return r, errors.Join(durable.Disk(dryRun(ctx, p, l, g, fingerprint, o, &r)), refused)
	}
	left := len(batches) < len(counting(p, l.Batches(time.Time{}))) // out, by what was asked for
	if left {
		g.until = o.KnownAt
	}
	if r.Beside = ahead || !o.Serve && earlier(o, asked, left, stands); r.Beside && !o.Full {
		if twin, ok := store.Twin(fingerprint); ok {
			r.Release, r.Checks = twin, twin.Checks
			return r, refused
		}
	}
	// What is damaged is made anew, unless somebody has pinned it.
	whole := stands.Damage == nil || stands.Pin != nil
	if whole && !r.Beside && stands.Newest.Fingerprint == fingerprint && !o.Full {
		r.Release, r.Checks = stands.Serving, stands.Newest.Checks
		return r, errors.Join(durable.Disk(store.Admit(stands.Serving.ID)), refused, damage(store, stands, r))
	}
	if err := errors.Join(store.Clean(), cleanScratch(p)); err != nil {
		return r, err
	}
	err = makeRelease(ctx, p, store, l, g, fingerprint, o, &r)
	if r.New && r.Pin != nil && !r.Beside {
		r.Waiting = append(r.Waiting, r.Release.ID)
	}
	return r, errors.Join(durable.Disk(err), refused, damage(store, stands, r))
}

// earlier reports whether a run is asked for an earlier date than that of the newest release, or
// left batches out: then it knows less than what serves. Where nothing serves it is the first.
func earlier(o Options, asked, left bool, stands release.Standing) bool {
	if stands.Newest.ID == "" && stands.Damage == nil {
		return false
	}
	return left || asked && (stands.Newest.ID == "" || o.AsOf.Before(stands.Newest.AsOf))
}

// damage is what a run says of a release that served and is not what was published.
func damage(store release.Store, stands release.Standing, r Result) error {
	switch {
	case stands.Damage == nil:
		return nil
	case stands.Pin != nil:
		return fmt.Errorf("%w. It is pinned. Try: citykpi release unpin, or %s", stands.Damage, store.Offer(stands.Pin.Release))
	case r.New && !r.Beside:
		return fmt.Errorf("%w. Release %s was made in its place. Try: citykpi release verify, and look at the disk",
			stands.Damage, r.Release.ID)
	}
	return fmt.Errorf("%w. Try: %s", stands.Damage, store.Offer(stands.Serving.ID))
}

// given is what bureaus and databases gave a release to go by.
type given struct {
	batches []lake.Batch
	held    []kpi.Held  // files that wait to be confirmed
	asked   []kpi.Asked // databases that had nothing new
	until   time.Time   // batches that came later were left out; zero: none were
}

// manifestOf begins the manifest of the release that is made of what was given.
func manifestOf(store release.Store, l *lake.Lake, g given, fingerprint string, o Options) release.Manifest {
	m := release.Manifest{
		Ledger: l.Ledger().Head(), Previous: l.Ledger().LastRelease(),
		ID: store.NewID(o.Now, fingerprint), CreatedAt: o.Now, AsOf: o.AsOf, Fingerprint: fingerprint, Until: g.until,
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
	return m
}

// makeRelease builds, checks, renders and publishes one release.
func makeRelease(ctx context.Context, p *project.Project, store release.Store, l *lake.Lake, g given, fingerprint string,
	o Options, r *Result) error {
	if err := l.Ledger().Sync(); err != nil {
		return err
	}
	m := manifestOf(store, l, g, fingerprint, o)
	m.Beside = r.Beside
	dir, err := store.Begin(m.ID)
	if err != nil {
		return err
	}
	defer store.Discard(dir) // what is published has been renamed away

	catalogue := catalogue(p, g.batches, g.asked)
	b, err := buildDatabase(ctx, p, dir, p.Var("tmp"), g, catalogue, m, o, func() { r.mark(o, "model") })
	r.built(b)
	if err != nil {
		return err
	}
	m.Checks, m.Restated, m.Given = b.checks, b.snapshot.Restated, b.given
	r.mark(o, "check")
	r.Snapshot.Runs = earlierRuns(p, store)
	if slices.ContainsFunc(r.Checks, func(c kpi.Check) bool { return c.Status == kpi.CheckFailed }) {
		return fmt.Errorf("%w. Try: citykpi check", ErrChecks)
	}
	text, err := json.Marshal(catalogue)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(filepath.Join(dir, catalogueFile), text); err != nil {
		return fmt.Errorf("write catalogue: %w", err)
	}
	if o.Render != nil {
		if err := render(ctx, p, dir, r.Snapshot, g.batches, o); err != nil {
			return err
		}
	}
	if m.Beside {
		if err := store.SayBeside(dir, m); err != nil {
			return err
		}
	}
	r.mark(o, "render")
	m.Took = r.Took
	if r.Release, err = store.Publish(dir, m); err != nil {
		return err
	}
	r.New = true
	if err := recordRelease(p, l, r.Release); err != nil {
		return err
	}
	durable.Step("release recorded")
	if !m.Beside {
		pruneExtracts(p, r.Release.ID)
	}
	return nil
}

// dryRun computes and checks in a folder of its own, beside whatever run is under way.
func dryRun(ctx context.Context, p *project.Project, l *lake.Lake, g given, fingerprint string, o Options, r *Result) error {
	dir, done, err := scratch(p)
	if err != nil {
		return err
	}
	defer done()
	store := Releases(p)
	m := manifestOf(store, l, g, fingerprint, o)
	b, err := buildDatabase(ctx, p, dir, filepath.Join(dir, "spilled"), g, catalogue(p, g.batches, g.asked), m, o,
		func() { r.mark(o, "model") })
	r.built(b)
	if err != nil {
		return err
	}
	r.Snapshot.Runs = earlierRuns(p, store)
	return nil
}

// built is what was computed into a release's database: its checks, those that did not pass with their rows, the
// figures with what is restated of them, and the verdicts that closings gave.
type built struct {
	checks   []kpi.Check
	failures []warehouse.Failure
	snapshot *kpi.Snapshot
	given    []kpi.Given
}

func (r *Result) built(b built) { r.Checks, r.Failures, r.Snapshot = b.checks, b.failures, b.snapshot }

// buildDatabase computes the release database in dir, checks it and reads its values; temp is where it spills, modelled is
// called once its models are made. With an error comes what was made before it.
func buildDatabase(ctx context.Context, p *project.Project, dir, temp string, g given, c Catalogue, m release.Manifest, o Options,
	modelled func()) (b built, err error) {
	if err := durable.MakeDir(temp); err != nil {
		return b, err
	}
	limits := duck.Limits{TempDir: temp, Threads: threadsFor(g.batches)}
	db, err := warehouse.Open(ctx, filepath.Join(dir, release.DatabaseFile), limits)
	if err != nil {
		return b, err
	}
	defer func() { err = duck.Disk(dir, errors.Join(err, db.Close())) }()
	in := warehouse.Inputs{
		Given: p.Given, Pages: p.SQL, Models: p.Models, Tables: p.LakeTables(), Batches: g.batches, Asked: g.asked,
		Documents: p.Documents, Spare: p.Spare, Idle: p.Idle, Region: p.Config.Region, Regions: p.Places(), Schools: p.Schools,
		Recognition: p.Recognition, Since: p.Config.Since, AsOf: o.AsOf, Mask: p.Mask,
	}
	if err := db.Build(ctx, in, o.Watch.Stage); err != nil {
		return b, err
	}
	modelled()
	if b.checks, b.failures, err = db.Check(ctx, in); err != nil {
		return b, err
	}
	m.Checks = b.checks
	s, err := snapshot(ctx, db, c, m, o.AsOf)
	if err != nil {
		return b, err
	}
	if s.Restated, err = restatements(ctx, p, db, c, s, o); err != nil {
		return b, err
	}
	if b.given, err = verdictsGiven(p, c, s.Restated, o); err != nil {
		return b, err
	}
	s.Recall(b.given)
	b.snapshot = s
	return b, db.Checkpoint(ctx)
}

// manyRows is from where on a model is worth several threads of the database. Of fewer it takes
// longer to share a model out than to run it, and several models run at a time.
const manyRows = 200_000

func threadsFor(batches []lake.Batch) int {
	rows := int64(0)
	for _, b := range batches {
		if rows += b.Loaded; rows >= manyRows {
			return 0
		}
	}
	return 1
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
func fingerprint(p *project.Project, g given, o Options) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, o.Version, o.AsOf, p.Mask.Fingerprint())
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
	closed, err := closings(p)
	if err != nil {
		return "", err
	}
	for _, c := range closed {
		fmt.Fprintln(h, c.Quarter, c.Release, c.FactsSHA256, len(c.Reopened))
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
		if err != nil || e.IsDir() || strings.HasSuffix(path, project.CaseFile) || strings.HasSuffix(path, ".md") { // these define nothing
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

// counting are the batches that a release is made of: those of sources that chosen documents need.
func counting(p *project.Project, batches []lake.Batch) []lake.Batch {
	return slices.DeleteFunc(slices.Clone(batches), func(b lake.Batch) bool { return p.Idle[b.Source] })
}

// Releases is the project's release store.
func Releases(p *project.Project) release.Store {
	return release.NewStore(p.Var()).ServedTo(p.Config.SiteGroup)
}

// held are the files that wait to be confirmed: of a run that leaves the inbox alone,
// those its release knew of that still lie there.
func held(p *project.Project, files []load.FileResult, current release.Manifest, o Options) (list []kpi.Held) {
	if o.SkipInbox {
		for _, h := range current.Held {
			if !p.Idle[h.Source] && load.StillThere(p, h.File) {
				list = append(list, h)
			}
		}
		return list
	}
	for _, f := range files {
		if f.Held != nil && !p.Idle[f.Held.Source] {
			list = append(list, *f.Held)
		}
	}
	return list
}
