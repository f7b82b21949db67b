package pull

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What is no small file of one's own is refused at once, whatever it would give.
func TestSecretFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("dsn", "postgres://u:p@h/d\n", 0o600)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(good, link); err != nil { // as secrets are mounted
		t.Fatal(err)
	}
	for _, path := range []string{good, link} {
		if dsn, err := (Connection{DSNFile: path}).dsn(); err != nil || dsn != "postgres://u:p@h/d" {
			t.Errorf("%s: %q, %v", path, dsn, err)
		}
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/dev/zero": "not a regular file", pipe: "not a regular file", dir: "not a regular file",
		write("large", strings.Repeat("x", maxDSN+1), 0o600): "no data source name", write("open", "x", 0o666): "written by anybody",
	} {
		if _, err := (Connection{DSNFile: path}).dsn(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}
