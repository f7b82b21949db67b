package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
)

// lakeFor opens the lake for a run; a dry one only reads it.
func lakeFor(p *project.Project, o Options) (*lake.Lake, error) {
	if o.DryRun {
		return openLake(p)
	}
	return lakeToWrite(p, o)
}

// lakeToWrite opens the lake for the holder of the run lock, who will add to it or publish what
// it holds: it must be whole, hold all that releases were made on, and is in step with its ledger;
// the clock must not contradict it.
func lakeToWrite(p *project.Project, o Options) (*lake.Lake, error) {
	l, err := openLake(p)
	if err != nil {
		return nil, err
	}
	if err := checkClock(p, o, l.Batches(time.Time{})); err != nil {
		return nil, err
	}
	if err := notFewer(p, l); err != nil {
		return nil, err
	}
	if err := l.Recover(o.Now, func() ([]lake.Entry, error) { return madeBefore(p) }); err != nil {
		return nil, durable.Disk(err)
	}
	if err := recordReleases(p, l); err != nil {
		return nil, durable.Disk(err)
	}
	return l, durable.Disk(finishClosing(p, l))
}

// notFewer refuses a lake that lacks batches which the release that serves, or the newest one,
// was made on: it was not forgotten for a reason, but lost, or an older lake was put in its place.
func notFewer(p *project.Project, l *lake.Lake) error {
	store, g := Releases(p), l.Ledger()
	list := store.Newest(1)
	if m, err := store.Current(); err == nil && (len(list) == 0 || list[0].ID != m.ID) {
		list = append(list, m)
	}
	there := map[string]bool{}
	for _, b := range l.Batches(time.Time{}) {
		there[b.Batch] = true
	}
	for _, m := range list {
		lost := slices.DeleteFunc(slices.Clone(m.Batches), func(id string) bool { return there[id] || g.HasBatch(id) })
		if len(lost) > 0 {
			return fmt.Errorf("%w: release %s was made on batches that the lake does not have: %s. "+
				"Try: restore var/lake and %s from a backup; if there is none: citykpi lake forget BATCH --reason '…'",
				ErrFewer, m.ID, strings.Join(lost, ", "), ledgerFile)
		}
		_, recorded := g.Releases()[m.ID]
		if m.Ledger.Line > 0 && g.Complete() && !recorded && !g.WasRelease(m.ID) && !g.Holds(m.Ledger) {
			return fmt.Errorf("%w: release %s was made when the ledger had %d lines and %d batches; %s. "+
				"Try: restore var/lake and %s from one backup, or citykpi lake begin --reason '…' to take what lies there for the truth",
				ErrFewer, m.ID, m.Ledger.Line, m.Ledger.Batches, since(g.Head(), m.Ledger), ledgerFile)
		}
	}
	return nil
}

// since says what became of the ledger that a release was made on.
func since(now, then lake.Head) string {
	if now.Line < then.Line {
		return fmt.Sprintf("%d of its lines are there: the others are lost", now.Line)
	}
	return fmt.Sprintf("its line %d is another one now", then.Line)
}

const ledgerFile = "var/lake.ledger"

// madeBefore are the ledger's lines of releases and closed quarters that an older build made.
func madeBefore(p *project.Project) (list []lake.Entry, err error) {
	store := Releases(p)
	ids, err := store.IDs()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		m, err := store.Get(id)
		if err != nil {
			continue // release list names it
		}
		e, err := releaseEntry(p, m)
		if err != nil {
			return nil, err
		}
		e.Found = true
		list = append(list, e)
	}
	quarters, err := closedRecords(p)
	if err != nil {
		return nil, err
	}
	for _, q := range quarters {
		c, text, err := readClosed(p, q)
		if err != nil {
			return nil, err
		}
		e := closingEntry(c, text)
		e.Found = true
		list = append(list, e)
	}
	return list, nil
}

func releaseEntry(p *project.Project, m release.Manifest) (lake.Entry, error) {
	f, err := lake.HashFile(Releases(p).ManifestPath(m.ID))
	return lake.Entry{What: lake.Published, ID: m.ID, At: m.CreatedAt, SHA256: f.SHA256, Size: f.Size}, err
}

// recordReleases writes the lines of releases that a run published right before it died.
func recordReleases(p *project.Project, l *lake.Lake) error {
	store, g := Releases(p), l.Ledger()
	ids, err := store.IDs()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if g.Releases()[id].N > 0 || g.WasRelease(id) {
			continue
		}
		m, err := store.Get(id)
		if err != nil || m.Previous != g.LastRelease() || !g.Holds(m.Ledger) {
			continue // strayReleases says so
		}
		if err := recordRelease(p, l, m); err != nil {
			return err
		}
	}
	return nil
}

func recordRelease(p *project.Project, l *lake.Lake, m release.Manifest) error {
	e, err := releaseEntry(p, m)
	if err != nil {
		return err
	}
	return l.Record(e)
}

// releaseDamage names releases that are missing, whose manifest was changed since, or that
// nobody published. The one that serves is always looked at, others as c says.
func releaseDamage(ctx context.Context, p *project.Project, g *lake.Ledger, c lake.Check) ([]error, error) {
	store := Releases(p)
	ids, err := store.IDs()
	if err != nil {
		return nil, err
	}
	var wrong []error
	for _, id := range ids {
		if !g.Complete() || g.Releases()[id].N > 0 || g.WasRelease(id) {
			continue
		}
		if _, err := store.Get(id); !errors.Is(err, release.ErrUnknown) {
			wrong = append(wrong, fmt.Errorf("release %s: no run of this project published it. Try: move %s elsewhere", id, store.Dir(id)))
		}
	}
	var list []lake.Wanted
	for _, e := range g.Entries() {
		if e.What != lake.Published || g.Releases()[e.ID].N != e.N {
			continue
		}
		list = append(list, lake.Wanted{Path: store.ManifestPath(e.ID), File: lake.File{Size: e.Size, SHA256: e.SHA256},
			Wrong: func(err error) error {
				if errors.Is(err, fs.ErrPermission) {
					return fmt.Errorf("release %s: %w. Try: chown it to the user citykpi runs as, with all that lies in var", e.ID, err)
				}
				return fmt.Errorf("release %s: %w. Try: restore it from a backup; "+
					"if there is none: citykpi lake forget %s --reason '…'", e.ID, err, e.ID)
			}})
	}
	changed, err := c.Files(ctx, list)
	return append(wrong, changed...), err
}

// closedDamage names closed quarters whose record or facts are not what was closed.
func closedDamage(ctx context.Context, p *project.Project, g *lake.Ledger, c lake.Check) ([]error, error) {
	quarters, err := closedRecords(p)
	if err != nil {
		return nil, err
	}
	var wrong []error
	for _, q := range quarters {
		if g.Complete() && g.Quarters()[q.String()].N == 0 {
			wrong = append(wrong, closedError(q, errors.New("nobody closed it")))
		}
	}
	var list []lake.Wanted
	for _, e := range g.Entries() {
		if g.Quarters()[e.ID].N != e.N || e.What != lake.Closing && e.What != lake.Reopening {
			continue
		}
		q, err := kpi.ParseQuarter(e.ID)
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", ledgerFile, e.N, err)
		}
		say := func(err error) error { return closedError(q, err) }
		list = append(list, lake.Wanted{Path: closedFile(p, q), File: lake.File{Size: e.Size, SHA256: e.SHA256}, Wrong: say})
		if record, _, err := readClosed(p, q); err == nil && record.Release != "" {
			list = append(list, lake.Wanted{Path: closedFacts(p, q), File: lake.File{SHA256: record.FactsSHA256}, Wrong: say})
		}
	}
	changed, err := c.Files(ctx, list)
	return append(wrong, changed...), err
}

// asLedgerSays reports a quarter whose record is not the one that the ledger tells of.
func asLedgerSays(p *project.Project, g *lake.Ledger, q kpi.Quarter) error {
	e := g.Quarters()[q.String()]
	if e.N == 0 {
		return nil
	}
	f, err := lake.HashFile(closedFile(p, q))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return closedError(q, errors.New("its record is missing"))
	case err != nil:
		return closedError(q, err)
	case f.SHA256 != e.SHA256:
		return closedError(q, errors.New("its record is not what was written: its bytes have changed"))
	}
	return nil
}

// ClosedWhole reports closed quarters that are not what was closed, as a *lake.DamagedError.
func ClosedWhole(ctx context.Context, p *project.Project) error {
	g, err := lake.ReadLedger(p.Var("lake"))
	if err != nil {
		return err
	}
	wrong, err := closedDamage(ctx, p, g, lake.Check{})
	return errors.Join(err, lake.Damaged(wrong))
}

func closedError(q kpi.Quarter, err error) error {
	return fmt.Errorf("closed quarter %s: %w. Try: restore var/closed from a backup; "+
		"if there is none: citykpi close %s --reopen --reason '…'", q, err, q)
}

// checkChanged holds what was changed since the last check against its hashes. What is wrong
// with lake or closed quarters is an error; what is wrong with releases is history: it keeps nothing
// from being published, and comes back as such.
func checkChanged(ctx context.Context, p *project.Project, l *lake.Lake) (history error, err error) {
	since, done, forget, err := l.Checking()
	if err != nil {
		return nil, durable.Disk(err)
	}
	defer forget()
	c := lake.Check{Since: since}
	if err := l.Verify(ctx, c); err != nil {
		return nil, err
	}
	closed, err := closedDamage(ctx, p, l.Ledger(), c)
	if err = errors.Join(err, lake.Damaged(closed)); err != nil {
		return nil, err
	}
	releases, err := releaseDamage(ctx, p, l.Ledger(), c)
	if err != nil {
		return nil, err
	}
	if history = lake.Damaged(releases); history != nil {
		return history, nil // looked at again by the next run
	}
	return nil, durable.Disk(done())
}

// Verified counts what Verify looked at.
type Verified struct {
	Batches, Originals, Releases, Quarters, Lines int

	Forgotten int      // batches and originals that were forgotten, and of which something is kept
	Gone      []string `json:",omitempty"` // and those of which nothing is
}

// Verify holds all that the project keeps against the hashes in its ledger and manifests: batches,
// originals, what is left of those that were forgotten, closed quarters, the manifests of all releases, and the files
// of the release that serves, or with all of every one. It takes no lock and changes nothing. What is wrong is in a
// *lake.DamagedError.
func Verify(ctx context.Context, p *project.Project, all bool, progress func(done, total int64)) (v Verified, err error) {
	for range 3 { // a run may add to what is being looked at
		before, _ := os.Stat(p.Var("lake") + ".ledger")
		if v, err = verify(ctx, p, all, progress); !errors.Is(err, lake.ErrDamaged) {
			return v, err
		}
		if after, _ := os.Stat(p.Var("lake") + ".ledger"); before == nil || after == nil || before.Size() == after.Size() {
			return v, err
		}
	}
	return v, err
}

func verify(ctx context.Context, p *project.Project, all bool, progress func(done, total int64)) (v Verified, err error) {
	var wrong []error
	collect := func(err error) error {
		var damage *lake.DamagedError
		if errors.As(err, &damage) {
			wrong = append(wrong, damage.Problems...)
			return nil
		}
		return err
	}
	l, err := openLake(p)
	if err := collect(err); err != nil {
		return v, err
	}
	c := lake.Check{Progress: progress}
	g := l.Ledger()
	if fewer := notFewer(p, l); fewer != nil {
		wrong = append(wrong, fewer)
	}
	if err := collect(l.Verify(ctx, c)); err != nil {
		return v, err
	}
	closed, err := closedDamage(ctx, p, g, lake.Check{})
	if err != nil {
		return v, err
	}
	releases, err := releaseDamage(ctx, p, g, lake.Check{})
	if err != nil {
		return v, err
	}
	wrong = slices.Concat(wrong, closed, releases)
	store := Releases(p)
	ids, err := store.IDs()
	if err != nil {
		return v, err
	}
	current, err := store.Current()
	if err != nil && !errors.Is(err, release.ErrNone) {
		wrong = append(wrong, fmt.Errorf("CURRENT: %w", err))
	}
	for _, id := range ids {
		if _, err := store.Get(id); err != nil || id != current.ID && !all {
			continue // said already
		}
		if err := store.Verify(id); err != nil {
			wrong = append(wrong, err)
		}
	}
	for _, b := range unread(p, l.Batches(time.Time{})) {
		wrong = append(wrong, errors.New(b))
	}
	v = Verified{Batches: len(l.Batches(time.Time{})), Originals: g.Originals(), Releases: len(ids),
		Quarters: len(g.Quarters()), Lines: len(g.Entries())}
	v.Forgotten, v.Gone = l.GivenUp()
	for i := range v.Gone { // originals have the names of bureaus' files
		v.Gone[i] = p.Mask.Text(v.Gone[i])
	}
	return v, lake.Damaged(wrong)
}

// unread says of sources that no contract names any more how many of their batches count no more.
func unread(p *project.Project, batches []lake.Batch) (words []string) {
	n := map[string]int{}
	for _, b := range batches {
		n[b.Source]++
	}
	for _, c := range p.Contracts {
		delete(n, c.Source)
	}
	for source, count := range n {
		words = append(words, fmt.Sprintf("lake: %d batches of source %s count no more: no contract names it. "+
			"Try: put its contract back into data/sources, or citykpi lake forget BATCH --reason '…' for each", count, source))
	}
	slices.Sort(words)
	return words
}

// Forget gives up a batch, an original or a release for a reason. See lake.Forget.
func Forget(ctx context.Context, p *project.Project, id, reason string, now time.Time) error {
	unlock, err := p.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if strings.TrimSpace(reason) == "" {
		return fmt.Errorf("forget %s: %w", id, ErrForgetReason)
	}
	l, err := openLake(p)
	var damage *lake.DamagedError
	if err != nil && !errors.As(err, &damage) { // of what is damaged something may be given up
		return err
	}
	g, store := l.Ledger(), Releases(p)
	if current, err := store.Current(); err == nil && current.ID == id {
		return fmt.Errorf("forget %s: this release serves. Try: citykpi release rollback to another one first", id)
	}
	if !g.Began() {
		if damage != nil {
			return damage // its lines would be those of what is wrong
		}
		if err := l.Recover(now, func() ([]lake.Entry, error) { return madeBefore(p) }); err != nil {
			return durable.Disk(err)
		}
	}
	for _, e := range g.Entries() { // as it was printed
		if e.What == lake.Kept && e.ID != id && p.Mask.Text(e.ID) == id {
			id = e.ID
		}
	}
	_, isRelease := g.Releases()[id]
	if err := l.Forget(id, reason, rememberedSeq(p, l, id), now); err != nil || !isRelease {
		return durable.Disk(err)
	}
	to := p.Var("lake", "forgotten", "releases", id)
	if err := durable.MakeDir(filepath.Dir(to)); err != nil {
		return durable.Disk(err)
	}
	if err := os.Rename(store.Dir(id), to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return durable.Disk(fmt.Errorf("forget release %s: %w", id, err))
	}
	return nil
}

var batchNumber = regexp.MustCompile(`-(\d{1,9})$`)

// rememberedSeq is the number of a batch that only releases know of, 0 of anything else.
func rememberedSeq(p *project.Project, l *lake.Lake, id string) int {
	number := batchNumber.FindStringSubmatch(id)
	if number == nil || l.Ledger().HasBatch(id) {
		return 0
	}
	store := Releases(p)
	known := store.Newest(1)
	if m, err := store.Current(); err == nil {
		known = append(known, m)
	}
	if !slices.ContainsFunc(known, func(m release.Manifest) bool { return slices.Contains(m.Batches, id) }) {
		return 0
	}
	seq, _ := strconv.Atoi(number[1])
	return seq
}

// BeginLedger starts the ledger over from what lies there, for a reason.
func BeginLedger(ctx context.Context, p *project.Project, reason string, now time.Time) error {
	unlock, err := p.Lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if strings.TrimSpace(reason) == "" {
		return fmt.Errorf("begin the ledger: %w", ErrForgetReason)
	}
	l, err := lake.OpenAnew(p.Var("lake"))
	if err != nil {
		return err
	}
	others, err := madeBefore(p)
	if err != nil {
		return err
	}
	return durable.Disk(l.Begin(now, reason, others))
}
