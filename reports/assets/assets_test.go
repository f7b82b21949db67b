package assets

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

func TestLoadSaysWhatToRun(t *testing.T) {
	_, err := load(fstest.MapFS{"dist.md": {Data: []byte("only the placeholder")}})
	if !errors.Is(err, ErrNotBuilt) || !strings.Contains(err.Error(), "Try: make assets") {
		t.Errorf("load without dist = %v, want ErrNotBuilt with the command to run", err)
	}
}

func TestBundleIsWholeAndOffline(t *testing.T) {
	b, err := Load()
	if errors.Is(err, ErrNotBuilt) {
		t.Skip("SKIPPED, LOUDLY: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Script) < 200_000 || len(b.Style) < 2_000 {
		t.Errorf("script has %d bytes, style %d: too few to be the bundle", len(b.Script), len(b.Style))
	}
	for _, licence := range []string{"Apache License", "BSD 3-Clause", "echarts 6.1.0", "zrender", "tslib"} {
		if !strings.Contains(b.Licences, licence) {
			t.Errorf("the licences lack %q", licence)
		}
	}
	if strings.Contains(strings.ToLower(b.Script), "</script") {
		t.Error("the script would end the element it stands in")
	}
	for _, fetch := range []string{"@import", "url(http", "url(//"} {
		if strings.Contains(b.Style, fetch) {
			t.Errorf("the style sheet fetches: %s", fetch)
		}
	}
}
