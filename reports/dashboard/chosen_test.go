package dashboard

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

var pageLink = regexp.MustCompile(`href="([a-z0-9A-Z-]+\.html)[#"?]`)

// A page about something that none of the documents asks for, and of which nothing is filed, is not made, and no
// link of another leads to it.
func TestPagesOfWhatNobodyAsksFor(t *testing.T) {
	topics := []string{"tiers.html", "contracts.html", "awards.html", "talent.html"}
	for name, c := range map[string]struct {
		of   *kpi.Snapshot
		made bool
	}{"full": {snapshottest.Full(), true}, "empty": {snapshottest.Empty(), false}} {
		dir := t.TempDir()
		if err := Site(t.Context(), dir, c.of, nil); err != nil {
			t.Fatal(err)
		}
		for _, file := range topics {
			if _, err := os.Stat(filepath.Join(dir, file)); (err == nil) != c.made {
				t.Errorf("%s: %s: %v", name, file, err)
			}
		}
		links := 0
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".html") {
				return err
			}
			page, err := os.ReadFile(path)
			for _, m := range pageLink.FindAllStringSubmatch(string(page), -1) {
				links++
				if _, err := os.Stat(filepath.Join(dir, m[1])); err != nil {
					t.Errorf("%s: %s leads to %s, which is not made", name, d.Name(), m[1])
				}
			}
			return err
		})
		if err != nil || links == 0 {
			t.Errorf("%s: %d links, %v", name, links, err)
		}
	}
}
