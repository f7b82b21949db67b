package lake

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/pipeline/durable"
)

// What was given up is kept in forgotten, and verify knows its bytes: whoever removes or changes them is
// found, until the record itself says that they are gone.
func TestForgottenBytesAreKept(t *testing.T) {
	const id, batch = "park-20250930-0002", forgottenDir + "/park/park-20250930-0002"
	original := forgottenDir + "/" + originalsDir + "/" + sumOf([]byte("export 2"))[:16] + "/2.csv"
	for name, c := range map[string]struct {
		do   func(root string) error
		want string
	}{
		"its folder removed": {func(root string) error { return os.RemoveAll(filepath.Join(root, batch)) },
			"0002: of what was given up manifest.json is missing"},
		"all of it removed": {func(root string) error { return os.RemoveAll(filepath.Join(root, forgottenDir)) },
			"0002: of what was given up 2.csv is missing"},
		"its rows removed": {func(root string) error { return os.Remove(filepath.Join(root, batch, rowsFile)) },
			"rows.parquet is missing"},
		"its manifest rewritten": {func(root string) error {
			return os.WriteFile(filepath.Join(root, batch, manifestFile), []byte("{}"), 0o600)
		}, "manifest.json has 2 bytes, it had "},
		"its original rewritten": {func(root string) error {
			return os.WriteFile(filepath.Join(root, original), []byte("export 3"), 0o600)
		}, "up 2.csv is not what was written"},
		"its original overlinked": {func(root string) error {
			return errors.Join(os.Remove(filepath.Join(root, original)), os.Symlink("/dev/null", filepath.Join(root, original)))
		}, "up 2.csv is no regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			root := small(t)
			l, err := Open(root)
			if err != nil {
				t.Fatal(err)
			}
			if err := l.Forget(id, "撤回", 0, noon); err != nil {
				t.Fatal(err)
			}
			if said := damage(t, root); said != "<nil>" {
				t.Fatalf("given up, and whole: %s", said)
			}
			if l, err = Open(root); err != nil {
				t.Fatal(err)
			}
			if err := l.Forget(id, "再次", 0, noon); !errors.Is(err, ErrUnknown) {
				t.Errorf("given up again while all of it is kept: %v", err)
			}
			if err := c.do(root); err != nil {
				t.Fatal(err)
			}
			if l, err = Open(root); err != nil {
				t.Fatalf("what was given up stops the lake: %v", err)
			}
			said := damage(t, root)
			if !strings.Contains(said, c.want) || !strings.Contains(said, "citykpi lake forget "+id) {
				t.Fatalf("verify says %q, want %q and what next", said, c.want)
			}

			// The record of it takes the line away, and says what is left.
			if err := l.Forget(id, "按规定销毁", 0, noon); err != nil {
				t.Fatal(err)
			}
			if said := damage(t, root); said != "<nil>" {
				t.Errorf("recorded as gone: %s", said)
			}
			if l, err = Open(root); err != nil {
				t.Fatal(err)
			}
			kept, gone := l.GivenUp()
			if name == "all of it removed" {
				if kept != 0 || len(gone) != 1 || gone[0] != id {
					t.Errorf("%d are kept, %q gone; want it to be said that nothing is left of %s", kept, gone, id)
				}
			} else if kept != 1 || len(gone) != 0 {
				t.Errorf("%d are kept, %q gone; want one of which something is left", kept, gone)
			}
			if b := load(t, l, "park"); b.Seq != 4 {
				t.Errorf("the next batch has number %d", b.Seq)
			}
		})
	}
}

// A run that died between the record and the move is finished by the next one, of originals too, and a
// file that is filed again belongs to its new batch.
func TestForgottenIsMovedByTheNextRun(t *testing.T) {
	const id = "park-20250930-0002"
	root := small(t)
	l, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	durable.Step = func(name string) {
		if name == "forgotten" {
			panic(name)
		}
	}
	defer func() { durable.Step = func(string) {} }()
	func() {
		defer func() { recover() }()
		l.Forget(id, "撤回", 0, noon)
	}()
	durable.Step = func(string) {}
	if said := damage(t, root); said != "<nil>" {
		t.Errorf("between record and move: %s", said)
	}
	if l, err = Open(root); err != nil {
		t.Fatal(err)
	}
	if err := l.Recover(noon, nil); err != nil {
		t.Fatal(err)
	}
	shelf := originalsDir + "/" + sumOf([]byte("export 2"))[:16] + "/2.csv"
	if _, err := os.Stat(filepath.Join(root, forgottenDir, shelf)); err != nil {
		t.Errorf("its original was not put away: %v", err)
	}
	if _, err := os.Stat(filepath.Join(root, shelf)); err == nil {
		t.Error("its original is still among those that count")
	}
	if said := damage(t, root); said != "<nil>" {
		t.Errorf("after the next run: %s", said)
	}
}
