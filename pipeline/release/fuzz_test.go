package release

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The manifest and the pointer of a release are read or refused by name, and nothing they
// say is a path: a release is one folder of the store.
func FuzzManifest(f *testing.F) {
	const id = "2026-11-22T100000-abcdef"
	f.Add([]byte(`{"id":"`+id+`","created_at":"2026-11-22T10:00:00+08:00","as_of":"2026-09-30",`+
		`"known_at":"2026-11-22T10:00:00+08:00","batches":["b"],"hashes":{"x":"00"}}`), id+"\n")
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

// The record of a pin is read or refused as one, names a release and nothing else, and
// nothing serves by what it says alone.
func FuzzPin(f *testing.F) {
	f.Add([]byte(`{"release":"2026-11-22T100000-abcdef","at":"2026-11-22T10:00:00+08:00","by":"甲",` +
		`"before":["2026-11-22T100000-abcdef"],"was":{"release":"x"}}`))
	f.Add([]byte(`{"release":"../../x","before":null}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"release":"2026-11-22T100000-abcdef","was":{"was":{"was":{"release":""}}}}`))
	dir := f.TempDir()
	s := NewStore(dir)
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(s.pinned, text, 0o600); err != nil {
			t.Fatal(err)
		}
		pin, err := s.Pinned()
		switch {
		case err != nil && !errors.Is(err, ErrPin):
			t.Fatalf("%v does not say that it is the pin", err)
		case err == nil && (pin == nil || filepath.Base(pin.Release) != pin.Release || pin.Release == "" || pin.String() == ""):
			t.Fatalf("pinned is %+v", pin)
		}
		if _, err := s.Current(); err == nil {
			t.Fatal("a release serves in a store without any")
		}
		if stands, err := s.Standing(); err == nil && stands.Damage == nil && stands.Serving.ID != "" {
			t.Fatalf("%+v stands in a store without any", stands)
		}
		if _, _, err := s.Unpin(); !errors.Is(err, ErrDamaged) {
			t.Fatalf("it is lifted, or not, for another reason than that no release is whole: %v", err)
		}
	})
}
