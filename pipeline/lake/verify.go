package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"citykpi/pipeline/durable"

	"golang.org/x/sync/errgroup"
)

// checkedEnd is the end of the name of an empty file whose date says when the lake was last held against
// its hashes. The disk's own clock is what the files' are compared with.
const checkedEnd = ".checked"

// Check is the verification of files against their hashes.
type Check struct {
	// Since leaves out files that nobody has written, renamed or given other
	// permissions since: the disk says so (ctime), and no program can set it. The zero time
	// leaves out none.
	Since time.Time
	// Progress is told of bytes hashed; nil: nobody is. Several goroutines call it, one at a time.
	Progress func(done, total int64)
}

// Wanted is a file and what it must be.
type Wanted struct {
	Path string
	File
	Wrong func(error) error // words for what is wrong with it
}

// Files hashes the files and returns what is wrong with them, in their order.
func (c Check) Files(ctx context.Context, list []Wanted) ([]error, error) {
	var total, done int64
	list = slices.DeleteFunc(slices.Clone(list), func(w Wanted) bool { return c.unchanged(w.Path) })
	for _, w := range list {
		total += w.Size
	}
	wrong := make([]error, len(list))
	var mu sync.Mutex
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.NumCPU())
	for i, w := range list {
		work.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := w.check(); err != nil {
				wrong[i] = w.Wrong(err)
			}
			if c.Progress != nil {
				mu.Lock()
				defer mu.Unlock()
				done += w.Size
				c.Progress(done, total)
			}
			return nil
		})
	}
	err := work.Wait()
	return slices.DeleteFunc(wrong, func(err error) bool { return err == nil }), err
}

func (w Wanted) check() error {
	if err := hasSize(w.Path, w.Size, w.Size > 0); err != nil {
		return err
	}
	got, err := HashFile(w.Path)
	if err != nil {
		return plainError(err)
	}
	if got.SHA256 != w.SHA256 {
		return fmt.Errorf("%s is not what was written: its bytes have changed", filepath.Base(w.Path))
	}
	return nil
}

// unchanged reports that the file is as it was at c.Since.
func (c Check) unchanged(path string) bool {
	if c.Since.IsZero() {
		return false
	}
	info, err := os.Lstat(path)
	return err == nil && changed(info).Before(c.Since)
}

func changed(info os.FileInfo) time.Time {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(sys.Ctim.Unix())
	}
	return info.ModTime()
}

// Checking marks the beginning of a check. since is when the last one began that found nothing wrong;
// zero: there was none, or its mark is later than this one, which the file system dates as well: then
// some clock was wrong, and nothing is known. done makes it the last one; without it the mark is gone.
func (l *Lake) Checking() (since time.Time, done func() error, forget func(), err error) {
	path := filepath.Clean(l.root) + checkedEnd
	next := path + ".next"
	if err := os.Remove(next); err != nil && !errors.Is(err, os.ErrNotExist) {
		return since, nil, nil, err
	}
	if err := os.WriteFile(next, nil, durable.FileMode); err != nil {
		return since, nil, nil, err
	}
	last, err := os.Lstat(path)
	now, errNow := os.Lstat(next)
	if err == nil && errNow == nil && last.Mode().IsRegular() && !last.ModTime().After(now.ModTime()) {
		since = last.ModTime()
	}
	return since, func() error { return os.Rename(next, path) }, func() { os.Remove(next) }, errNow
}

// Verify holds the files of all batches and all originals against their hashes, without c.Since also of
// what was forgotten, and returns what is wrong in a *DamagedError; what Open said of the lake is left to it.
func (l *Lake) Verify(ctx context.Context, c Check) error {
	var list []Wanted
	for _, b := range l.batches {
		files := l.files(b)
		for _, name := range []string{rowsFile, rejectsFile} {
			if files == nil {
				continue // of an older build, and not taken over yet: nothing says what it was
			}
			list = append(list, Wanted{filepath.Join(b.Dir, name), files[name], func(err error) error { return problem(b.Batch, err) }})
		}
	}
	for _, e := range l.ledger.all {
		if e.What != Kept || l.ledger.originals[e.ID].N != e.N {
			continue
		}
		if l.lost[e.ID] {
			continue // Open has said so
		}
		list = append(list, Wanted{filepath.Join(l.root, filepath.FromSlash(e.ID)), File{e.Size, e.SHA256},
			func(err error) error { return problem("'"+e.ID+"'", err) }})
	}
	if c.Since.IsZero() { // no run needs them
		for _, e := range l.ledger.givenUp() {
			list = append(list, l.keptOfForgotten(e)...)
		}
	}
	wrong, err := c.Files(ctx, list)
	if err != nil {
		return err
	}
	if c.Since.IsZero() {
		wrong = append(wrong, l.strangers()...)
	}
	return Damaged(wrong)
}

// strangers are originals that stand on a shelf of another hash, and files in batches'
// folders that no manifest names.
func (l *Lake) strangers() (wrong []error) {
	for _, b := range l.batches {
		files, err := os.ReadDir(b.Dir)
		if err != nil {
			wrong = append(wrong, problem(b.Batch, err))
		}
		for _, f := range files {
			if !slices.Contains([]string{rowsFile, rejectsFile, manifestFile}, f.Name()) {
				wrong = append(wrong, fmt.Errorf("lake: %s: %s was added. Try: move it out of the lake", b.Batch, f.Name()))
			}
		}
	}
	kept, err := l.keptFiles(nil, false)
	if err != nil {
		return append(wrong, err)
	}
	for _, e := range kept {
		if _, noted := l.ledger.originals[e.ID]; noted {
			continue
		}
		if shelf := strings.Split(e.ID, "/")[1]; !strings.HasPrefix(e.SHA256, shelf) {
			wrong = append(wrong, fmt.Errorf("lake: '%s': its bytes are not those of its folder. Try: move it out of the lake", e.ID))
		}
	}
	return wrong
}

// hashFiles are a batch's files as they are now.
func hashFiles(dir string) (map[string]File, error) {
	files := map[string]File{}
	for _, name := range []string{rowsFile, rejectsFile} {
		f, err := HashFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		files[name] = f
	}
	return files, nil
}

// HashFile is what a file is now.
func HashFile(path string) (File, error) {
	f, err := durable.OpenRegular(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return File{n, hex.EncodeToString(h.Sum(nil))}, err
}
