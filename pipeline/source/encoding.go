package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/refusal"
)

// tolerated: one character in so many may be broken; its row is rejected.
const tolerated = 50

const (
	voteSize   = 64 << 10 // of the first part that is not ASCII
	voteBlocks = 16       // spread over the rest
	blockSize  = 8 << 10
)

// sniffEncoding decides the encoding by what most lines of the file are, from its first part that
// is not plain ASCII and from blocks spread over the rest. What is different is rejected row by row.
func (f *File) sniffEncoding() error {
	sample, sampleAt := f.head, f.bom
	for at := f.bom + int64(len(f.head)); fold.ASCII(sample) && at < f.length; {
		buf := make([]byte, min(headSize, f.length-at))
		n, err := f.content.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) || n == 0 {
			return fmt.Errorf("read %s: %w", f.Name, err)
		}
		if sample = buf[:n]; charset.IsBinary(sample) {
			return f.refuse(refusal.ErrBinary, "", "send the table as CSV or .xlsx")
		}
		if i := bytes.LastIndexByte(sample, '\n'); i >= 0 {
			sample = sample[:i+1]
		}
		sampleAt, at = at, at+int64(len(sample))
	}
	switch {
	case f.Encoding != "": // its mark says it
		return nil
	case fold.ASCII(sample):
		f.Encoding = charset.UTF8
		return nil
	}
	f.Encoding = charset.UTF8
	if at := charset.Big5Begins(sample); at >= 0 { // no header is found in it
		says := fmt.Sprintf("it is Big5 (traditional Chinese), from the line at byte %d on", sampleAt+int64(at))
		return f.refuse(refusal.ErrEncoding, says, "save it as CSV UTF-8 or as .xlsx")
	}
	var v charset.Vote
	v.Count(sample[:min(len(sample), voteSize)])
	f.spread(sampleAt+int64(len(sample)), &v)
	if v.GB > v.UTF8 || v.GB == v.UTF8 && charset.InvalidUTF8(sample) > 0 && charset.InvalidUTF8(sample) >= charset.InvalidGB(sample) {
		f.Encoding = charset.GB18030
	}
	if f.Encoding == charset.GB18030 && v.Clear*2 < v.Lines {
		f.notes = append(f.notes, "most of its lines are read as GB18030, but hardly are what anybody writes: "+
			"see whether the file is in another encoding")
	}
	bad, other := charset.InvalidUTF8(charset.WithoutHalf(sample)), charset.InvalidGB(sample)
	if f.Encoding == charset.GB18030 {
		bad, other = other, bad
	}
	if characters := max(1, utf8.RuneCount(sample)); bad*tolerated >= characters && v.Clear*2 < v.Lines {
		first := sampleAt + int64(max(0, charset.FirstBad(sample, f.Encoding == charset.GB18030)))
		says := fmt.Sprintf("%d broken characters in the first %d, the first at byte %d", min(bad, other), characters, first)
		return f.refuse(refusal.ErrEncoding, says, "save it as CSV UTF-8 or as .xlsx")
	}
	return nil
}

// spread counts whole lines of blocks behind from.
func (f *File) spread(from int64, v *charset.Vote) {
	buf := make([]byte, blockSize)
	for k := range int64(voteBlocks) {
		at := from + (f.length-from)*k/voteBlocks
		if f.length-from < voteBlocks*blockSize {
			if at = from + k*blockSize; at >= f.length {
				return
			}
		}
		n, _ := f.content.ReadAt(buf, at) // what cannot be read is met again while reading
		b := buf[:n]
		first, last := bytes.IndexByte(b, '\n'), bytes.LastIndexByte(b, '\n')
		if first >= 0 {
			v.Count(b[first+1 : last+1])
		}
	}
}

// temporary is a file that is gone when it is closed.
func temporary() (*os.File, error) {
	f, err := os.CreateTemp("", "citykpi-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	return f, nil
}

// transcode makes content a copy in UTF-8, without a byte order mark.
func (f *File) transcode(from string) error {
	out, err := temporary()
	if err != nil {
		return err
	}
	f.copied = &charset.Copy{File: out, From: from, Mark: f.bom}
	written, err := f.copied.Write(f.Name, f.file, f.Size)
	if err != nil {
		return err
	}
	f.content, f.length, f.bom = out, written, 0
	return nil
}
