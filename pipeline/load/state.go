package load

import (
	"citykpi/pipeline/durable"
	"citykpi/pipeline/inbox"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
)

// file is one on its way into the lake, in the state that its type says: *input is claimed and not looked at yet, *absent
// could not be claimed; *recognised waits to be read; *read waits to be committed; *twin and *ended have nothing more to be
// read; *broken met a failing disk.
type file interface{ base() *input }

// input is a file of the inbox or from elsewhere, as every state knows it.
type input struct {
	name     string      // as its bureau has it, below the inbox
	original *inbox.File // its bytes, or the archive that it lies in; nil of what is absent
	claimed  bool        // from the inbox; it lies elsewhere if not
	zip      *archived   // that the file lies in, under the name member; nil: it is the original itself
	member   string

	open *source.File // while it is
	size int64        // 0: it could not be opened
	sum  string       // SHA-256, "" while nobody has asked

	date     kpi.Date // of its data, zero while that is not known
	named    bool     // its name says that date, which its bytes do not
	corrects bool     // its rows may say what they do to earlier ones
	result   FileResult
}

func (in *input) base() *input { return in }

// absent could not be claimed; its result says why.
type absent struct{ *input }

// recognised is an input whose contract is known, and where its table stands.
type recognised struct {
	*input
	contract *contract.Contract
	reader   *source.Reader
	layout   *source.Layout // while it is open
	answers  *lake.Answers  // of a corrected workbook
	seq      int            // of its batch
}

func isRecognised(f file) bool {
	_, ok := f.(*recognised)
	return ok
}

// read is a staged batch.
type read struct {
	*recognised
	staged   *lake.Staged
	manifest *lake.Manifest
	unit     string  // who filed it
	off      *oddity // how its totals differ from its rows
}

// twin has the bytes of an earlier input, and becomes what that becomes.
type twin struct {
	*input
	of *input
}

// ended is refused, held, or a batch: its result says which.
type ended struct{ *input }

// broken could not be read because a disk failed.
type broken struct {
	*input
	disk *durable.DiskError
}

// failed reports that nothing of the input was loaded.
func (in *input) failed() bool {
	return in.result.Status == StatusRefused || in.result.Status == StatusHeld
}

// refuse says why nothing of the input is loaded.
func (in *input) refuse(err error) *ended {
	in.result.Status, in.result.Error = StatusRefused, err.Error()
	return &ended{in}
}

// resultsOf are what became of the files.
func resultsOf(files []file) []FileResult {
	results := make([]FileResult, len(files))
	for i, f := range files {
		results[i] = f.base().result
	}
	return results
}
