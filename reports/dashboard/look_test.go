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
		html := render(t, s)
		save(name+".html", html)
		for _, size := range [][2]int64{{1440, 900}, {1920, 1080}, {390, 844}} {
			p := browser.Open(t, html, "", size[0], size[1])
			save(fmt.Sprintf("%s-%d.png", name, size[0]), p.Screenshot(t, false))
			save(fmt.Sprintf("%s-%d-whole.png", name, size[0]), p.Screenshot(t, true))
			for _, id := range []string{"trends", "districts", "contracts", "commitments", "submissions"} {
				var done bool
				p.Eval(t, fmt.Sprintf("(document.getElementById(%q).scrollIntoView(), true)", id), &done)
				save(fmt.Sprintf("%s-%d-%s.png", name, size[0], id), p.Screenshot(t, false))
			}
			if size[0] == 1440 {
				save(name+".pdf", p.PDF(t))
			}
		}
		save(name+"-wall.png", browser.Open(t, html, "?theme=wall", 1920, 1080).Screenshot(t, false))
	}
}
