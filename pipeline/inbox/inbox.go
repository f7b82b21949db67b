// Package inbox takes bureaus' files out of the folder that they write to, and gives back
// what was not loaded. A file is claimed before it is read: looked at through a descriptor
// that follows no link and waits for nobody, left alone while it grows, then moved by rename
// into a private folder. Everything is read from there, so that whatever comes under the same
// name afterwards is another file.
//
//	var/inbox/<bureau>/…/<name>
//	var/inbox-claimed/<number of the run>/<bureau>/…/<name>   what a run has claimed
//	var/inbox-claimed/partial                                 a copy under way
//	var/inbox/<bureau>/.citykpi-claimed/<name>                of an inbox on another disk, while it is copied
//
// What a run that died had claimed is what the next one lists first, under its old name. Only the
// holder of the run lock may use an Inbox.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"citykpi/pipeline/durable"

	"golang.org/x/sys/unix"
)

// Clock tells how long a file has lain there, and waits. It is the machine's own even where
// a run works as if it were another day: files know no other.
type Clock struct {
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Inbox is the folder of one project that bureaus write to. Close it when all claims have come to an end.
type Inbox struct {
	dir     string
	claimed string // the private folder
	run     string // number of this run's folder in it
	settle  time.Duration
	clock   *Clock
	device  uint64              // that claimed is on
	folders map[string]struct{} // of this run's claims that are there
	newest  map[string]*File    // of the claims of one name the last: it has the name if it goes back
}

const (
	partial   = "partial"            // in the private folder: copies that are not whole
	parked    = ".citykpi-claimed"   // in a bureau's folder on another disk: files that are being copied
	returning = ".citykpi-returning" // likewise: one that is being copied back
	maxDepth  = 64                   // of folders in folders
)

// Open prepares the inbox in dir, which need not exist, and the private folder. Files must not have
// changed for settle before they are claimed; a nil clock lets them through at once.
func Open(dir, claimed string, settle time.Duration, clock *Clock) (*Inbox, error) {
	if err := durable.MakeDir(filepath.Dir(claimed)); err != nil {
		return nil, fmt.Errorf("make %s: %w", claimed, err)
	}
	if err := os.Mkdir(claimed, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make %s: %w", claimed, err)
	}
	b := &Inbox{dir: dir, claimed: claimed, settle: settle, clock: clock, folders: map[string]struct{}{}, newest: map[string]*File{}}
	var st unix.Stat_t
	if err := unix.Lstat(claimed, &st); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: claimed, Err: err}
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		return nil, fmt.Errorf("%s is no folder. Try: move it away", claimed)
	}
	b.device = st.Dev
	if st.Mode&0o077 != 0 { // nobody else may come in between
		if err := os.Chmod(claimed, 0o700); err != nil {
			return nil, fmt.Errorf("keep others out of %s: %w", claimed, err)
		}
	}
	if err := os.RemoveAll(filepath.Join(claimed, partial)); err != nil {
		return nil, fmt.Errorf("clear half copies: %w", err)
	}
	runs, err := b.runs()
	if err != nil {
		return nil, err
	}
	last := 0
	if len(runs) > 0 {
		last, _ = strconv.Atoi(runs[len(runs)-1])
	}
	b.run = fmt.Sprintf("%06d", last+1)
	return b, nil
}

// runs are the numbers of runs that have left claims, the oldest first.
func (b *Inbox) runs() ([]string, error) {
	entries, err := os.ReadDir(b.claimed)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", b.claimed, err)
	}
	var names []string
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err == nil && e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return x - y
	})
	return names, nil
}

// Close removes the folders that are empty now.
func (b *Inbox) Close() {
	runs, err := b.runs()
	if err != nil {
		return // the next run tries again
	}
	for _, run := range runs { // also of runs before this one
		removeEmpty(filepath.Join(b.claimed, run), 0)
	}
}

func removeEmpty(dir string, depth int) {
	entries, err := os.ReadDir(dir)
	if err != nil || depth > maxDepth {
		return
	}
	for _, e := range entries {
		if e.IsDir() {
			removeEmpty(filepath.Join(dir, e.Name()), depth+1)
		}
	}
	os.Remove(dir) // refused while something is in it
}

// Entry is a name in the inbox: a file to be claimed, or what cannot be one.
type Entry struct {
	Name string // below the inbox, with slashes
	Err  error  // why it can be no export
	left string // of a run that died: the number of its folder
	seen identity
}

// List lists what a run that died has left, then what lies in the inbox, by name. Hidden files and
// folders are left alone: so bureaus' copy programs name what is not whole yet.
func (b *Inbox) List() ([]*Entry, error) {
	var list []*Entry
	runs, err := b.runs()
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		if list, err = b.walk(list, filepath.Join(b.claimed, run), run); err != nil {
			return nil, err
		}
	}
	return b.walk(list, b.dir, "")
}

// walk appends the files below root to list. A folder that cannot be read is an entry with an error.
func (b *Inbox) walk(list []*Entry, root, run string) ([]*Entry, error) {
	top, err := os.Open(root) // may be a link to a share
	if errors.Is(err, fs.ErrNotExist) {
		return list, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read inbox: %w", err)
	}
	defer top.Close()
	var in func(dir *os.File, below string, depth int)
	in = func(dir *os.File, below string, depth int) {
		names, err := dir.Readdirnames(-1)
		if err == nil && run == "" && slices.Contains(names, parked) {
			if err = b.unpark(dir, below, list); err == nil {
				names, err = again(dir)
			}
		}
		if err != nil {
			err = fmt.Errorf("%s: %w. Try: let the user citykpi runs as read that folder", below, reason(err))
			list = append(list, &Entry{Name: below, left: run, Err: err})
		}
		slices.Sort(names)
		for _, name := range names {
			if hidden(name) && run == "" {
				continue
			}
			e := &Entry{Name: path.Join(below, name), left: run}
			var err error
			if e.seen, err = statAt(dir, name); errors.Is(err, fs.ErrNotExist) {
				continue // its bureau has taken it away
			}
			if err == nil && e.seen.folder() {
				if depth >= maxDepth {
					err = errors.New("too many folders in each other")
				} else {
					var sub *os.File
					if sub, err = openFolder(dir, name); err == nil {
						in(sub, e.Name, depth+1)
						sub.Close()
						continue
					}
				}
				err = fmt.Errorf("%s: %w. Try: let the user citykpi runs as read that folder", e.Name, reason(err))
			} else if err == nil && !e.seen.regular() {
				err = notRegular(e.Name)
			}
			e.Err = err
			list = append(list, e)
		}
	}
	in(top, "", 0)
	return list, nil
}

// again reads the names in a folder once more.
func again(dir *os.File) ([]string, error) {
	if _, err := dir.Seek(0, 0); err != nil {
		return nil, err
	}
	return dir.Readdirnames(-1)
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") }

func notRegular(name string) error {
	return fmt.Errorf("%s: not a regular file. Try: copy the file itself into the inbox", name)
}

// folder opens the folder of a name below the inbox, every step of the way without following a link.
func (b *Inbox) folder(below string) (*os.File, error) {
	dir, err := os.Open(b.dir)
	if err != nil {
		return nil, err
	}
	if below == "." {
		return dir, nil
	}
	for _, name := range strings.Split(below, "/") {
		sub, err := openFolder(dir, name)
		dir.Close()
		if err != nil {
			return nil, err
		}
		dir = sub
	}
	return dir, nil
}

// claimFolder is this run's private folder for files of a folder below the inbox.
func (b *Inbox) claimFolder(below string) (*os.File, error) {
	dir := filepath.Join(b.claimed, b.run, filepath.FromSlash(below))
	if _, ok := b.folders[dir]; !ok {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		b.folders[dir] = struct{}{}
	}
	return os.Open(dir)
}

// Sync makes the places of all claims durable: from then on a manifest may name them.
func (b *Inbox) Sync() error {
	for dir := range b.folders {
		for ; dir != b.claimed; dir = filepath.Dir(dir) {
			if err := durable.Sync(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("claim files: %w", err)
			}
		}
	}
	return durable.Sync(b.claimed)
}
