package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"citykpi/licences"
)

func TestGranted(t *testing.T) {
	root, err := goroot()
	if err != nil {
		t.Fatal(err)
	}
	words, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	bsd := string(words)
	proprietary := strings.Repeat("You may look at this program on Tuesdays, for a fee that we name afterwards, and not give it "+
		"to anybody. ", 40)
	for _, tt := range []struct {
		name    string
		texts   []licences.Text
		licence string // "": refused
	}{
		{"its words", []licences.Text{{File: "LICENSE", Text: bsd}}, "BSD-3-Clause"},
		{"a notice beside it", []licences.Text{{File: "LICENSE", Text: bsd}, {File: "NOTICE", Text: "made by somebody"}}, "BSD-3-Clause"},
		{"no known words", []licences.Text{{File: "LICENSE", Text: proprietary}}, ""},
		{"a known licence before conditions of another kind", []licences.Text{{File: "LICENSE", Text: bsd + proprietary}}, ""},
		{"a second licence that nobody knows", []licences.Text{{File: "LICENSE", Text: bsd},
			{File: "part/COPYING", Text: proprietary}}, ""},
		{"a name is no licence",
			[]licences.Text{{File: "LICENSE", Text: "BSD-3-Clause, see https://opensource.org/licenses/BSD-3-Clause"}}, ""},
	} {
		c := licences.Component{Name: "example.com/m", Version: "v1", Texts: tt.texts}
		err := granted(&c)
		if tt.licence == "" && (err == nil || !strings.Contains(err.Error(), "example.com/m v1")) || tt.licence != "" &&
			(err != nil || c.Licence != tt.licence) {
			t.Errorf("%s: %q, %v", tt.name, c.Licence, err)
		}
	}
}
