// Package licences holds what others' works are part of the program, and under which
// terms. The list and the licences' own words are gathered by `make notice` into the
// git-ignored folder dist, from the modules as they are linked and the npm packages as
// they are bundled, and embedded: the notice cannot say anything but what was built.
package licences

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// The pattern always matches dist.md, so that a tree without dist/ compiles and Load
// can say what to run.
//
//go:embed dist*
var files embed.FS

// NoticeFile is where the list stands in dist/.
const NoticeFile = "notice.json"

// ErrNotGathered is returned by Load when the program was compiled before the licences
// were gathered.
var ErrNotGathered = errors.New("the licences are not gathered")

// Kinds of components.
const (
	Go  = "go"  // a module linked into the program, or Go's own library
	NPM = "npm" // a package bundled into the site's script or style sheet
	Cxx = "c++" // a library inside a module's prebuilt archives
)

// Component is one work of others that is part of the program.
type Component struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Version string   `json:"version,omitempty"`
	Licence string   `json:"licence"`          // SPDX expression of all that its texts grant
	Source  string   `json:"source"`           // where its source code is
	PURL    string   `json:"purl"`             // package URL, its name for machines
	Direct  bool     `json:"direct,omitempty"` // the program uses it itself
	Uses    []string `json:"uses,omitempty"`   // the components it uses
	Texts   []Text   `json:"texts,omitempty"`
}

// Text is a file that came with a component: a licence, a notice, a grant of patents.
type Text struct {
	File string `json:"file"`
	Text string `json:"text"`
}

// Load returns all components, by kind and name, or ErrNotGathered.
func Load() ([]Component, error) { return load(files) }

func load(from fs.FS) (list []Component, err error) {
	raw, err := fs.ReadFile(from, "dist/"+NoticeFile)
	if err != nil {
		return nil, fmt.Errorf("%w. Try: make notice", ErrNotGathered)
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("licences/dist/%s: %w. Try: make notice", NoticeFile, err)
	}
	return list, nil
}

// Write prints every component with the words of its licences, as a notice to be handed
// on together with the program.
func Write(w io.Writer, list []Component) error {
	var out strings.Builder
	for _, c := range list {
		fmt.Fprintf(&out, "%s\n%s %s (%s)\n%s\n", strings.Repeat("=", 78), c.Name, c.Version, c.Licence, c.Source)
		if strings.Contains(c.Licence, "MPL-2.0") {
			fmt.Fprintln(&out, "Its source code, unchanged here, is available there under the Mozilla Public License 2.0.")
		}
		fmt.Fprintln(&out, strings.Repeat("=", 78))
		for _, t := range c.Texts {
			fmt.Fprintf(&out, "\n--- %s ---\n\n%s\n", t.File, strings.TrimRight(t.Text, "\n"))
		}
		fmt.Fprintln(&out)
	}
	_, err := io.WriteString(w, out.String())
	return err
}
