package load

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"unicode"

	"citykpi/pipeline/source"
)

// look sniffs every input, finds its contract and where its table stands.
func (ld *loader) look(ctx context.Context, inputs []*input) {
	var all sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU())
	for _, in := range inputs {
		in.ready = make(chan struct{})
		in.result.File = in.name
		if in.original == nil {
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			if err := ld.inspect(ctx, in); err != nil {
				in.refuse(err)
			}
			if !in.toRead() || !ld.open.keep(in.size) {
				in.rest()
			}
		})
	}
	all.Wait()
	bySize, first := map[int64][]*input{}, map[string]*input{}
	for _, in := range inputs {
		if in.size > 0 {
			ld.total += in.size
			bySize[in.size] = append(bySize[in.size], in)
		}
	}
	for size, same := range bySize { // the others are hashed while they are read
		if len(same) == 1 && !ld.lake.HasSize(size) {
			continue
		}
		for _, in := range same {
			ld.recognise(in, first)
		}
	}
}

// inspect looks at one input.
func (ld *loader) inspect(ctx context.Context, in *input) (err error) {
	if in.file, err = in.open(); err != nil {
		return err
	}
	in.size, in.encoding = in.file.Size, string(in.file.Kind)
	if in.file.Kind == source.CSV {
		in.encoding = in.file.Encoding
	}
	in.result.Encoding = in.encoding
	back, err := in.file.Return(ctx)
	if err != nil {
		return err
	}
	if back != nil {
		err = ld.inspectReturn(ctx, in, back)
	} else if in.contract, _, err = source.Match(ld.project.Contracts, in.file); err == nil {
		in.reader = ld.reader(in.contract)
		in.result.Source, in.result.Bureau = in.contract.Source, in.contract.Bureau
		in.layout, err = in.reader.Inspect(ctx, in.file, in.contract)
	}
	if in.layout != nil {
		in.date, in.named, in.corrects = in.layout.DataDate, in.layout.DataDateFrom == "file_name", in.layout.Corrects()
	}
	return err
}

// open opens the input's file, wherever it lies.
func (in *input) open() (*source.File, error) {
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
	maxOpen      = 48
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
	if in.file != nil {
		in.file.Close()
	}
	in.file, in.layout = nil, nil
}

// wake opens an input that rested. It has the bytes that were looked at, so what was found holds.
func (ld *loader) wake(ctx context.Context, in *input) (err error) {
	if in.file != nil {
		return nil
	}
	if in.file, err = in.open(); err != nil {
		return err
	}
	reader := *in.reader
	reader.DataDate = in.date // need not be looked for again
	in.layout, err = reader.Inspect(ctx, in.file, in.contract)
	return err
}

// hash is the SHA-256 of the input's bytes.
func (in *input) hash() (sum string, err error) {
	if in.sum != "" {
		return in.sum, nil
	}
	f := in.file
	if f == nil {
		if f, err = in.open(); err != nil {
			return "", err
		}
		defer f.Close()
	}
	in.sum, err = f.SHA256()
	return in.sum, err
}

// recognise marks an input that is a batch already, or the same as an input before it.
func (ld *loader) recognise(in *input, first map[string]*input) {
	sum, err := in.hash()
	if err != nil {
		in.refuse(err)
		return
	}
	batch, err := ld.batchOf(in, sum)
	if err != nil {
		in.refuse(err)
		return
	}
	if batch != "" {
		in.result.Status, in.result.BatchID, in.result.Error = StatusKnown, batch, ""
		return
	}
	if in.named {
		sum += in.date.String()
	}
	if twin := first[sum]; twin != nil {
		in.twin, in.result.Status, in.result.Error = twin, "", ""
		return
	}
	first[sum] = in
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

// toRead reports that the input is neither refused nor known already.
func (in *input) toRead() bool { return in.result.Status == "" && in.twin == nil }
