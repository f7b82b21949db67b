package source

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"citykpi/pipeline/source/charset"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/grid"
	"citykpi/pipeline/source/refusal"
	"citykpi/pipeline/source/unzip"
)

// Archive is a ZIP of exports. Each file in it is an export of its own; the
// archive itself is none. It is open only while a file is being unpacked.
type Archive struct {
	Path  string
	Names []string // of the files in it, sorted; folders and what systems add are left out

	open     func() (*os.File, error)
	mu       sync.Mutex // guards file and users
	file     *os.File
	users    int
	size     int64
	limits   unzip.Limits
	files    map[string]*zip.File
	left     atomic.Int64 // bytes that may still be unpacked
	unpacked sync.Map     // names of files that have counted once
	sha256   func() (string, error)
}

const maxMembers = 1000

// OpenArchive reads what is in a ZIP that is no workbook; nil if path is anything else. The file is opened anew
// for whatever is read of it later: open must give the same bytes or fail.
// The error is a *refusal.Error where the content is to blame.
func OpenArchive(open func() (*os.File, error), path string) (*Archive, error) {
	return openArchive(open, path, unzip.Limits{})
}

func openArchive(open func() (*os.File, error), path string, limits unzip.Limits) (*Archive, error) {
	a := &Archive{Path: path, open: open, limits: limits.OrDefault()}
	done, err := a.use()
	if err != nil {
		return nil, err
	}
	defer done()
	return a.listed()
}

// listed is the archive, nil if it is none.
func (a *Archive) listed() (*Archive, error) {
	a.files = map[string]*zip.File{}
	if found, err := a.list(); err != nil || !found {
		return nil, err
	}
	a.left.Store(4 * a.limits.EntryBytes)
	a.sha256 = sync.OnceValues(a.hash)
	return a, nil
}

// use opens the archive's file for as long as somebody reads it.
func (a *Archive) use() (done func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.users == 0 {
		if a.file, err = a.open(); err != nil {
			return nil, err
		}
	}
	a.users++
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.users--; a.users == 0 {
			a.file.Close()
		}
	}, nil
}

// ReadAt reads the archive's bytes while it is in use: so the entries of the ZIP find them, whichever descriptor that is.
func (a *Archive) ReadAt(b []byte, at int64) (int, error) { return a.file.ReadAt(b, at) }

// SHA256 is the hash of the archive's bytes in hex, computed once.
func (a *Archive) SHA256() (string, error) { return a.sha256() }

func (a *Archive) hash() (string, error) {
	done, err := a.use()
	if err != nil {
		return "", err
	}
	defer done()
	return hashOf(io.NewSectionReader(a, 0, a.size), grid.ChunkSize)
}

func (a *Archive) refuse(err error, detail, try string) *refusal.Error {
	return &refusal.Error{File: filepath.Base(a.Path), Err: err, Detail: detail, Try: try}
}

// list finds the members; false if the file is no archive of exports.
func (a *Archive) list() (bool, error) {
	info, err := a.file.Stat()
	if err != nil {
		return false, fmt.Errorf("open export: %w", err)
	}
	a.size = info.Size()
	var head [4]byte
	if n, _ := a.ReadAt(head[:], 0); n < len(head) || !unzip.IsZip(head[:]) {
		return false, nil
	}
	z, err := unzip.Open(a, a.size)
	if err != nil || len(z.File) == 0 || unzip.IsPackage(z) {
		return false, nil // Open says what is wrong with it
	}
	for _, f := range z.File {
		name, err := a.memberName(f)
		if err != nil {
			return false, err
		}
		base := path.Base(name)
		hidden := strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") || strings.EqualFold(base, "thumbs.db")
		if hidden || strings.HasSuffix(name, "/") || strings.HasPrefix(name, "__MACOSX/") {
			continue
		}
		if a.files[name] != nil {
			return false, a.refuse(refusal.ErrArchiveName, fmt.Sprintf("%s is in it twice", name), "pack the files again")
		}
		a.files[name] = f
		a.Names = append(a.Names, name)
	}
	switch {
	case len(a.Names) == 0:
		return false, a.refuse(refusal.ErrEmpty, "an archive without files", "ask the bureau to pack it again")
	case len(a.Names) > maxMembers:
		return false, a.refuse(refusal.ErrTooLarge, fmt.Sprintf("%d files in one archive", len(a.Names)),
			"send the files in several archives")
	}
	slices.Sort(a.Names)
	return true, nil
}

// NameText is the name of a file in UTF-8: Chinese Windows writes GB 18030 and does not say
// so. ok: it is in one of the two; what is in neither is made readable. Each folder on the way is a
// name of its own: a bureau's is ours, in UTF-8, whatever the files in it are called.
func NameText(name string) (text string, ok bool) {
	if utf8.ValidString(name) {
		return name, true
	}
	if at := strings.LastIndexByte(name, '/'); at >= 0 { // no byte of a character in GB 18030
		above, readable := NameText(name[:at])
		base, ok := NameText(name[at+1:])
		return above + "/" + base, ok && readable
	}
	decoded, bad, _ := charset.NewDecoder().Decode(nil, []byte(name))
	if bad > 0 {
		return strings.ToValidUTF8(name, string(fold.Replacement)), false
	}
	return string(decoded), true
}

// memberName is a member's name in UTF-8.
func (a *Archive) memberName(f *zip.File) (string, error) {
	name, ok := NameText(f.Name)
	if !ok {
		return "", a.refuse(refusal.ErrArchiveName, fmt.Sprintf("%q", f.Name), "pack the files again")
	}
	name = strings.ReplaceAll(name, `\`, "/")
	unsafe := strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7F })
	if unsafe || path.IsAbs(name) || slices.Contains(strings.Split(name, "/"), "..") || !f.Mode().IsRegular() && !f.Mode().IsDir() {
		return "", a.refuse(refusal.ErrArchiveName, fmt.Sprintf("%q", name), "pack the files again, under plain names")
	}
	return name, nil
}

// Open unpacks a member into a file without a name and sniffs it.
func (a *Archive) Open(name string) (*File, error) {
	member := a.files[name]
	if member == nil {
		return nil, a.refuse(refusal.ErrArchiveName, "no "+name+" in it", "look into the archive")
	}
	refuse := func(err error, detail, try string) *refusal.Error {
		return &refusal.Error{File: filepath.Base(a.Path) + "/" + name, Err: err, Detail: detail, Try: try}
	}
	if member.Flags&1 != 0 {
		return nil, refuse(refusal.ErrPassword, "", "ask the bureau to pack it without a password")
	}
	done, err := a.use()
	if err != nil {
		return nil, err
	}
	defer done()
	in, err := member.Open()
	if err != nil {
		return nil, refuse(refusal.ErrTruncated, err.Error(), refusal.Resend)
	}
	defer in.Close()
	out, err := temporary()
	if err != nil {
		return nil, err
	}
	from := &unzip.Limited{ReadCloser: in, Limits: a.limits, Part: name, Packed: int64(member.CompressedSize64), Refuse: refuse,
		Try: "ask the bureau what is in it"}
	var content io.Reader = from
	if _, again := a.unpacked.LoadOrStore(name, true); !again {
		content = &budget{from, &a.left, refuse}
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{out}, struct{ io.Reader }{content}, make([]byte, 256<<10))
	var refused *refusal.Error
	switch {
	case errors.As(err, &refused):
		out.Close()
		return nil, err
	case err != nil:
		out.Close()
		return nil, fmt.Errorf("unpack %s: %w. Try: make room in %s", name, err, os.TempDir())
	}
	f, err := newFile(out, a.Path, path.Base(name), filepath.Base(a.Path), a.limits)
	if err != nil {
		if errors.As(err, &refused) {
			refused.File = filepath.Base(a.Path) + "/" + name
		}
		return nil, err
	}
	f.alone = len(a.Names) == 1
	return f, nil
}

// budget stops an archive whose files together unpack to more than it may.
type budget struct {
	io.Reader
	left   *atomic.Int64
	refuse func(err error, detail, try string) *refusal.Error
}

func (b *budget) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left.Add(-int64(n)) < 0 {
		return 0, b.refuse(refusal.ErrTooLarge, "the archive's files together", "send the files in several archives")
	}
	return n, err
}
