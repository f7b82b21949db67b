package xls

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// compound is an OLE container ([MS-CFB]): a small file system in a file, in
// which Office keeps legacy workbooks and encrypted ones. Sector numbers come
// from the file and are not believed: a chain may not be longer than the file
// has sectors, which ends every cycle. (richlardehane/mscfb, which reads the same,
// makes room for as many directory entries as the header claims: 2 KB ask for gigabytes.)
type compound struct {
	r         io.ReaderAt
	size      int64
	shift     uint // of a sector's size: 9 or 12
	fat       []uint32
	mini      []uint32
	miniBody  *sectorReader
	miniBelow int64 // shorter streams lie in miniBody
	entries   []compoundEntry
}

type compoundEntry struct {
	name               string
	kind               byte // 1 storage, 2 stream, 5 root
	left, right, child uint32
	start              uint32
	size               int64
}

// Magic is how an OLE container begins.
var Magic = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")

const (
	sectorMax   = 0xFFFFFFFA // from here on a number is not a sector
	miniShift   = 6
	maxCompound = 128 << 20 // far beyond what 65,536 rows of 256 columns need
)

var errCompound = errors.New("broken OLE container")

func openCompound(r io.ReaderAt, size int64) (*compound, error) {
	var h [512]byte
	if _, err := r.ReadAt(h[:], 0); err != nil {
		return nil, fmt.Errorf("%w: no header", errCompound)
	}
	le := binary.LittleEndian
	c := &compound{r: r, size: size, shift: uint(le.Uint16(h[30:])), miniBelow: int64(le.Uint32(h[56:]))}
	if c.shift != 9 && c.shift != 12 || le.Uint16(h[32:]) != miniShift || c.miniBelow > 1<<16 {
		return nil, fmt.Errorf("%w: sector size", errCompound)
	}
	var difat []uint32
	for i := 76; i < 512; i += 4 {
		difat = append(difat, le.Uint32(h[i:]))
	}
	sector := make([]byte, 1<<c.shift)
	for at, n := le.Uint32(h[68:]), int64(0); at < sectorMax; n++ {
		if n > c.sectors() {
			return nil, fmt.Errorf("%w: its table of tables is a circle", errCompound)
		}
		if err := c.readSector(at, sector); err != nil {
			return nil, err
		}
		for i := 0; i < len(sector)-4; i += 4 {
			difat = append(difat, le.Uint32(sector[i:]))
		}
		at = le.Uint32(sector[len(sector)-4:])
	}
	for _, at := range difat {
		if at >= sectorMax {
			continue
		}
		if int64(len(c.fat)) > c.sectors() {
			break // the rest speaks of sectors behind the end
		}
		if err := c.readSector(at, sector); err != nil {
			return nil, err
		}
		for i := 0; i < len(sector); i += 4 {
			c.fat = append(c.fat, le.Uint32(sector[i:]))
		}
	}
	if err := c.readDirectory(le.Uint32(h[48:])); err != nil {
		return nil, err
	}
	return c, c.readMini(le.Uint32(h[60:]))
}

func (c *compound) sectors() int64 { return c.size >> c.shift }

func (c *compound) readSector(n uint32, into []byte) error {
	got, err := c.r.ReadAt(into, (int64(n)+1)<<c.shift)
	if got == 0 || err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: sector %d is behind the end", errCompound, n)
	}
	clear(into[got:])
	return nil
}

// chain lists the sectors of a stream.
func (c *compound) chain(table []uint32, start uint32) ([]uint32, error) {
	var out []uint32
	for at := start; at < sectorMax; at = table[at] {
		if int64(at) >= int64(len(table)) {
			return nil, fmt.Errorf("%w: sector %d is not in its table", errCompound, at)
		}
		if len(out) >= len(table) {
			return nil, fmt.Errorf("%w: a stream is a circle", errCompound)
		}
		out = append(out, at)
	}
	return out, nil
}

func (c *compound) readDirectory(start uint32) error {
	chain, err := c.chain(c.fat, start)
	if err != nil {
		return err
	}
	sector := make([]byte, 1<<c.shift)
	for _, at := range chain {
		if err := c.readSector(at, sector); err != nil {
			return err
		}
		for i := 0; i < len(sector); i += 128 {
			c.entries = append(c.entries, parseEntry(sector[i:i+128]))
		}
	}
	if len(c.entries) == 0 || c.entries[0].kind != 5 {
		return fmt.Errorf("%w: no root", errCompound)
	}
	return nil
}

func parseEntry(b []byte) compoundEntry {
	le := binary.LittleEndian
	var units []uint16
	for i := 0; i+2 < int(le.Uint16(b[64:])) && i < 62; i += 2 {
		units = append(units, le.Uint16(b[i:]))
	}
	return compoundEntry{name: string(utf16.Decode(units)), kind: b[66], left: le.Uint32(b[68:]), right: le.Uint32(b[72:]),
		child: le.Uint32(b[76:]),
		start: le.Uint32(b[116:]), size: int64(le.Uint32(b[120:]))}
}

// readMini reads the table of the small streams, which lie together in the root's stream.
func (c *compound) readMini(start uint32) error {
	body, err := c.chain(c.fat, c.entries[0].start)
	if err != nil {
		return err
	}
	c.miniBody = &sectorReader{r: c.r, shift: c.shift, base: 1 << c.shift, chain: body}
	table, err := c.chain(c.fat, start)
	if err != nil {
		return err
	}
	sector := make([]byte, 1<<c.shift)
	for _, at := range table {
		if err := c.readSector(at, sector); err != nil {
			return err
		}
		for i := 0; i < len(sector); i += 4 {
			c.mini = append(c.mini, binary.LittleEndian.Uint32(sector[i:]))
		}
	}
	return nil
}

// find looks a name up among the root's own entries: what is embedded in the
// workbook has entries of the same names further down.
func (c *compound) find(name string) *compoundEntry {
	seen := map[uint32]bool{}
	var walk func(at uint32) *compoundEntry
	walk = func(at uint32) *compoundEntry {
		if int64(at) >= int64(len(c.entries)) || seen[at] || len(seen) > 1000 {
			return nil
		}
		seen[at] = true
		e := &c.entries[at]
		if strings.EqualFold(e.name, name) && e.kind == 2 {
			return e
		}
		if found := walk(e.left); found != nil {
			return found
		}
		return walk(e.right)
	}
	return walk(c.entries[0].child)
}

// stream is the content of an entry.
func (c *compound) stream(e *compoundEntry) (*io.SectionReader, error) {
	table, body := c.fat, &sectorReader{r: c.r, shift: c.shift, base: 1 << c.shift}
	if e.size < c.miniBelow {
		table, body = c.mini, &sectorReader{r: c.miniBody, shift: miniShift}
	}
	var err error
	if body.chain, err = c.chain(table, e.start); err != nil {
		return nil, err
	}
	if held := int64(len(body.chain)) << body.shift; e.size > held {
		return nil, fmt.Errorf("%w: %s says %d bytes and has %d", errCompound, e.name, e.size, held)
	}
	return io.NewSectionReader(body, 0, e.size), nil
}

// sectorReader reads a chain of sectors as one piece.
type sectorReader struct {
	r     io.ReaderAt
	shift uint
	base  int64 // of sector 0 in r
	chain []uint32
}

func (s *sectorReader) ReadAt(b []byte, at int64) (n int, err error) {
	for n < len(b) {
		k := at >> s.shift
		if k >= int64(len(s.chain)) {
			return n, io.EOF
		}
		within := at & (1<<s.shift - 1)
		run := int64(1) // neighbours are read at once
		for k+run < int64(len(s.chain)) && s.chain[k+run] == s.chain[k]+uint32(run) && run<<s.shift < within+int64(len(b)-n) {
			run++
		}
		want := min(int64(len(b)-n), run<<s.shift-within)
		got, err := s.r.ReadAt(b[n:n+int(want)], s.base+int64(s.chain[k])<<s.shift+within)
		n, at = n+got, at+int64(got)
		if int64(got) < want {
			if err == nil {
				err = io.ErrUnexpectedEOF
			}
			return n, err
		}
	}
	return n, nil
}
