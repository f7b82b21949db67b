package lake

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// What was forgotten counts no more and is kept all the same. The line of it says which bytes there were
// (Entry.Files), so that they cannot go unseen; where they have gone, forgetting it once more records that.
// Lines of an older build say nothing of them.

// lasting is what there is to be kept of a batch's folder and of originals, by their paths in the lake. What cannot
// be read is not promised to be kept.
func (l *Lake) lasting(names []string) map[string]File {
	files := map[string]File{}
	for _, name := range names {
		_ = filepath.WalkDir(filepath.Join(l.root, filepath.FromSlash(name)), func(at string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			below, err := filepath.Rel(l.root, at)
			if err != nil {
				return nil
			}
			if f, err := HashFile(at); err == nil {
				files[filepath.ToSlash(below)] = f
			}
			return nil
		})
	}
	return files
}

// givenUp are the newest lines of what was forgotten, and counts no more.
func (g *Ledger) givenUp() (list []Entry) {
	for _, e := range g.all {
		if e.What == Forgotten && g.forgotten[e.ID].N == e.N && g.batches[e.ID].N == 0 {
			list = append(list, e)
		}
	}
	return list
}

// putAwayAs is where a file that was forgotten lies: until the next run it may still be in its place.
func (l *Lake) putAwayAs(name string) string {
	away := filepath.Join(l.root, forgottenDir, filepath.FromSlash(name))
	if _, err := os.Lstat(away); err != nil {
		if place := filepath.Join(l.root, filepath.FromSlash(name)); isRegular(place) {
			return place
		}
	}
	return away
}

func isRegular(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}

// keptOfForgotten are the files that must still be there of what was forgotten.
func (l *Lake) keptOfForgotten(e Entry) (list []Wanted) {
	id := e.ID
	if strings.HasPrefix(id, originalsDir+"/") {
		id = "'" + id + "'"
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		list = append(list, Wanted{l.putAwayAs(name), e.Files[name], func(err error) error {
			return problem(id, fmt.Errorf("of what was given up %w", plainError(err)))
		}})
	}
	return list
}

// GivenUp counts the batches and originals that were forgotten and of which something is kept, and names
// those of which nothing is.
func (l *Lake) GivenUp() (kept int, gone []string) {
	for _, e := range l.ledger.givenUp() {
		if e.Source == "" && e.Seq == 0 && e.Originals == nil {
			continue // a release, which can be made again
		}
		names := slices.Collect(maps.Keys(e.Files))
		if len(names) == 0 { // of an older build, or nothing was left
			names = append(slices.Clone(e.Originals), path.Join(e.Source, e.ID, manifestFile))
		}
		if slices.ContainsFunc(names, func(name string) bool { return isRegular(l.putAwayAs(name)) }) {
			kept++
		} else {
			gone = append(gone, e.ID)
		}
	}
	return kept, gone
}

// forgetAgain is the line for what was forgotten before and has lost bytes since; without any it is nothing to forget.
func (l *Lake) forgetAgain(before Entry) (e Entry, lost bool) {
	e = Entry{What: Forgotten, ID: before.ID, Source: before.Source, Seq: before.Seq, SHA256: before.SHA256, Files: map[string]File{}}
	for name, f := range before.Files {
		if (Wanted{Path: l.putAwayAs(name), File: f}).check() == nil {
			e.Files[name] = f
		}
	}
	return e, len(e.Files) < len(before.Files)
}

// finishForgetting moves away what a run that died between record and move left in its place. An original
// that was filed again since belongs to its new batch.
func (l *Lake) finishForgetting() error {
	for _, e := range l.ledger.all {
		if e.What != Forgotten {
			continue
		}
		for _, name := range e.Originals {
			if l.ledger.originals[name].N == 0 && isRegular(filepath.Join(l.root, filepath.FromSlash(name))) {
				if err := l.putAway(filepath.FromSlash(name)); err != nil {
					return err
				}
			}
		}
	}
	for _, dir := range l.unmoved {
		if err := l.putAway(dir); err != nil {
			return err
		}
	}
	l.unmoved = nil
	return nil
}
