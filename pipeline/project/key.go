package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"citykpi/pipeline/source/personal"
)

// ReadKey reads the key that persons are masked with, if there is one yet.
func (p *Project) ReadKey() error {
	path := p.Var(personal.KeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return nil
	}
	if err == nil {
		p.Mask, err = personal.ParseKey(text)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w. Try: restore it from a backup", path, err)
	}
	return nil
}

// MaskOf masks what is printed of the project in dir, also where it cannot be opened: without its
// key all numbers become the same word.
func MaskOf(dir string) personal.Masker {
	p := Project{Dir: dir}
	if err := p.ReadKey(); err != nil {
		return personal.Masker{}
	}
	return p.Mask
}
