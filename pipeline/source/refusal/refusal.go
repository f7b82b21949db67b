// Package refusal says why a file cannot be read: the error that every format refuses with, the reasons there are, and
// the steps that are proposed most.
package refusal

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// Why a file is refused as a whole. Every refusal is a *Error that wraps
// one of these; match with errors.Is.
var (
	// Returned by Open.
	ErrEmpty       = errors.New("the file is empty")
	ErrBinary      = errors.New("not a table: the content is binary")
	ErrEncoding    = errors.New("the text is neither UTF-8 nor GB18030")
	ErrHTML        = errors.New("a web page without a table")
	ErrXML         = errors.New("an XML document")
	ErrOldXLS      = errors.New("a workbook older than Excel 97")
	ErrXLSB        = errors.New("a binary workbook (.xlsb)")
	ErrNested      = errors.New("an archive inside an archive")
	ErrArchiveName = errors.New("a file in the archive has no usable name")
	ErrArchive     = errors.New("an archive of several files")
	ErrPassword    = errors.New("password-protected")
	ErrTruncated   = errors.New("the file is incomplete or damaged")
	ErrNotWorkbook = errors.New("a zip archive without an Excel workbook")

	// Returned by Open, Inspect and while reading.
	ErrTooLarge = errors.New("the file holds more than it may")
	ErrWorkbook = errors.New("the sheet's XML is not what Excel writes")
	ErrRecord   = errors.New("the sheet holds what is not known")
	ErrRecords  = errors.New("the JSON is broken")
	ErrParquet  = errors.New("the Parquet file is broken")
	ErrChanged  = errors.New("the file changed while it was read")

	// Returned by Match.
	ErrNoContract   = errors.New("no contract matches")
	ErrTwoContracts = errors.New("more than one contract matches")

	// Returned by Inspect.
	ErrNoHeader        = errors.New("no header row found")
	ErrNoRows          = errors.New("no rows below the header")
	ErrLists           = errors.New("not one value a row")
	ErrMissingColumn   = errors.New("a required column is missing")
	ErrDuplicateColumn = errors.New("two columns have the same header")
	ErrNoUnit          = errors.New("an amount without a unit")
	ErrUnitConflict    = errors.New("the units contradict each other")
	ErrDateConflict    = errors.New("the sheets say different dates")
	ErrNoDataDate      = errors.New("no data date")
	ErrNoReturnNumber  = errors.New("a returned workbook without its number")
	ErrNoSheet         = errors.New("no such sheet")
	ErrNoRecords       = errors.New("no list of records")

	// Returned while reading.
	ErrQuote       = errors.New("a quoted cell never ends")
	ErrHeaderMoved = errors.New("a header comes again with its columns in another order")
	ErrMerge       = errors.New("cells are merged across rows")

	// Returned by Inspect and while reading: see Panicked.
	ErrDefect = errors.New("the program fails on this file")
)

// Error refuses a file: which one, where in it, why, and what to do next.
// Its text is one line for operators.
type Error struct {
	File   string // base name
	Sheet  string // "" for CSV and for the file as a whole
	Row    int64  // 0: the file as a whole
	Column string // letter and header, "" if the row as a whole
	Err    error  // one of the sentinels above
	Detail string // what exactly, "" if the sentinel says it all
	Try    string // the next step

	Again bool // rows of a sheet were handed on before their other cells were met: it can be read anew
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Sheet != "" {
		fmt.Fprintf(&b, ": sheet %s", e.Sheet)
	}
	if e.Row > 0 {
		fmt.Fprintf(&b, ": row %d", e.Row)
		if e.Column != "" {
			fmt.Fprintf(&b, ", column %s", e.Column)
		}
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.Try != "" {
		b.WriteString(". Try: " + e.Try)
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

func (e *Error) Unwrap() error { return e.Err }

// Panicked refuses a file that a defect of the program meets, where it is deferred by what reads one: the others
// are read, and a database that pulls rows gets an error instead of a panic that it has no way out for.
func Panicked(file string, err *error) {
	if p := recover(); p != nil {
		*err = &Error{File: file, Err: ErrDefect, Detail: fmt.Sprintf("%v, at %s", p, panicAt()),
			Try: "take it out of the inbox, and report this line"}
	}
}

// panicAt is the line of the program's own code that panicked.
func panicAt() string {
	at := make([]uintptr, 64)
	frames := runtime.CallersFrames(at[:runtime.Callers(3, at)])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "citykpi/") {
			return fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		if !more {
			return "an unknown line"
		}
	}
}

const (
	Resave = "open it in Excel or WPS and save it again as .xlsx"
	Resend = "ask for the file to be sent again"
)
