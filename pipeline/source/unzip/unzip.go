// Package unzip reads what is packed: ZIPs of files and the documents that are ZIPs of parts, within limits that hold whatever
// the archive says of itself.
package unzip

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"citykpi/pipeline/source/refusal"

	"github.com/klauspost/compress/flate"
)

// IsZip reports the first bytes of a ZIP.
func IsZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// IsPackage tells a document made of parts (.xlsx, .docx, .ods) from a ZIP of files.
func IsPackage(z *zip.Reader) bool {
	return slices.ContainsFunc(z.File, func(f *zip.File) bool {
		switch PartKey(f.Name) {
		case "[content_types].xml", "_rels/.rels", "xl/workbook.xml", "encryptedpackage", "mimetype":
			return true
		}
		return false
	})
}

// Open reads the directory of a ZIP whose members are unpacked by an inflate that takes two thirds of
// the time of the standard library's.
func Open(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err == nil {
		z.RegisterDecompressor(zip.Deflate, flate.NewReader)
	}
	return z, err
}

// PartKey is what the parts of an archive are compared by: case does not matter, and some programs write \\ for /.
func PartKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// Limits bound what a workbook or an archive may unpack to. Sizes that the archive declares are not believed.
type Limits struct {
	EntryBytes int64 // of one part of the archive; 0: 512 MB
	Ratio      int64 // unpacked to packed, once a part passes 16 MB; 0: 250
}

// OrDefault has the defaults for what is 0.
func (l Limits) OrDefault() Limits {
	if l.EntryBytes == 0 {
		l.EntryBytes = 512 << 20
	}
	if l.Ratio == 0 {
		l.Ratio = 250
	}
	return l
}

// Limited stops a part that unpacks to more than it may, whatever the archive
// says about its size. The archive's reader bounds what is unpacked from by the
// declared packed size, so that the ratio holds against that.
type Limited struct {
	io.ReadCloser
	Limits Limits
	Part   string        // its name
	Packed int64         // bytes
	Filled *atomic.Int64 // bytes that are accounted for; nil: it is no sheet
	Refuse func(err error, detail, try string) *refusal.Error
	Try    string // where it is packed too well to be a table
	n      int64
}

// Read implements io.Reader; what passes the limits is refused by Refuse.
func (l *Limited) Read(b []byte) (int, error) {
	n, err := l.ReadCloser.Read(b)
	l.n += int64(n)
	most := l.Limits.EntryBytes
	if l.Filled != nil {
		most = min(most+l.Filled.Load(), most*sheetTimes)
		if l.n > most && most < l.Limits.EntryBytes*sheetTimes {
			return 0, l.Refuse(refusal.ErrTooLarge, fmt.Sprintf("%s passes %d MB, most of it blank", l.Part, most>>20), l.Try)
		}
	}
	switch {
	case l.n > most:
		return 0, l.Refuse(refusal.ErrTooLarge, fmt.Sprintf("%s passes %d MB", l.Part, most>>20),
			"split the table into several files, or send it as CSV")
	case l.n > ratioFrom && l.n > l.Limits.Ratio*max(l.Packed, 1):
		return 0, l.Refuse(refusal.ErrTooLarge, fmt.Sprintf("%s is packed more than %d to 1", l.Part, l.Limits.Ratio), l.Try)
	case err != nil && !errors.Is(err, io.EOF):
		return n, l.Refuse(refusal.ErrTruncated, l.Part+": "+err.Error(), refusal.Resend)
	}
	return n, err
}

// ratioFrom is how much of a part is unpacked before its ratio counts.
const ratioFrom = 16 << 20

// sheetTimes is how often a sheet may be as large as any other part.
const sheetTimes = 8
