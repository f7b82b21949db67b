package source

import (
	"fmt"
	"os"

	"citykpi/pipeline/source/charset"
)

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
