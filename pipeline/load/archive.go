package load

import (
	"fmt"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
)

// archived is a ZIP of exports. Each file in it is an input and becomes a batch
// of its own; the archive is the original that is kept, as a copy while one of them is refused.
type archived struct {
	*source.Archive
	members []*input
	left    int // files that are not finished
	refused int
	batches int // files that are one
}

// expand puts the files of an archive in its place. What cannot be opened as
// one stays: inspecting it says what is wrong.
func expand(files []file) (out []file) {
	for _, f := range files {
		in, claimed := f.(*input)
		var a *source.Archive
		if claimed {
			a, _ = source.OpenArchive(in.original.Open, in.name)
		}
		if a == nil {
			out = append(out, f)
			continue
		}
		zip := &archived{Archive: a, left: len(a.Names)}
		for _, name := range a.Names {
			m := &input{name: in.name + "/" + name, original: in.original, claimed: in.claimed, zip: zip, member: name}
			zip.members, out = append(zip.members, m), append(out, m)
		}
	}
	return out
}

// archiveSHA256 is the hash of the archive that the input lies in, "" if it lies in none.
func (in *input) archiveSHA256() string {
	if in.zip == nil {
		return ""
	}
	sum, _ := in.zip.SHA256() // moveOut fails if it cannot be read
	return sum
}

// moveOut puts the original of a finished input among the originals, or gives it back to
// the inbox if something of it was refused.
func (in *input) moveOut(l *lake.Lake) error {
	if !in.original.Claimed() {
		return nil
	}
	failed, sum := in.failed(), in.result.SHA256
	if in.zip != nil {
		if in.zip.left--; failed {
			in.zip.refused++
		} else {
			in.zip.batches++
		}
		if in.zip.left > 0 {
			return nil
		}
		failed = in.zip.refused > 0
		var err error
		if sum, err = in.zip.SHA256(); err != nil {
			return fmt.Errorf("archive %s: %w", in.name, err)
		}
	}
	if failed {
		if in.zip != nil && in.zip.batches > 0 { // which its bureau may put another in the place of
			if err := l.ArchiveCopy(in.original.Path, sum); err != nil {
				return err
			}
		}
		in.giveBack()
		return nil
	}
	if err := l.Archive(in.original.Path, sum); err != nil {
		return err
	}
	in.original.Kept()
	return nil
}
