package dashboard

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/browsertest"
	"citykpi/reports/snapshottest"
)

// TestLook writes pages, pictures and prints to the folder in CITYKPI_LOOK, to be
// looked at by people.
func TestLook(t *testing.T) {
	dir := os.Getenv("CITYKPI_LOOK")
	if dir == "" {
		t.Skip("set CITYKPI_LOOK=DIR to write pictures of the pages there")
	}
	save := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	browser := browsertest.Start(t)
	for name, s := range map[string]*kpi.Snapshot{
		"full": snapshottest.Full(), "hostile": snapshottest.Hostile(), "empty": snapshottest.Empty(),
		"one": snapshottest.OneQuarter(), "unconnected": snapshottest.Unconnected(),
	} {
		site := written(t, s)
		for _, file := range kinds {
			if _, err := os.Stat(filepath.Join(site, file+".html")); err != nil {
				continue
			}
			for _, size := range [][2]int64{{1440, 900}, {1920, 1080}, {390, 844}} {
				p := browser.OpenFile(t, site, file+".html", "", size[0], size[1])
				save(fmt.Sprintf("%s-%s-%d.png", name, file, size[0]), p.Screenshot(t, true))
				if size[0] == 1440 {
					save(fmt.Sprintf("%s-%s.pdf", name, file), p.PDF(t))
				}
				p.Close()
			}
		}
		save(name+"-wall.png", browser.OpenFile(t, site, "index.html", "?theme=wall", 1920, 1080).Screenshot(t, false))
	}
}
