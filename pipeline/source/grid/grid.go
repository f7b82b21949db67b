// Package grid is what every format hands on: rows of cells, each a text with the kind it was kept as.
package grid

import "context"

// Source is one part of a table, read chunk by chunk in row order.
type Source interface {
	// Next reads one chunk into sink; more is false at the end.
	Next(ctx context.Context, sink Sink) (more bool, err error)
	Close()
}

// Sink takes the rows of one chunk after another.
type Sink interface {
	// Begin announces a chunk of at most rows rows; odd: its text may hold U+FFFD or invisible characters.
	Begin(rows int, odd bool)
	// Row takes one row. The cells are valid until the next call; kinds is nil if all are text.
	Row(no int64, cells [][]byte, kinds []Kind)
}

// Locator is a source that knows where in the file a row has its first bytes
// that are no character.
type Locator interface {
	// BadByte is the offset in the file as the bureau sent it, -1 if unknown.
	BadByte(row int64) int64
	// OtherEncoding is that of the row at hand and where in the file its line starts, "" if it is the file's.
	OtherEncoding() (encoding string, offset int64)
}

// Kind is how a workbook stores a cell, and above KindBits the number of the format it is
// shown in. A CSV has texts only.
type Kind uint16

const (
	Text      Kind = iota
	Number         // as written in the XML: 1.5E7
	Date           // a number under a date format
	Bool           // TRUE or FALSE
	Error          // #N/A, #REF!, or a formula that was never computed
	Month          // a number under a date format that shows no day
	Year           // and no month
	List           // several values
	Stray          // of a CSV: where it ends is not known
	Rounded        // of Parquet: a number of more digits than its type keeps
	Other          // of a web page: a number that is shown otherwise than it is kept
	Elsewhere      // of a web page: the first cell of a row of another table
	Part           // of a web page: a picture, or the start of a text that is cut
	Unseen         // of a workbook: a text of which its format shows nothing

	KindBits    = 4
	MostFormats = 1<<(16-KindBits) - 1
)

// Stored is the kind without its format.
func (k Kind) Stored() Kind { return k & (1<<KindBits - 1) }

// IsNumber reports what a workbook keeps as a number, dates among them.
func (k Kind) IsNumber() bool { return k.Stored() == Number || k.IsDate() }

// IsDate reports a number that is shown as a day, a month or a year.
func (k Kind) IsDate() bool {
	k = k.Stored()
	return k == Date || k == Month || k == Year
}

// BooleanWords are how a workbook shows its booleans.
var BooleanWords = [2]string{"FALSE", "TRUE"}

// ChunkSize is what is read, parsed and handed on at a time. A record that is
// longer means a quote that is never closed.
const ChunkSize = 1 << 20

// FirstRows is how many rows of one sort are named; the others are counted.
const FirstRows = 10
