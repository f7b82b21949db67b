package inbox

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/durable"

	"golang.org/x/sys/unix"
)

// Waiting says why a file is left where it is for now: it is not whole yet, or seems not to be.
type Waiting struct{ Name, Why string }

func (w *Waiting) Error() string {
	return w.Name + ": " + w.Why + ". It waits in the inbox for the next run"
}

// ErrGone means that a file was taken out of the inbox before it was claimed.
var ErrGone = errors.New("no such file")

// Claim claims files, each for itself: of one that is not claimed the Entry's Err says why. Files that
// are younger than the time to settle are waited for, all at once. An error of Claim's own is the disk's.
func (b *Inbox) Claim(ctx context.Context, entries []*Entry) ([]*File, error) {
	watched, err := b.watch(ctx, entries)
	if err != nil {
		return nil, err
	}
	files := make([]*File, len(entries))
	folder := map[string][]int{}
	var folders []string
	for i, e := range entries {
		if e.Err != nil {
			continue
		}
		if e.left != "" {
			files[i], e.Err = b.takeUp(e)
			continue
		}
		below := path.Dir(e.Name)
		if folder[below] == nil {
			folders = append(folders, below)
		}
		folder[below] = append(folder[below], i)
	}
	for _, below := range folders {
		if err := b.claimIn(below, folder[below], entries, files, watched); err != nil {
			return files, err
		}
	}
	for _, c := range files { // what runs that died have left stands first
		if c != nil {
			b.newest[c.Name] = c
		}
	}
	return files, b.Sync()
}

// ClaimOwn claims a file that the program itself has put into the inbox, whole.
func (b *Inbox) ClaimOwn(name string) (*File, error) {
	e := &Entry{Name: name}
	dir, err := b.folder(path.Dir(name))
	if err == nil {
		e.seen, err = statAt(dir, path.Base(name))
		dir.Close()
	}
	if err != nil {
		return nil, err
	}
	files := make([]*File, 1)
	if err := b.claimIn(path.Dir(name), []int{0}, []*Entry{e}, files, time.Time{}); err != nil {
		return nil, err
	}
	if e.Err != nil {
		return nil, e.Err
	}
	return files[0], b.Sync()
}

// watch waits until every file could have settled, and returns since when they have been looked
// at. Whoever writes to another machine's disk is on another machine's clock: there, and where a file
// claims to be from the future, only watching tells.
func (b *Inbox) watch(ctx context.Context, entries []*Entry) (since time.Time, err error) {
	if b.clock == nil || b.settle <= 0 {
		return time.Time{}, nil
	}
	since = b.clock.Now()
	wait := time.Duration(0)
	for _, e := range entries {
		if e.Err != nil || e.left != "" {
			continue
		}
		age := since.Sub(e.seen.youngest())
		if e.seen.device != b.device || age < 0 {
			age = 0
		}
		wait = max(wait, b.settle-age)
	}
	if wait > 0 {
		err = b.clock.Sleep(ctx, wait)
	}
	return since, err
}

// claimIn claims the entries of one folder. Its error is the disk's; that of one file is in its entry.
func (b *Inbox) claimIn(below string, which []int, entries []*Entry, files []*File, watched time.Time) error {
	from, err := b.folder(below)
	if err != nil {
		for _, i := range which {
			entries[i].Err = fmt.Errorf("%s: %w. Try: let the user citykpi runs as read its folder", entries[i].Name, reason(err))
		}
		return nil
	}
	defer from.Close()
	to, err := b.claimFolder(below)
	if err != nil {
		return fmt.Errorf("claim files: %w", err)
	}
	defer to.Close()
	for _, i := range which {
		e := entries[i]
		files[i], e.Err = b.claim(from, to, e, watched)
		if e.Err == nil {
			durable.Step("claimed")
			continue
		}
		var disk *durable.DiskError
		if errors.As(durable.Disk(e.Err), &disk) && !errors.Is(e.Err, fs.ErrPermission) { // full, broken, read-only: no bureau's fault
			return disk
		}
	}
	unix.Unlinkat(int(from.Fd()), parked, unix.AT_REMOVEDIR) // refused while something is in it
	return nil
}

// claim takes one file out of a bureau's folder.
func (b *Inbox) claim(from, to *os.File, e *Entry, watched time.Time) (*File, error) {
	name := path.Base(e.Name)
	wait := func(why string) error { return &Waiting{e.Name, why} }
	if i := slices.IndexFunc(unfinished, func(end string) bool { return strings.HasSuffix(strings.ToLower(name), end) }); i >= 0 {
		return nil, wait("its name says that it is still being copied (" + unfinished[i] + ")")
	}
	f, now, err := b.look(from, e)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !watched.IsZero() {
		at := b.clock.Now()
		quiet := at.Sub(now.youngest()) // on this machine's clock
		if now.device != b.device || quiet > at.Sub(watched) && !now.same(e.seen) {
			quiet = 0
		}
		if now.same(e.seen) {
			quiet = max(quiet, at.Sub(watched))
		}
		if quiet < b.settle {
			return nil, wait(fmt.Sprintf("it was written to within the last %s", b.settle))
		}
	}
	if beingWritten(f) {
		return nil, wait("another program has it open for writing")
	}
	err = takeIn(from, name, to)
	switch {
	case errors.Is(err, unix.EXDEV):
		return b.claimByCopy(from, to, e.Name, f)
	case errors.Is(err, fs.ErrNotExist):
		return nil, wait("it was replaced or taken away while it was claimed")
	case errors.Is(err, fs.ErrExist):
		return nil, wait("an earlier file of this name could not be put back into the inbox")
	case err != nil:
		return nil, cannotTake(from, e.Name, err)
	}
	c := &File{box: b, Name: e.Name, Path: filepath.Join(to.Name(), name)}
	if err := c.own(to, f, now); err != nil {
		return nil, c.released(err)
	}
	return c, nil
}

// unfinished is how names end that copy programs give to what is not whole yet.
var unfinished = []string{".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp"}

// cannotTake is one file's error where rights are missing, and otherwise the disk's.
func cannotTake(from *os.File, name string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("take %s out of the inbox: %w. Try: let the user citykpi runs as write to its folder", name, reason(err))
	}
	return fmt.Errorf("take %s out of the inbox: %w", filepath.Join(from.Name(), path.Base(name)), reason(err))
}

// look opens a file of the inbox and sees what it is now.
func (b *Inbox) look(from *os.File, e *Entry) (*os.File, identity, error) {
	now, err := statAt(from, path.Base(e.Name)) // a pipe or device is not even opened
	if errors.Is(err, fs.ErrNotExist) {
		return nil, now, fmt.Errorf("%s: %w. Try: see whether its bureau has taken it back", e.Name, ErrGone)
	}
	if err != nil {
		return nil, now, err
	}
	if !now.regular() {
		return nil, now, notRegular(e.Name)
	}
	f, err := openAt(from, path.Base(e.Name), 0)
	switch {
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.ENXIO):
		return nil, now, notRegular(e.Name)
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.ETXTBSY), errors.Is(err, fs.ErrNotExist):
		return nil, now, &Waiting{e.Name, "another program is at work on it"}
	case err != nil:
		return nil, now, fmt.Errorf("%s: %w. Try: let the user citykpi runs as read it", e.Name, reason(err))
	}
	opened, err := stat(f)
	if err == nil && !opened.same(now) {
		err = &Waiting{e.Name, "it was replaced or written to while it was claimed"}
	}
	if err != nil {
		f.Close()
		return nil, now, err
	}
	return f, now, nil
}

// own makes sure that what was renamed into the private folder is what was looked at, and that
// nobody else can change it: not through a descriptor, and not through another name.
func (c *File) own(private, looked *os.File, before identity) error {
	name := filepath.Base(c.Path)
	here, err := statAt(private, name)
	if err != nil {
		return err
	}
	c.id = here
	if !here.sameBytes(before) {
		return &Waiting{c.Name, "it was replaced or written to while it was claimed"}
	}
	if looked != nil && beingWritten(looked) {
		return &Waiting{c.Name, "another program has it open for writing"}
	}
	if here.links == 1 {
		return nil
	}
	f, err := openAt(private, name, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return c.box.copyIn(c, f, private, true)
}

// takeUp makes what a run that died had claimed a claim of this one.
func (b *Inbox) takeUp(e *Entry) (*File, error) {
	c := &File{box: b, Name: e.Name, Path: filepath.Join(b.claimed, e.left, filepath.FromSlash(e.Name)), id: e.seen}
	private, err := os.Open(filepath.Dir(c.Path))
	if err != nil {
		return nil, err
	}
	defer private.Close()
	f, err := openAt(private, filepath.Base(c.Path), 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := c.own(private, f, e.seen); err != nil {
		return nil, c.released(err)
	}
	return c, nil
}

// released gives a claim back that came to nothing, and adds to why what went wrong with that.
func (c *File) released(why error) error {
	_, err := c.GiveBack()
	switch {
	case err == nil:
		return why
	case why == nil:
		return err
	}
	return fmt.Errorf("%w; %w", why, err)
}

// claimByCopy claims a file of an inbox on another disk. Its name there goes first, to a folder beside it that
// bureaus do not look into, so that what they put under it meanwhile is never touched; it is deleted when a copy
// that was read back and found the same is on this disk.
func (b *Inbox) claimByCopy(from, to *os.File, name string, f *os.File) (*File, error) {
	base := path.Base(name)
	if err := retry(func() error { return unix.Mkdirat(int(from.Fd()), parked, 0o700) }); err != nil && !errors.Is(err, unix.EEXIST) {
		return nil, cannotTake(from, name, err)
	}
	park, err := openFolder(from, parked)
	if err != nil {
		return nil, cannotTake(from, name, err)
	}
	defer park.Close()
	before, err := stat(f)
	if err != nil {
		return nil, err
	}
	if err := takeIn(from, base, park); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &Waiting{name, "it was replaced or taken away while it was claimed"}
		}
		return nil, cannotTake(from, name, err)
	}
	durable.Step("parked")
	c := &File{box: b, Name: name, Path: filepath.Join(to.Name(), base)}
	here, err := statAt(park, base)
	if err == nil && !here.sameBytes(before) {
		err = &Waiting{name, "it was replaced or written to while it was claimed"}
	}
	if err == nil {
		err = b.copyIn(c, f, to, false)
	}
	if err == nil {
		var left identity
		if left, err = statAt(park, base); err == nil && left.same(here) {
			return c, unix.Unlinkat(int(park.Fd()), base, 0)
		}
		return c, nil // somebody has reached into the folder: the next run puts what it finds there back
	}
	if _, back := giveBack(park, base, from, name, 1); back != nil {
		err = fmt.Errorf("%w; %w", err, back)
	}
	return nil, err
}

// copyIn gives a claim bytes of its own: those of f, read back to see that they are the same, durable, under the
// claim's path, with the time and the rights of the original.
func (b *Inbox) copyIn(c *File, f, private *os.File, over bool) error {
	before, err := stat(f)
	if err != nil {
		return err
	}
	half := filepath.Join(b.claimed, partial)
	out, err := os.OpenFile(half, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("copy %s: %w", c.Name, err)
	}
	defer os.Remove(half) // of a copy that failed
	defer out.Close()
	if err := copyWhole(out, f, before); err != nil {
		return fmt.Errorf("copy %s: %w", c.Name, err)
	}
	after, err := stat(f)
	if err != nil {
		return err
	}
	if !after.same(before) || beingWritten(f) {
		return &Waiting{c.Name, "it was written to while it was claimed"}
	}
	if _, err := statAt(private, filepath.Base(c.Path)); !over && !errors.Is(err, fs.ErrNotExist) {
		return &Waiting{c.Name, "an earlier file of this name could not be put back into the inbox"}
	}
	err = os.Rename(half, c.Path)
	if err == nil {
		err = private.Sync()
	}
	if err == nil {
		c.id, err = statAt(private, filepath.Base(c.Path))
	}
	if err != nil {
		return fmt.Errorf("copy %s: %w", c.Name, err)
	}
	return nil
}

// copyWhole copies what an open file holds, reads it back, and gives the copy the file's time and rights.
func copyWhole(out, f *os.File, of identity) error {
	read := sha256.New()
	if _, err := io.Copy(out, io.TeeReader(io.NewSectionReader(f, 0, of.size), read)); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	written := sha256.New()
	if _, err := io.Copy(written, io.NewSectionReader(out, 0, of.size+1)); err != nil {
		return err
	}
	if string(read.Sum(nil)) != string(written.Sum(nil)) {
		return errors.New("the copy is not what was read. Try: look at both disks (dmesg), then run again")
	}
	unix.Fchown(int(out.Fd()), int(of.owner), int(of.group)) // root can; for others it stays theirs
	if err := out.Chmod(fs.FileMode(of.mode & 0o777)); err != nil {
		return err
	}
	return unix.UtimesNanoAt(unix.AT_FDCWD, fmt.Sprint("/proc/self/fd/", out.Fd()), []unix.Timespec{of.modified, of.modified}, 0)
}
