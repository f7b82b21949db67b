package inbox

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fakeClock stands still until somebody sleeps; then during is called.
type fakeClock struct {
	now    time.Time
	slept  time.Duration
	during func()
}

func (c *fakeClock) clock() *Clock {
	return &Clock{
		Now: func() time.Time { return c.now },
		Sleep: func(_ context.Context, d time.Duration) error {
			if c.now, c.slept = c.now.Add(d), c.slept+d; c.during != nil {
				c.during()
			}
			return nil
		},
	}
}

const settle = 3 * time.Second

// place is an inbox and its private folder.
type place struct {
	dir string
	*fakeClock
}

// newPlace has a clock on which everything that is there has long settled.
func newPlace(t *testing.T) place {
	t.Helper()
	return place{t.TempDir(), &fakeClock{now: time.Now().Add(time.Hour)}}
}

func (p place) inbox(name string) string { return filepath.Join(p.dir, "inbox", name) }

func (p place) open(t *testing.T) *Inbox {
	t.Helper()
	b, err := Open(p.inbox(""), filepath.Join(p.dir, "inbox-claimed"), settle, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (p place) put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.inbox(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.inbox(name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// claimAll claims what is there: the files, and what is said of all others.
func claimAll(t *testing.T, b *Inbox) (files []*File, said map[string]error) {
	t.Helper()
	list, err := b.List()
	if err != nil {
		t.Fatal(err)
	}
	found, err := b.Claim(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	said = map[string]error{}
	for i, e := range list {
		if (found[i] == nil) == (e.Err == nil) {
			t.Errorf("%s: claimed %v, and %v is said of it", e.Name, found[i] != nil, e.Err)
		}
		if found[i] != nil {
			files = append(files, found[i])
		} else {
			said[e.Name] = e.Err
		}
	}
	return files, said
}

func text(t *testing.T, c *File) string {
	t.Helper()
	f, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func isWaiting(err error) bool {
	var w *Waiting
	return errors.As(err, &w)
}

// names lists the files below a folder.
func names(t *testing.T, root string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			name, _ := filepath.Rel(root, path)
			list = append(list, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// What comes under the name of a claimed file is another file, and stays where it is
// whatever becomes of the first.
func TestNewerFileIsAnother(t *testing.T) {
	p := newPlace(t)
	p.put(t, "局/名单.xlsx", "old")
	old := time.Date(2025, 3, 1, 8, 0, 0, 0, time.UTC)
	if err := os.Chtimes(p.inbox("局/名单.xlsx"), old, old); err != nil {
		t.Fatal(err)
	}
	b := p.open(t)
	files, said := claimAll(t, b)
	if len(files) != 1 || len(said) != 0 || p.slept != 0 {
		t.Fatalf("%v %v, slept %s", files, said, p.slept)
	}
	p.put(t, "局/名单.xlsx", "new")
	p.put(t, "局/名单 (2).xlsx", "newer")
	if got := text(t, files[0]); got != "old" {
		t.Errorf("the claim reads %q", got)
	}
	now, err := files[0].GiveBack()
	if err != nil || now != "局/名单 (3).xlsx" || files[0].Claimed() {
		t.Fatalf("given back as %q: %v", now, err)
	}
	for name, want := range map[string]string{"局/名单.xlsx": "new", "局/名单 (2).xlsx": "newer", "局/名单 (3).xlsx": "old"} {
		if got, err := os.ReadFile(p.inbox(name)); err != nil || string(got) != want {
			t.Errorf("%s holds %q, want %q: %v", name, got, want, err)
		}
	}
	if info, err := os.Stat(p.inbox(now)); err != nil || !info.ModTime().Equal(old) {
		t.Errorf("it came back as of %v: %v", info.ModTime(), err)
	}
	b.Close()
	if left, err := os.ReadDir(filepath.Join(p.dir, "inbox-claimed")); err != nil || len(left) > 0 {
		t.Errorf("left in the private folder: %v %v", left, err)
	}
}

// What is not whole yet is left alone, however that shows.
func TestGrowingFilesWait(t *testing.T) {
	grow := func(t *testing.T, path string) {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString("more\n"); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		name    string
		prepare func(t *testing.T, p place, path string)
		waits   bool
		slept   time.Duration // at least
	}{
		"settled":       {"a.csv", func(*testing.T, place, string) {}, false, 0},
		"just written":  {"a.csv", func(_ *testing.T, p place, _ string) { p.now = time.Now() }, false, settle / 2},
		"named as half": {"a.csv.part", func(*testing.T, place, string) {}, true, 0},
		"of the future": {"a.csv", func(_ *testing.T, p place, _ string) { p.now = time.Now().Add(-time.Hour) }, false, settle},
		"grows, and says it is old": {"a.csv", func(t *testing.T, p place, path string) {
			p.now = time.Now()
			p.during = func() {
				grow(t, path)
				if err := os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
					t.Fatal(err)
				}
				p.now = time.Now().Add(settle / 2)
			}
		}, true, settle / 2},
		"grows in the future": {"a.csv", func(t *testing.T, p place, path string) {
			p.now = time.Now().Add(-time.Hour)
			p.during = func() { grow(t, path) }
		}, true, settle},
		"held open": {"a.csv", func(t *testing.T, p place, path string) {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if !canTellWriters(t, p.dir) {
				t.Skip("SKIPPED: this file system does not tell who writes")
			}
			t.Cleanup(func() { f.Close() })
		}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			p.put(t, "局/"+tt.name, "half\n")
			tt.prepare(t, p, p.inbox("局/"+tt.name))
			files, said := claimAll(t, p.open(t))
			if tt.waits != (len(files) == 0) || tt.waits && !isWaiting(said["局/"+tt.name]) {
				t.Errorf("claimed %d, said %v", len(files), said)
			}
			if p.slept < tt.slept || p.slept > settle {
				t.Errorf("waited %s, want from %s to %s", p.slept, tt.slept, settle)
			}
			if _, err := os.Stat(p.inbox("局/" + tt.name)); tt.waits && err != nil {
				t.Error(err)
			}
		})
	}
}

func canTellWriters(t *testing.T, dir string) bool {
	t.Helper()
	path := filepath.Join(dir, "probe")
	w, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	return beingWritten(r)
}

// Only regular files are claimed, and nothing is waited for.
func TestOddThings(t *testing.T) {
	p := newPlace(t)
	p.put(t, "局/good.csv", "x")
	outside := filepath.Join(p.dir, "outside")
	if err := os.MkdirAll(outside, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(outside, "secret.csv"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", p.inbox("局/socket.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	for _, err := range []error{
		os.Symlink(filepath.Join(outside, "secret.csv"), p.inbox("局/link.csv")),
		os.Symlink(outside, p.inbox("局/folder.csv")),
		os.Symlink("itself.csv", p.inbox("局/itself.csv")),
		syscall.Mkfifo(p.inbox("局/pipe.csv"), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"局/.hidden.csv", "局/~$good.csv", "局/.trash/old.csv"} {
		p.put(t, name, "x")
	}
	files, said := claimAll(t, p.open(t))
	if len(files) != 1 || files[0].Name != "局/good.csv" {
		t.Errorf("claimed %v", files)
	}
	for _, name := range []string{"link", "folder", "itself", "pipe", "socket"} {
		if err := said["局/"+name+".csv"]; err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(said) != 5 {
		t.Errorf("%d things are said: %v", len(said), said)
	}
}

// Another name of the same file does not reach what was claimed.
func TestHardLinkIsCopied(t *testing.T) {
	p := newPlace(t)
	p.put(t, "局/a.csv", "as it was claimed")
	other := filepath.Join(p.dir, "other-name")
	if err := os.Link(p.inbox("局/a.csv"), other); err != nil {
		t.Fatal(err)
	}
	files, said := claimAll(t, p.open(t))
	if len(files) != 1 {
		t.Fatal(said)
	}
	if err := os.WriteFile(other, []byte("written later, longer"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := text(t, files[0]); got != "as it was claimed" {
		t.Errorf("the claim holds %q", got)
	}
	if err := files[0].Unchanged(""); err != nil {
		t.Error(err)
	}
}

// A claim that is written to all the same is found out.
func TestChangedClaim(t *testing.T) {
	p := newPlace(t)
	p.put(t, "局/a.csv", "one")
	files, said := claimAll(t, p.open(t))
	if len(files) != 1 {
		t.Fatal(said)
	}
	info, err := os.Stat(files[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0].Path, []byte("two"), 0o644); err != nil { // as through a descriptor
		t.Fatal(err)
	}
	if err := os.Chtimes(files[0].Path, info.ModTime(), info.ModTime()); err != nil { // as if nothing had been
		t.Fatal(err)
	}
	const one = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
	if err := files[0].Unchanged(one); !errors.Is(err, ErrReplaced) {
		t.Errorf("want ErrReplaced, got %v", err)
	}
}

// What a run that died had claimed comes first, under its old name, also when a newer file bears it.
func TestRunThatDied(t *testing.T) {
	p := newPlace(t)
	p.put(t, "局/a.csv", "first life")
	p.put(t, "局/深/b.csv", "deep")
	if files, said := claimAll(t, p.open(t)); len(files) != 2 {
		t.Fatal(said)
	}
	p.put(t, "局/a.csv", "second life")
	if files, said := claimAll(t, p.open(t)); len(files) != 3 {
		t.Fatal(said)
	}
	p.put(t, "局/a.csv", "third life")
	b := p.open(t)
	files, _ := claimAll(t, b)
	var got []string
	for _, f := range files {
		got = append(got, f.Name+" "+text(t, f))
	}
	if want := []string{"局/a.csv first life", "局/深/b.csv deep", "局/a.csv second life", "局/a.csv third life"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, f := range files {
		if _, err := f.GiveBack(); err != nil {
			t.Error(err)
		}
	}
	if last, err := os.ReadFile(p.inbox("局/a.csv")); err != nil || string(last) != "third life" {
		t.Errorf("the name belongs to %q: %v", last, err)
	}
	b.Close()
	if got, want := names(t, p.inbox("")), []string{"局/a (2).csv", "局/a (3).csv", "局/a.csv", "局/深/b.csv"}; !slices.Equal(got, want) {
		t.Errorf("in the inbox: %q, want %q", got, want)
	}
}

// A file that cannot be put back is said to lie where it lies, and is taken up again.
func TestCannotPutBack(t *testing.T) {
	p := newPlace(t)
	p.put(t, "局/a.csv", "kept")
	b := p.open(t)
	files, _ := claimAll(t, b)
	if err := os.Remove(p.inbox("局")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.inbox("局"), []byte("no folder"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := files[0].GiveBack()
	if err == nil || !strings.Contains(err.Error(), files[0].Path) || !files[0].Claimed() {
		t.Fatalf("%v", err)
	}
	b.Close()
	if err := os.Remove(p.inbox("局")); err != nil {
		t.Fatal(err)
	}
	b = p.open(t)
	files, said := claimAll(t, b)
	if len(files) != 1 || text(t, files[0]) != "kept" {
		t.Fatalf("%v %v", files, said)
	}
	if now, err := files[0].GiveBack(); err != nil || now != "局/a.csv" { // its folder is made anew
		t.Errorf("%s %v", now, err)
	}
}

// An inbox on another disk is copied from, and never loses a name that has got a newer file.
func TestOtherDisk(t *testing.T) {
	p := newPlace(t)
	if err := os.MkdirAll(p.inbox(""), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", p.inbox(""), "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("SKIPPED: cannot mount another disk here: %v", err)
	}
	defer syscall.Unmount(p.inbox(""), syscall.MNT_DETACH)
	p.put(t, "局/a.csv", "first")
	old := time.Date(2025, 3, 1, 8, 0, 0, 123456789, time.UTC)
	if err := os.Chtimes(p.inbox("局/a.csv"), old, old); err != nil {
		t.Fatal(err)
	}
	b := p.open(t)
	files, said := claimAll(t, b)
	if len(files) != 1 || text(t, files[0]) != "first" {
		t.Fatal(said)
	}
	if p.slept != settle {
		t.Errorf("watched for %s: that disk's clock may be another", p.slept)
	}
	if left := names(t, p.inbox("")); len(left) > 0 {
		t.Errorf("left on the other disk: %v", left)
	}
	p.put(t, "局/a.csv", "second")
	now, err := files[0].GiveBack()
	if err != nil || now != "局/a (2).csv" {
		t.Fatalf("%q %v", now, err)
	}
	if info, err := os.Stat(p.inbox(now)); err != nil || !info.ModTime().Equal(old) {
		t.Errorf("it came back as of %v: %v", info.ModTime(), err)
	}
	b.Close()

	// runs that died while they copied: before the copy was whole, and after it
	for _, name := range []string{"局/" + parked + "/a.csv", "局/" + parked + "/c.csv"} {
		p.put(t, name, filepath.Base(name))
	}
	whole := filepath.Join(p.dir, "inbox-claimed", "000001", "局", "c.csv")
	if err := os.MkdirAll(filepath.Dir(whole), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{whole: "c.csv", filepath.Join(p.dir, "inbox-claimed", partial): "a.c"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, said = claimAll(t, p.open(t))
	var got []string
	for _, f := range files {
		got = append(got, f.Name+" "+text(t, f))
	}
	if want := []string{"局/c.csv c.csv", "局/a (2).csv first", "局/a (3).csv a.csv", "局/a.csv second"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q; %v", got, want, said)
	}
	if left := names(t, p.inbox("")); len(left) > 0 {
		t.Errorf("left on the other disk: %v", left)
	}
}
