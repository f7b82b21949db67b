package release

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/durable"
	"citykpi/pipeline/kpi"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// store is one with n releases a day apart, the newest of which serves. It is called r1 … rn.
func store(t *testing.T, n int) Store {
	t.Helper()
	s := NewStore(t.TempDir())
	for i := 1; i <= n; i++ {
		publish(t, s, i)
	}
	return s
}

func publish(t *testing.T, s Store, n int) Manifest {
	t.Helper()
	id := fmt.Sprintf("r%d", n)
	dir, err := s.Begin(id)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{DatabaseFile: "rows of " + id, SiteDir + "/index.html": "<p>" + id, NoticeFile: ""} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, err := s.Publish(dir, Manifest{ID: id, CreatedAt: noon.AddDate(0, 0, n), AsOf: kpi.Date{Year: 2025, Month: 9, Day: 30}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func serves(t *testing.T, s Store, want string) {
	t.Helper()
	m, err := s.Current()
	if err != nil || m.ID != want {
		t.Errorf("%s serves, %v; want %s", m.ID, err, want)
	}
}

func pointer(t *testing.T, s Store) string {
	t.Helper()
	text, err := os.ReadFile(s.pointer)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func notice(t *testing.T, s Store, id string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Dir(id), NoticeFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A rollback lasts until it is lifted: what is published meanwhile waits, and the pages of every
// release say how it serves, while each is as it was published.
func TestRollbackLasts(t *testing.T) {
	s := store(t, 3)
	if err := s.Rollback(Pin{Release: "r1", At: noon, By: "王工", Reason: `错"\<数`}); err != nil {
		t.Fatal(err)
	}
	publish(t, s, 4)
	serves(t, s, "r1")
	if got := pointer(t, s); got != "r1" {
		t.Errorf("CURRENT names %s", got)
	}
	stands, err := s.Standing()
	if err != nil || stands.Serving.ID != "r1" || stands.Newest.ID != "r4" || !slices.Equal(stands.Waiting, []string{"r4"}) ||
		stands.Damage != nil {
		t.Errorf("it stands %+v, %v", stands, err)
	}
	for id, want := range map[string]string{"r1": "回退发布", "r3": "不是现行版本", "r4": "尚未启用"} {
		if got := notice(t, s, id); !strings.Contains(got, want) {
			t.Errorf("the pages of %s say %s, want %s", id, got, want)
		}
		if err := s.Verify(id); err != nil {
			t.Error(err)
		}
	}
	if got := notice(t, s, "r1"); !strings.Contains(got, `错\22 \5c \3c 数`) || strings.Contains(got, "<") {
		t.Errorf("the reason is not a CSS string: %s", got)
	}
	// A rollback of a rollback: what waited waits on.
	if err := s.Rollback(Pin{Release: "r2", At: noon, By: "王工"}); err != nil {
		t.Fatal(err)
	}
	if stands, err := s.Standing(); err != nil || !slices.Equal(stands.Waiting, []string{"r4"}) || notice(t, s, "r1") == "" {
		t.Errorf("after a second rollback: %+v, %v", stands, err)
	}
	m, damaged, err := s.Unpin()
	if err != nil || m.ID != "r4" || damaged != nil {
		t.Fatalf("unpinned to %s, %v, %v", m.ID, damaged, err)
	}
	serves(t, s, "r4")
	for _, id := range []string{"r1", "r2", "r3", "r4"} {
		if got := notice(t, s, id); got != "" {
			t.Errorf("%s still says %s", id, got)
		}
	}
	if _, _, err := s.Unpin(); !errors.Is(err, ErrNotPinned) {
		t.Errorf("unpinned twice: %v", err)
	}
}

func TestRollbackRefuses(t *testing.T) {
	s := store(t, 2)
	if err := os.WriteFile(filepath.Join(s.Dir("r1"), DatabaseFile), []byte("rows of rX"), 0o644); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]error{"r1": ErrDamaged, "r9": ErrUnknown, "../r1": ErrUnknown, "r2\x1b[2J": ErrUnknown,
		"": ErrUnknown} {
		if err := s.Rollback(Pin{Release: id}); !errors.Is(err, want) {
			t.Errorf("rollback to %q: %v, want %v", id, err, want)
		}
	}
	serves(t, s, "r2")
}

// What is wrong with a release is named: missing, of another size, written to, replaced by a
// folder or a link, and a notice that no pin wrote.
func TestDamageIsNamed(t *testing.T) {
	page := SiteDir + "/index.html"
	for name, harm := range map[string]struct {
		do   func(dir string) error
		want string
	}{
		"gone": {func(dir string) error { return os.Remove(filepath.Join(dir, page)) }, page + " is missing"},
		"longer": {func(dir string) error { return os.WriteFile(filepath.Join(dir, page), []byte("<p>longer"), 0o644) },
			page + " has changed"},
		"changed": {func(dir string) error { return os.WriteFile(filepath.Join(dir, page), []byte("<p>rX"), 0o644) },
			page + " has changed"},
		"link": {func(dir string) error {
			os.Rename(filepath.Join(dir, page), filepath.Join(dir, "..", "elsewhere"))
			return os.Symlink("../../elsewhere", filepath.Join(dir, page))
		}, page + " is not a file any more"},
		"notice": {func(dir string) error { return os.WriteFile(filepath.Join(dir, NoticeFile), []byte("body{}"), 0o644) },
			NoticeFile + " has changed"},
		"manifest": {func(dir string) error { return os.WriteFile(filepath.Join(dir, manifestFile), []byte("{"), 0o644) }, "manifest.json"},
		"folder":   {os.RemoveAll, "no such release"},
	} {
		t.Run(name, func(t *testing.T) {
			s := store(t, 2)
			later := time.Now().Add(time.Second) // the disk's clock may be coarse
			if err := harm.do(s.Dir("r2")); err != nil {
				t.Fatal(err)
			}
			os.Chtimes(filepath.Join(s.Dir("r2"), page), later, later)
			stands, err := s.Standing()
			if err != nil || stands.Damage == nil || !strings.Contains(stands.Damage.Error(), harm.want) {
				t.Errorf("it stands %+v, %v; want damage: %s", stands, err, harm.want)
			}
			if err := s.Verify("r2"); err == nil {
				t.Error("verify finds nothing")
			}
			if offer := s.Offer("r2"); !strings.Contains(offer, "release rollback r1") {
				t.Errorf("the offer is %s", offer)
			}
			if all, broken, err := s.List(); err != nil || len(all)+len(broken) == 0 || all[len(all)-1].ID != "r1" {
				t.Errorf("listed %v, %v, %v", all, broken, err)
			}
		})
	}
}

type stop struct{}

// killed runs f and stops it after the nth step, as a kill does: nothing of it is undone or done
// later. It says whether there was such a step.
func killed(n int, f func()) (was bool) {
	before := durable.Step
	defer func() { durable.Step = before }()
	durable.Step = func(string) {
		if n--; n == 0 {
			panic(stop{})
		}
	}
	defer func() {
		if r := recover(); r != nil {
			if _, is := r.(stop); !is {
				panic(r)
			}
			was = true
		}
	}()
	f()
	return false
}

// After a kill at any step of a rollback, of lifting it, or of a publication under it, a whole
// release serves, one of the two it was between, and the same command brings it to its end.
func TestKilledAtEveryStep(t *testing.T) {
	pin := Pin{Release: "r1", At: noon, By: "王工"}
	for name, c := range map[string]struct {
		before func(Store)
		do     func(Store) error
		ends   string
		or     string
	}{
		"rollback": {func(Store) {}, func(s Store) error { return s.Rollback(pin) }, "r1", "r3"},
		"again": {func(s Store) { s.Rollback(Pin{Release: "r2", At: noon}) }, func(s Store) error { return s.Rollback(pin) },
			"r1", "r2"},
		"unpin": {func(s Store) { s.Rollback(pin) }, func(s Store) error {
			if _, _, err := s.Unpin(); !errors.Is(err, ErrNotPinned) {
				return err
			}
			return nil
		}, "r3", "r1"},
	} {
		t.Run(name, func(t *testing.T) {
			steps := 0
			for n := 1; ; n++ {
				s := store(t, 3)
				c.before(s)
				if !killed(n, func() { c.do(s) }) {
					break
				}
				steps++
				m, err := s.Current()
				if err != nil || m.ID != c.ends && m.ID != c.or {
					t.Fatalf("step %d: %s serves, %v", n, m.ID, err)
				}
				if err := s.Verify(m.ID); err != nil {
					t.Errorf("step %d: %v", n, err)
				}
				// The next run settles; then everything says the same.
				if err := errors.Join(s.Clean(), s.Settle()); err != nil {
					t.Fatal(err)
				}
				if got := pointer(t, s); got != m.ID {
					t.Errorf("step %d: %s serves and CURRENT names %s", n, m.ID, got)
				}
				for _, id := range []string{"r1", "r2", "r3"} {
					if err := s.Verify(id); err != nil {
						t.Errorf("step %d, settled: %v", n, err)
					}
				}
				if err := c.do(s); err != nil {
					t.Errorf("step %d, once more: %v", n, err)
				}
				serves(t, s, c.ends)
			}
			if steps < 3 {
				t.Errorf("stopped at %d steps", steps)
			}
		})
	}
}

// Pruning spares what serves, is pinned, came before that or is named, and a kill in it leaves
// nothing but what Clean removes.
func TestPrune(t *testing.T) {
	s := store(t, 9)
	if err := s.Rollback(Pin{Release: "r4", At: noon}); err != nil {
		t.Fatal(err)
	}
	old, err := s.Prunable(3, "r2")
	if err != nil || !slices.Equal(old, []string{"r1", "r5", "r6"}) {
		t.Fatalf("prunable are %v, %v", old, err)
	}
	if err := s.Prune("r4"); !errors.Is(err, ErrKept) {
		t.Errorf("the pinned one: %v", err)
	}
	if !killed(1, func() { s.Prune("r1") }) {
		t.Fatal("pruning has no step")
	}
	if _, err := s.Get("r1"); !errors.Is(err, ErrUnknown) {
		t.Errorf("after a kill r1 is %v", err)
	}
	if err := s.Clean(); err != nil {
		t.Fatal(err)
	}
	for _, id := range old[1:] {
		if err := s.Prune(id); err != nil {
			t.Error(err)
		}
	}
	entries, err := os.ReadDir(s.root)
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if want := []string{"r2", "r3", "r4", "r7", "r8", "r9"}; err != nil || !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
	if err := s.Rollback(Pin{Release: "r1"}); !errors.Is(err, ErrUnknown) {
		t.Errorf("rollback to a pruned one: %v", err)
	}
}

// Without knowing what serves nothing is pruned, and nothing pretends that no pin stands.
func TestUnreadablePin(t *testing.T) {
	for _, text := range []string{"", "{", `{"release": "../r1"}`, "null"} {
		s := store(t, 4)
		if err := os.WriteFile(s.pinned, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Current(); !errors.Is(err, ErrPin) {
			t.Errorf("%q: %v", text, err)
		}
		if _, err := s.Prunable(2); !errors.Is(err, ErrPin) {
			t.Errorf("%q: pruned, %v", text, err)
		}
		if _, _, err := s.Unpin(); err != nil {
			t.Errorf("%q: lifted, %v", text, err)
		}
		serves(t, s, "r4")
	}
}

// A pin whose record rots has left notices on all pages. What its error says to do works all the same.
func TestUnreadablePinIsLifted(t *testing.T) {
	for _, act := range []func(Store) error{
		func(s Store) error { _, _, err := s.Unpin(); return err },
		func(s Store) error { return s.Rollback(Pin{Release: "r4", At: noon}) },
	} {
		s := store(t, 4)
		if err := s.Rollback(Pin{Release: "r1", At: noon}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.pinned, []byte("\x00\x00"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := act(s); err != nil {
			t.Fatal(err)
		}
		serves(t, s, "r4")
		for _, id := range []string{"r1", "r4"} {
			if err := s.Verify(id); err != nil {
				t.Error(err)
			}
		}
	}
}
