package charset

import (
	"bytes"

	"citykpi/pipeline/source/fold"
)

// Vote counts lines that are not ASCII: how many bytes of them are rather of which
// encoding, and how many are clearly of one.
type Vote struct {
	UTF8, GB     int
	Lines, Clear int
}

// Count counts the lines of a sample, in bytes of UTF8 and GB and in Lines and Clear.
func (v *Vote) Count(sample []byte) {
	for len(sample) > 0 {
		line := sample
		if i := bytes.IndexByte(sample, '\n'); i >= 0 {
			line = sample[:i]
		}
		sample = sample[min(len(line)+1, len(sample)):]
		if fold.ASCII(line) {
			continue
		}
		inUTF8, inGB := plausible(line)
		v.Lines++
		if max(inUTF8, inGB) >= 0.5 || surelyBig5(line) {
			v.Clear++
		}
		switch {
		case inUTF8 > inGB:
			v.UTF8 += len(line)
		case inGB > inUTF8:
			v.GB += len(line)
		}
	}
}
