package lake

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A manifest is read or refused, with its path and without panic; a lake that was read
// lists each of its batches once and numbers the next above all.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"batch_id":"a-20250930-0001","seq":1,"source":"a","sha256":"00","size":3,"data_date":"2025-09-30","loaded_at":"2026-01-02T03:04:05+08:00","read":3,"loaded":1,"rejected":1,"dropped":1,"columns":["x"],"header":["甲"],"answers":{"batch_id":"b","rows":[{"row":2}]},"pull":{"connection":"c","rows":1}}`))
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
