package source

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// spool keeps the rejects of one stream until the streams before it are
// drained: in memory up to a limit, then in an unlinked temporary file.
type spool struct {
	memory bytes.Buffer
	file   *os.File
	path   string // "" once unlinked
}

const spoolMemory = 1 << 20

func (s *spool) Write(b []byte) (int, error) {
	if s.file == nil && s.memory.Len()+len(b) <= spoolMemory {
		return s.memory.Write(b)
	}
	if s.file == nil {
		f, err := os.CreateTemp("", "citykpi-rejects-*")
		if err != nil {
			return 0, fmt.Errorf("spool rejects: %w", err)
		}
		s.file, s.path = f, f.Name()
		if os.Remove(s.path) == nil { // where the system allows: nothing stays behind, whatever happens
			s.path = ""
		}
	}
	if s.memory.Len() > 0 {
		if _, err := s.file.Write(s.memory.Bytes()); err != nil {
			return 0, fmt.Errorf("spool rejects: %w", err)
		}
		s.memory = bytes.Buffer{}
	}
	return s.file.Write(b)
}

// drain copies everything to w and closes the spool.
func (s *spool) drain(w io.Writer) error {
	defer s.close()
	if s.file == nil {
		_, err := w.Write(s.memory.Bytes())
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read back rejects: %w", err)
	}
	_, err := io.Copy(w, s.file)
	return err
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
		if s.path != "" {
			os.Remove(s.path)
		}
		s.file, s.path = nil, ""
	}
	s.memory = bytes.Buffer{}
}
