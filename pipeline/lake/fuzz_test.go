package lake

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A manifest is read or refused, with its path and without panic; a lake that was read
// lists each of its batches once and numbers the next above all.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"batch_id":"a-20250930-0001","seq":1,"source":"a","sha256":"00","size":3,` +
		`"data_date":"2025-09-30","loaded_at":"2026-01-02T03:04:05+08:00","read":3,"loaded":1,"rejected":1,"dropped":1,` +
		`"columns":["x"],"header":["甲"],"answers":{"batch_id":"b","rows":[{"row":2}]},"pull":{"connection":"c","rows":1}}`))
	f.Add([]byte(`{"seq":-9223372036854775808,"data_date":"","read":1e3}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`[]`))
	root := f.TempDir()
	path := filepath.Join(root, "a", "a-20250930-0001", manifestFile)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		l, err := Open(root)
		if err != nil {
			if !strings.Contains(err.Error(), "a-20250930-0001") {
				t.Fatalf("%v does not name the batch", err)
			}
			return
		}
		seen := map[string]bool{}
		for _, b := range l.Batches(time.Time{}) {
			if seen[b.Dir] || b.Seq >= l.NextSeq() {
				t.Fatalf("batch %+v, the next is %d", b, l.NextSeq())
			}
			seen[b.Dir] = true
		}
	})
}

// What is remembered of pulls is read or refused, with its path; what is noted after it
// can be read back.
func FuzzPulls(f *testing.F) {
	f.Add([]byte(`{"connection":"c","query_sha256":"0","watermark":"w","from":"1","to":"2","edge_sha256":"e","rows":3}`))
	f.Add([]byte(`[{"source":"a","at":"2026-01-02T03:04:05+08:00","batch_id":"b"}]`))
	f.Add([]byte(`null`))
	root := f.TempDir()
	if err := os.MkdirAll(filepath.Join(root, pullsDir), 0o755); err != nil {
		f.Fatal(err)
	}
	l, err := Open(root)
	if err != nil {
		f.Fatal(err)
	}
	asked := filepath.Join(root, pullsDir, "a"+askedEnd)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, path := range []string{l.pullFile("00"), asked} {
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := l.PullOf("00"); err != nil && !strings.Contains(err.Error(), l.pullFile("00")) {
			t.Fatal(err)
		}
		now := Asked{Source: "a", At: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), Batch: "b"}
		if err := l.NoteAsked(now); err != nil {
			if !strings.Contains(err.Error(), asked) {
				t.Fatal(err)
			}
			return
		}
		list, err := l.Asked(time.Time{})
		if err != nil || len(list) == 0 || list[len(list)-1] != now {
			t.Fatalf("noted, and read as %+v, %v", list, err)
		}
	})
}

// A ledger is read up to where it is damaged, and said to be; what is written behind one that is whole
// can be read back, and whatever its lines speak of makes no lake lose the batch that lies there unsaid.
func FuzzLedger(f *testing.F) {
	whole := small(f)
	text, err := os.ReadFile(whole + ledgerEnd)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:len(text)-7])
	f.Add(bytes.Replace(text, []byte(`"seq":2`), []byte(`"seq":-2`), 1))
	f.Add([]byte(`{"n":1,"what":"begin","previous":""}` + "\n"))
	f.Add([]byte(`{"n":1,"what":"begin","previous":""}` + "\n" +
		`{"n":2,"what":"forget","id":"x","originals":["../../x"],"files":{"../../../etc/passwd":{"size":-1,"sha256":""}},` +
		`"previous":"` + sumOf([]byte(`{"n":1,"what":"begin","previous":""}`+"\n")) + `"}` + "\n"))
	f.Add(append(slices.Clone(text), make([]byte, 512)...))
	f.Add([]byte("{\"n\":9223372036854775807,\"what\":\"begin\"}\n"))
	root := filepath.Join(f.TempDir(), "lake")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(root+ledgerEnd, text, 0o600); err != nil {
			t.Fatal(err)
		}
		g, err := ReadLedger(root)
		if err != nil {
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "lake.ledger") {
				t.Fatalf("%v does not say that the ledger is damaged", err)
			}
			return
		}
		l, err := Open(root)
		if l == nil {
			t.Fatal(err)
		}
		if kept, gone := l.GivenUp(); kept > 0 {
			t.Fatalf("of what was given up %d are kept in a lake of nothing, %q gone", kept, gone)
		}
		n := len(g.Entries())
		if n == 0 {
			return // a lake of an older build: Recover begins one
		}
		if err := g.append(false, Entry{What: Published, ID: "2026-01-01T000000-abcdef", SHA256: sumOf(text)}); err != nil {
			t.Fatal(err)
		}
		again, err := ReadLedger(root)
		if err != nil || len(again.Entries()) != n+1 || again.head() != g.head() || again.LastRelease() != sumOf(text) {
			t.Fatalf("a line was written behind %d, and is read as %d lines, %v", n, len(again.Entries()), err)
		}
	})
}
