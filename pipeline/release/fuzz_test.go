package release

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The manifest and the pointer of a release are read or refused by name, and nothing they
// say is a path: a release is one folder of the store.
func FuzzManifest(f *testing.F) {
	const id = "2026-11-22T100000-abcdef"
	f.Add([]byte(`{"id":"`+id+`","created_at":"2026-11-22T10:00:00+08:00","as_of":"2026-09-30","known_at":"2026-11-22T10:00:00+08:00","batches":["b"],"hashes":{"x":"00"}}`), id+"\n")
	f.Add([]byte(`{"hashes":{"../../../etc/passwd":"00","":""}}`), "../"+id)
	f.Add([]byte(`null`), ".building-x")
	f.Add([]byte(`[`), "\x00")
	dir := f.TempDir()
	s := NewStore(dir)
	if err := os.MkdirAll(s.Dir(id), 0o755); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, manifest []byte, current string) {
		for path, text := range map[string][]byte{filepath.Join(s.Dir(id), manifestFile): manifest, s.pointer: []byte(current)} {
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Get(id); err != nil && !strings.Contains(err.Error(), id) {
			t.Fatalf("%v does not name the release", err)
		}
		if m, err := s.Current(); err == nil && strings.TrimSpace(current) != id {
			t.Fatalf("CURRENT says %q, and %q serves", current, m.ID)
		}
		if err := s.Verify(id); err == nil {
			if m, _ := s.Get(id); len(m.Hashes) > 0 {
				t.Fatalf("files that are not there are as published: %v", m.Hashes)
			}
		}
		s.Newest(3)
		s.List()
	})
}
