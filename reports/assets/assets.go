// Package assets embeds the dashboard's script and style sheet. They are bundled
// from npm packages by `make assets` into the git-ignored folder dist.
package assets

import (
	"embed"
	"fmt"
	"io/fs"
)

// The pattern always matches dist.md, so that a tree without dist/ compiles and
// Load can say what to run.
//
//go:embed dist*
var files embed.FS

// Bundle is everything a self-contained page needs.
type Bundle struct {
	Script   string // dashboard.js: ECharts and our own script
	Style    string // dashboard.css
	Licences string // of what Script contains
}

// Load returns the embedded bundle, or ErrNotBuilt.
func Load() (Bundle, error) { return load(files) }

func load(from fs.FS) (Bundle, error) {
	var b Bundle
	for name, text := range map[string]*string{"dashboard.js": &b.Script, "dashboard.css": &b.Style, "LICENCES.txt": &b.Licences} {
		raw, err := fs.ReadFile(from, "dist/"+name)
		if err != nil {
			return Bundle{}, fmt.Errorf("%w. Try: make assets", ErrNotBuilt)
		}
		*text = string(raw)
	}
	return b, nil
}
