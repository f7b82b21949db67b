package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/release"
)

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

// prune deletes releases and logs that are older than is retained, the oldest first. What cannot
// be deleted stays; the next run tries again.
func prune(p *project.Project, now time.Time) (n Pruned, err error) {
	closed, err := ClosedQuarters(p)
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
	store := Releases(p)
	old, err := store.Prunable(p.Config.Retain.Releases, named...)
	if err == nil && len(old) > 0 {
		n.Releases, err = pruneReleases(p, store, old, now)
	}
	logs, logErr := pruneLogs(p)
	n.Logs = logs
	return n, errors.Join(err, logErr)
}

// pruneReleases deletes releases. The ledger says so before: a release that the history lacks
// was given up, not lost.
func pruneReleases(p *project.Project, store release.Store, old []string, now time.Time) (n int, err error) {
	l, err := openLake(p)
	if err != nil {
		return 0, fmt.Errorf("prune releases: %w", err)
	}
	for _, id := range old {
		if !l.Ledger().WasRelease(id) { // else a run died between the two
			why := fmt.Sprintf("retain: %d releases", p.Config.Retain.Releases)
			if err := l.Record(lake.Entry{What: lake.Pruned, ID: id, At: now, Reason: why}); err != nil {
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
func pruneLogs(p *project.Project) (n int, err error) {
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
