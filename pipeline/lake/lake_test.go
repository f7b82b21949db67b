package lake

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/contract"
)

// sha makes a hash of the right length of a short name.
func sha(name string) string { return strings.Repeat(hex.EncodeToString([]byte(name))+"0", 64)[:64] }

func manifest(batch, sha string, at time.Time) Manifest {
	return Manifest{Batch: batch, Source: "tech_contract", SHA256: sha, DataDate: kpi.Date{Year: 2025, Month: 9, Day: 30},
		LoadedAt: at, Read: 3, Loaded: 1, Rejected: 1, Dropped: 1}
}

func stage(t testing.TB, l *Lake, m Manifest) (Batch, error) {
	t.Helper()
	m.Seq = l.NextSeq()
	s, err := l.Stage(m.Batch)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{s.Rows(), s.Rejects()} {
		if err := os.WriteFile(path, []byte("rows"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return s.Commit(m)
}

var noon = time.Date(2025, 10, 15, 12, 0, 0, 0, time.UTC)

func TestCommittedBatchesAreFoundAgain(t *testing.T) {
	root := t.TempDir()
	l, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stage(t, l, manifest("a", sha("a"), noon)); err != nil {
		t.Fatal(err)
	}
	if _, err := stage(t, l, manifest("b", sha("b"), noon.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	again, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	all := again.Batches(time.Time{})
	if len(all) != 2 || all[0].Batch != "a" || all[0].Seq != 1 || all[1].Seq != 2 {
		t.Fatalf("batches %+v", all)
	}
	if known := again.Batches(noon); len(known) != 1 || known[0].Batch != "a" {
		t.Errorf("known at noon: %+v", known)
	}
	if list := again.Of(sha("b")); len(list) != 1 || list[0].Batch != "b" {
		t.Errorf("the same bytes are not known: %+v", list)
	}
	if _, err := os.Stat(all[1].Rows()); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNotCommittedWasNeverLoaded(t *testing.T) {
	root := t.TempDir()
	l, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Stage("a")
	if err != nil {
		t.Fatal(err)
	}
	// a load that dies after writing everything but the rename
	for name, text := range map[string]string{s.Rows(): "rows", s.Rejects(): "",
		filepath.Join(s.dir, manifestFile): `{"batch_id":"a","seq":1}`} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(again.Batches(time.Time{})); n != 0 {
		t.Fatalf("%d batches, want none", n)
	}
	if err := again.Clean(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the dead load is still there: %v", err)
	}
}

func TestCountsMustAddUp(t *testing.T) {
	l, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := manifest("a", sha("a"), noon)
	m.Loaded = 2
	if _, err := stage(t, l, m); !errors.Is(err, ErrCounts) {
		t.Errorf("read 3, loaded 2, rejected 1, dropped 1: %v", err)
	}
	if n := len(l.Batches(time.Time{})); n != 0 {
		t.Errorf("%d batches, want none", n)
	}
}

func TestArchiveKeepsBothNamesOfTheSameBytes(t *testing.T) {
	root := t.TempDir()
	l, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	sha := "0123456789abcdef0123"
	inbox := t.TempDir()
	for _, name := range []string{"一.csv", "二.csv"} {
		path := filepath.Join(inbox, name)
		if err := os.WriteFile(path, []byte("same"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := l.Archive(path, sha); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadDir(filepath.Join(root, originalsDir, sha[:16]))
	if err != nil || len(kept) != 2 {
		t.Errorf("kept %v %v", kept, err)
	}
}

// What Chinese Windows called a file, or nobody can read, is still there when the lake is read again: also where an older
// build put it on its shelf as it was.
func TestOriginalsOfForeignNames(t *testing.T) {
	const gb = "\xd0\xa1\xb1\xed" // 小表
	for name, want := range map[string]string{gb + "_2025.csv": "小表_2025.csv", "\xff\xfe.csv": "\uFFFD.csv",
		strings.Repeat(gb, 60) + ".csv": ""} {
		root := small(t)
		l, err := Open(root)
		if err != nil {
			t.Fatal(err)
		}
		shelf := filepath.Join(root, originalsDir, sumOf([]byte("foreign"))[:16])
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte("foreign"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := l.Archive(path, sumOf([]byte("foreign"))); err != nil {
			t.Fatal(err)
		}
		kept := func(when string) {
			if said := damage(t, root); said != "<nil>" {
				t.Errorf("%q, %s: %s", name, when, said)
			}
			files, err := os.ReadDir(shelf)
			if err != nil || len(files) != 1 || !utf8.ValidString(files[0].Name()) || want != "" && files[0].Name() != want {
				t.Errorf("%q, %s: kept as %v %v, want %q", name, when, files, err, want)
			}
		}
		kept("archived")

		files, err := os.ReadDir(shelf)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(shelf, files[0].Name()), filepath.Join(shelf, name)); err != nil {
			t.Fatal(err)
		}
		if l, err = OpenAnew(root); err != nil {
			t.Fatal(err)
		}
		if err := l.Begin(noon, "an older build's", nil); err != nil {
			t.Fatal(err)
		}
		kept("taken over")
	}
}

// The lake's own folders are no sources.
func TestOwnFoldersAreReserved(t *testing.T) {
	for _, dir := range []string{stagingDir, originalsDir, pullsDir} {
		if !contract.Reserved(dir) {
			t.Errorf("a contract may call its source %s, which the lake keeps for itself", dir)
		}
	}
}
