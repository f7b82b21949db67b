package demo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"citykpi/data"
)

// redefined is the commitment that read otherwise while the last quarter was closed: agreements
// of before the plan were counted as well.
const redefined = "HLJ-008"

const formerPolicy = "policies/hlj.yaml"

// former writes the policy file of then into a project's own data, where it wins over the
// one that is shipped.
func former(dir string) error {
	text, err := fs.ReadFile(data.FS, formerPolicy)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(text), "  - id: "+redefined+"\n")
	kind := "    kind: obligation\n"
	if !found || !strings.Contains(rest, kind) {
		return fmt.Errorf("write the former %s: %s is no obligation there", formerPolicy, redefined)
	}
	rest = strings.Replace(rest, kind, kind+"    from: 2016-01-01\n", 1)
	path := filepath.Join(dir, "data", filepath.FromSlash(formerPolicy))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(before+"  - id: "+redefined+"\n"+rest), 0o644)
}

// redefine takes it out again, and with it the folders that held nothing else.
func redefine(dir string) error {
	path := filepath.Join(dir, "data", filepath.FromSlash(formerPolicy))
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take out the former definition: %w", err)
	}
	for range 2 {
		if path = filepath.Dir(path); os.Remove(path) != nil {
			break // there is more in it
		}
	}
	return nil
}
