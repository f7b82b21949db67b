package load

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"

	"citykpi/pipeline/source"
	"citykpi/pipeline/source/refusal"

	"golang.org/x/sync/errgroup"
)

// look sniffs every claimed file, finds its contract and where its table stands.
func (ld *loader) look(ctx context.Context, files []file) {
	var looks errgroup.Group
	looks.SetLimit(runtime.NumCPU())
	for i, f := range files {
		in, claimed := f.(*input)
		f.base().result.File = f.base().name
		if !claimed {
			continue
		}
		looks.Go(func() error {
			r, err := ld.inspect(ctx, in)
			if err != nil {
				in.rest()
				files[i] = in.refuse(err)
				return nil
			}
			if !ld.open.keep(in.size) {
				r.rest()
			}
			files[i] = r
			return nil
		})
	}
	_ = looks.Wait() // what is wrong with a file is in its place
	bySize, first := map[int64][]int{}, map[string]*input{}
	for i, f := range files {
		if size := f.base().size; size > 0 {
			ld.total += size
			bySize[size] = append(bySize[size], i)
		}
	}
	for size, same := range bySize { // the others are hashed while they are read
		if len(same) == 1 && !ld.lake.HasSize(size) {
			continue
		}
		slices.SortStableFunc(same, func(a, b int) int { return after(!isRecognised(files[a]), !isRecognised(files[b])) })
		for _, i := range same {
			files[i] = ld.recognise(files[i], first)
		}
	}
}

// inspect looks at one input.
func (ld *loader) inspect(ctx context.Context, in *input) (r *recognised, err error) {
	defer refusal.Panicked(in.name, &err)
	if in.open, err = in.openFile(); err != nil {
		return nil, err
	}
	in.size, in.result.Encoding = in.open.Size, string(in.open.Kind)
	if in.open.Kind == source.CSV { // how it writes text
		in.result.Encoding = in.open.Encoding
	}
	back, err := in.open.Return(ctx)
	if err != nil {
		return nil, err
	}
	if back != nil {
		r, err = ld.returned(in, back)
	} else {
		r, err = ld.matched(in)
	}
	if err != nil {
		return nil, err
	}
	if r.layout, err = r.reader.Inspect(ctx, in.open, r.contract); err != nil {
		return nil, err
	}
	in.date, in.named, in.corrects = r.layout.DataDate, r.layout.DataDateFrom == "file_name", r.layout.Corrects()
	return r, nil
}

// matched is an input with the contract that it answers.
func (ld *loader) matched(in *input) (*recognised, error) {
	c, _, err := source.Match(ld.project.Contracts, in.open)
	if err != nil {
		return nil, err
	}
	in.result.Source, in.result.Bureau = c.Source, c.Bureau
	return &recognised{input: in, contract: c, reader: ld.reader(c)}, nil
}

// openFile opens the input's file, wherever it lies.
func (in *input) openFile() (*source.File, error) {
	if strings.ContainsFunc(in.name, unicode.IsControl) {
		return nil, fmt.Errorf("%q: a control character in the name. Try: rename the file", in.name)
	}
	if in.zip != nil {
		return in.zip.Open(in.member)
	}
	f, err := in.original.Open()
	if err != nil {
		return nil, err
	}
	return source.OpenFile(f, in.name)
}

// openFiles bounds what is kept open from the look at a file until it is read: with few files in the inbox all
// are looked at once, with many each is opened again when its turn comes.
type openFiles struct {
	mu    sync.Mutex
	files int
	bytes int64
}

const (
	maxOpen      = 32
	maxOpenBytes = 512 << 20
)

func (o *openFiles) keep(size int64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.files == maxOpen || o.files > 0 && o.bytes+size > maxOpenBytes {
		return false
	}
	o.files, o.bytes = o.files+1, o.bytes+size
	return true
}

// rest closes the input's file.
func (in *input) rest() {
	if in.open != nil {
		in.open.Close()
		in.open = nil
	}
}

// rest closes the file until it is read.
func (r *recognised) rest() {
	r.input.rest()
	r.layout = nil
}

// wake opens a file that rested. It has the bytes that were looked at, so what was found holds.
func (ld *loader) wake(ctx context.Context, r *recognised) (err error) {
	if r.open != nil {
		return nil
	}
	if r.open, err = r.openFile(); err != nil {
		return err
	}
	reader := *r.reader
	reader.DataDate = r.date // need not be looked for again
	r.layout, err = reader.Inspect(ctx, r.open, r.contract)
	return err
}

// hash is the SHA-256 of the input's bytes.
func (in *input) hash() (sum string, err error) {
	if in.sum != "" {
		return in.sum, nil
	}
	f := in.open
	if f == nil {
		if f, err = in.openFile(); err != nil {
			return "", err
		}
		defer f.Close()
	}
	in.sum, err = f.SHA256()
	return in.sum, err
}

// recognise is the file as it is, or ended where it is a batch already, or a twin of the first one that is read.
func (ld *loader) recognise(f file, first map[string]*input) file {
	in := f.base()
	sum, err := in.hash()
	if err != nil {
		return in.refuse(err)
	}
	batch, err := ld.batchOf(in, sum)
	if err != nil {
		return in.refuse(err)
	}
	if in.named {
		sum += in.date.String()
	}
	switch of := first[sum]; {
	case batch != "":
		in.result.Status, in.result.BatchID, in.result.Error = StatusKnown, batch, ""
		f = &ended{in}
	case of != nil:
		in.result.Status, in.result.Error = "", ""
		f = &twin{in, of}
	default:
		if isRecognised(f) { // of bytes that are not read nothing comes for others
			first[sum] = in
		}
		return f
	}
	in.rest()
	return f
}

// batchOf is the batch that the input's bytes have become, "" if there is none. The same
// bytes under the name of another period are another export: of a list that has not
// changed. A table pulled whole is what it was only if nothing came between.
func (ld *loader) batchOf(in *input, sum string) (string, error) {
	pulled, err := ld.lake.PullOf(sum)
	if err != nil {
		return "", err
	}
	for _, b := range ld.lake.Of(sum) {
		switch {
		case pulled != nil && pulled.Watermark == "":
			if last, _ := ld.lake.LastPull(b.Source); last.Batch == b.Batch {
				return b.Batch, nil
			}
		case !in.named || b.DataDate == in.date:
			return b.Batch, nil
		}
	}
	return "", nil
}
