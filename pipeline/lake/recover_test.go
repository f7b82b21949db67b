package lake

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestRecoverWritesLostLines cuts the ledger anywhere behind its first line, as a kill or a power
// cut may, and wants the same lines again, but for the release: its folder tells of that.
func TestRecoverWritesLostLines(t *testing.T) {
	root := filepath.Join(t.TempDir(), "lake")
	l, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	load(t, l, "park")
	load(t, l, "talent")
	path := root + ledgerEnd
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := bytes.IndexByte(whole, '\n') + 1
	for _, zeros := range []int{0, 700} { // blocks that were never written
		for cut := first; cut <= len(whole); cut += 37 {
			left := append(bytes.Clone(whole[:cut]), make([]byte, zeros)...)
			if err := os.WriteFile(path, left, 0o644); err != nil {
				t.Fatal(err)
			}
			l, err := Open(root)
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if err := l.Recover(noon, nil); err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if n := len(l.Batches(time.Time{})); n != 2 || l.NextSeq() != 3 {
				t.Fatalf("cut at %d: %d batches, next is %d", cut, n, l.NextSeq())
			}
			again, err := Open(root)
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if err := again.Verify(t.Context(), Check{}); err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if len(again.Ledger().Entries()) != 5 || again.Ledger().torn {
				t.Fatalf("cut at %d: %d lines, torn %v", cut, len(again.Ledger().Entries()), again.Ledger().torn)
			}
		}
	}
}

// TestOlderLakeIsTakenOver: manifests that say nothing of files and order.
func TestOlderLakeIsTakenOver(t *testing.T) {
	root := small(t)
	if err := os.Remove(root + ledgerEnd); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"park/park-20250930-0001", "park/park-20250930-0002", "talent/talent-20250930-0003"} {
		path := filepath.Join(root, id, manifestFile)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(`"files"`), []byte(`"files_x"`)), []byte(`"previous"`),
			[]byte(`"previous_x"`))
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Recover(noon, nil); err != nil {
		t.Fatal(err)
	}
	b := load(t, l, "park")
	if b.Seq != 4 || b.Previous == "" {
		t.Errorf("the next batch is %d, after %q", b.Seq, b.Previous)
	}
	if said := damage(t, root); said != "<nil>" {
		t.Fatal(said)
	}
	rows := filepath.Join(root, "park/park-20250930-0001", rowsFile)
	if err := os.WriteFile(rows, []byte("Rows"), 0o644); err != nil {
		t.Fatal(err)
	}
	if said := damage(t, root); said == "<nil>" {
		t.Error("a batch that was taken over is not watched")
	}
}
