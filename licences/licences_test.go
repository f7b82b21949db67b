package licences

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

func TestLoadSaysWhatToRun(t *testing.T) {
	_, err := load(fstest.MapFS{"dist.md": {Data: []byte("only the placeholder")}})
	if !errors.Is(err, ErrNotGathered) || !strings.Contains(err.Error(), "Try: make notice") {
		t.Errorf("load without dist = %v, want ErrNotGathered with the command to run", err)
	}
	if _, err := load(fstest.MapFS{"dist/" + NoticeFile: {Data: []byte(`[{"kind": "go"`)}}); err == nil ||
		!strings.Contains(err.Error(), NoticeFile) {
		t.Errorf("load of half a list = %v", err)
	}
}

func TestCheck(t *testing.T) {
	words := []Text{{File: "LICENSE", Text: "words"}}
	for _, tt := range []struct {
		c    Component
		says string // "": allowed
	}{
		{Component{Kind: Go, Name: "a", Licence: "MIT", Texts: words}, ""},
		{Component{Kind: NPM, Name: "b", Licence: "Apache-2.0 AND BSD-3-Clause", Texts: words}, ""},
		{Component{Kind: Cxx, Name: "c", Licence: "MIT"}, ""},
		{Component{Kind: Go, Name: "d", Licence: "MIT"}, "without the words"},
		{Component{Kind: Go, Name: "e", Texts: words}, "no licence found"},
		{Component{Kind: Go, Name: "f", Licence: "AGPL-3.0", Texts: words}, "AGPL-3.0 is not among"},
		{Component{Kind: Go, Name: "g", Licence: "GPL-2.0 AND MIT", Texts: words}, "GPL-2.0 is not among"},
		{Component{Kind: NPM, Name: "h", Licence: "MIT AND CommonsClause", Texts: words}, "CommonsClause is not among"},
		{Component{Kind: Go, Name: "i", Licence: "LicenseRef-TPC-EULA", Texts: words}, "TPC-EULA is not among"},
	} {
		err := Check(tt.c)
		if tt.says == "" && err != nil || tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("%+v: %v, want %q", tt.c, err, tt.says)
		}
	}
}

func TestNoticeSaysWhereTheSourceIs(t *testing.T) {
	var out strings.Builder
	list := []Component{
		{Name: "example.com/m", Version: "v1", Licence: "MPL-2.0", Source: "https://example.com/m",
			Texts: []Text{{"LICENSE", "the words\n\n"}}},
		{Name: "example.com/n", Version: "v2", Licence: "MIT", Source: "https://example.com/n", Texts: []Text{{"LICENSE", "other words"}}},
	}
	if err := Write(&out, list); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"example.com/m v1 (MPL-2.0)\nhttps://example.com/m\nIts source code",
		"--- LICENSE ---\n\nthe words\n", "other words"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Count(out.String(), "Its source code") != 1 {
		t.Error("what is said of MPL-2.0 is said of others")
	}
}
