package dashboard

import (
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// A page about something that none of the documents asks for, and of which nothing is filed, is not made.
func TestPagesOfWhatNobodyAsksFor(t *testing.T) {
	for name, c := range map[string]struct {
		of   *kpi.Snapshot
		made bool
	}{"full": {snapshottest.Full(), true}, "empty": {snapshottest.Empty(), false}} {
		dir := t.TempDir()
		if err := Site(t.Context(), dir, c.of, nil); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"tiers.html", "contracts.html", "awards.html", "talent.html"} {
			if _, err := os.Stat(filepath.Join(dir, file)); (err == nil) != c.made {
				t.Errorf("%s: %s: %v", name, file, err)
			}
		}
	}
}
