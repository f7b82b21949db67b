package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"citykpi/pipeline/release"
)

// Retain is how much is kept of what tells of the past. Batches, originals and closed quarters
// are no part of it: they are kept for ever.
type Retain struct {
	Releases int `yaml:"releases"` // newest releases, besides what serves, is pinned, came before that, or was closed
	History  int `yaml:"history"`  // days of the schedule's history
	Runs     int `yaml:"runs"`     // newest runs that made no release
	Logs     int `yaml:"logs"`     // days of files in var/logs, counted back from the newest
}

// Pruned counts what a run deleted because it was older than is retained.
type Pruned struct{ Releases, History, Logs int }

func (n Pruned) String() string {
	var parts []string
	for _, of := range []struct {
		n    int
		what string
	}{{n.Releases, "releases"}, {n.History, "due times of the schedule"}, {n.Logs, "logs"}} {
		if of.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", of.n, of.what))
		}
	}
	return strings.Join(parts, ", ")
}

// Bound is from where to where a number of citykpi.yml may go.
type Bound struct {
	Key         string // retain.releases
	Least, Most int
	of          string
	is          func(Config) int
}

// Bounds are those of the numbers that would keep nothing, or more than the program can read.
var Bounds = []Bound{
	{"retain.releases", 2, 10_000, "releases, at least 2: the one that serves and the one before it",
		func(c Config) int { return c.Retain.Releases }},
	{"retain.history", 1, 36_500, "days", func(c Config) int { return c.Retain.History }},
	{"retain.runs", 1, 10_000, "runs", func(c Config) int { return c.Retain.Runs }},
	{"retain.logs", 1, 36_500, "days", func(c Config) int { return c.Retain.Logs }},
	{"parallel", 1, 64, "jobs", func(c Config) int { return c.Parallel }},
}

// checkBounds refuses numbers outside them.
func (p *Project) checkBounds(text []byte) error {
	var wrong problems
	for _, b := range Bounds {
		if is := b.is(p.Config); is < b.Least || is > b.Most {
			keys := strings.Split(b.Key, ".")
			wrong.add(fmt.Errorf("%s:%d: %s: %d is not from %d to %d %s. Try: %s: %d", ConfigFile, configLine(text, keys...), b.Key,
				is, b.Least, b.Most, b.of, keys[len(keys)-1], b.is(DefaultConfig)))
		}
	}
	return wrong.err()
}

// prune deletes releases and logs that are older than is retained, the oldest first. What cannot
// be deleted stays; the next run tries again.
func (p *Project) prune(now time.Time) (n Pruned, err error) {
	closed, err := p.ClosedQuarters()
	if err != nil {
		return n, fmt.Errorf("prune releases: %w", err) // what must stay is not known
	}
	var named []string
	for _, c := range closed {
		named = append(named, c.Release)
		for _, r := range c.Reopened {
			named = append(named, r.Release)
		}
	}
	store := p.Releases()
	old, err := store.Prunable(p.Config.Retain.Releases, named...)
	if err == nil && len(old) > 0 {
		n.Releases, err = p.pruneReleases(store, old, now)
	}
	logs, logErr := p.pruneLogs()
	n.Logs = logs
	return n, errors.Join(err, logErr)
}

// pruneReleases deletes releases. The ledger says so before: a release that the history lacks
// was given up, not lost.
func (p *Project) pruneReleases(store release.Store, old []string, now time.Time) (n int, err error) {
	l, err := openLake(p)
	if err != nil {
		return 0, fmt.Errorf("prune releases: %w", err)
	}
	for _, id := range old {
		if !l.Ledger().WasRelease(id) { // else a run died between the two
			if err := p.RecordPruned(l, id, fmt.Sprintf("retain: %d releases", p.Config.Retain.Releases), now); err != nil {
				return n, err
			}
		}
		if err := store.Prune(id); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// pruneLogs deletes files of var/logs that are older than is retained, as seen from the newest:
// the files' own times are compared, whatever clock a run is given.
func (p *Project) pruneLogs() (n int, err error) {
	entries, err := os.ReadDir(p.Var("logs"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("prune logs: %w", err)
	}
	var newest time.Time
	written := map[string]time.Time{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue // it has gone, or is no log
		}
		written[e.Name()] = info.ModTime()
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	oldest := newest.AddDate(0, 0, -p.Config.Retain.Logs)
	for name, at := range written {
		if at.After(oldest) {
			continue
		}
		if err := os.Remove(p.Var("logs", name)); err != nil {
			return n, fmt.Errorf("prune logs: %w", err)
		}
		n++
	}
	return n, nil
}
