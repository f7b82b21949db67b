package dashboard

import (
	"bytes"
	"errors"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/assets"
)

func render(t *testing.T, s *kpi.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	err := Render(&b, s)
	if errors.Is(err, assets.ErrNotBuilt) {
		t.Skip("SKIPPED, LOUDLY: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
