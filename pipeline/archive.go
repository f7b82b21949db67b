package pipeline

import (
	"fmt"
	"strings"
	"unicode"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
)

// archived is a ZIP of exports. Each file in it is an input and becomes a batch
// of its own; the archive is the original that is kept, once all of them are loaded.
type archived struct {
	*source.Archive
	left    int // files that are not finished
	refused int
}

// expand puts the files of an archive in its place. What cannot be opened as
// one stays: inspecting it says what is wrong.
func expand(inputs []*input) (out []*input, closeAll func()) {
	var opened []*source.Archive
	for _, in := range inputs {
		var a *source.Archive
		if !in.link {
			a, _ = source.OpenArchive(in.path)
		}
		if a == nil {
			out = append(out, in)
			continue
		}
		opened = append(opened, a)
		zip := &archived{Archive: a, left: len(a.Names)}
		for _, name := range a.Names {
			out = append(out, &input{path: in.path, name: in.name + "/" + name, inbox: in.inbox, zip: zip, member: name})
		}
	}
	return out, func() {
		for _, a := range opened {
			a.Close()
		}
	}
}

// open opens the input's file, wherever it lies.
func (in *input) open() (*source.File, error) {
	if strings.ContainsFunc(in.name, unicode.IsControl) {
		return nil, fmt.Errorf("%q: a control character in the name. Try: rename the file", in.name)
	}
	if in.zip != nil {
		return in.zip.Open(in.member)
	}
	return source.Open(in.path)
}

// moveOut takes the original of a finished input out of the inbox, unless
// something of it was refused.
func (in *input) moveOut(l *lake.Lake) error {
	if in.zip == nil {
		if in.failed() {
			return nil
		}
		return l.Archive(in.path, in.result.SHA256)
	}
	in.zip.left--
	if in.failed() {
		in.zip.refused++
	}
	if in.zip.left > 0 || in.zip.refused > 0 {
		return nil
	}
	sum, err := in.zip.SHA256()
	if err != nil {
		return fmt.Errorf("archive %s: %w", in.path, err)
	}
	return l.Archive(in.path, sum)
}

// archiveSHA256 is the hash of the archive that the input lies in, "" if it lies in none.
func (in *input) archiveSHA256() string {
	if in.zip == nil {
		return ""
	}
	sum, _ := in.zip.SHA256() // moveOut fails if it cannot be read
	return sum
}
