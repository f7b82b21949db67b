package dispatch

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/browsertest"
	"citykpi/reports/snapshottest"
)

func page(t *testing.T, s *kpi.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, s, snapshottest.Quarter); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func book(t *testing.T, s *kpi.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := XLSX(&b, s, snapshottest.Quarter); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestLook writes the report to the folder in CITYKPI_LOOK, to be looked at by people.
func TestLook(t *testing.T) {
	dir := os.Getenv("CITYKPI_LOOK")
	if dir == "" {
		t.Skip("set CITYKPI_LOOK=DIR to write pictures of the report there")
	}
	save := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, s := range map[string]*kpi.Snapshot{"full": snapshottest.Full(), "empty": snapshottest.Empty(), "unconnected": snapshottest.Unconnected(), "hostile": snapshottest.Hostile()} {
		html := page(t, s)
		save("dispatch-"+name+".html", html)
		save("dispatch-"+name+".xlsx", book(t, s))
		p := browsertest.Open(t, html, "", 1100, 900)
		save("dispatch-"+name+".png", p.Screenshot(t, true))
		save("dispatch-"+name+".pdf", p.PDF(t))
	}
}
