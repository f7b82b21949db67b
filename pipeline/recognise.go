package pipeline

import (
	"context"
	"runtime"
	"sync"
)

// look sniffs every input, finds its contract and where its table stands.
func (ld *loader) look(ctx context.Context, inputs []*input) {
	var all sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU())
	for _, in := range inputs {
		in.ready = make(chan struct{})
		in.result = FileResult{File: in.name}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			if err := ld.inspect(ctx, in); err != nil {
				in.refuse(err)
			}
		})
	}
	all.Wait()
	bySize, first := map[int64][]*input{}, map[string]*input{}
	for _, in := range inputs {
		if in.file != nil {
			ld.total += in.file.Size
			bySize[in.file.Size] = append(bySize[in.file.Size], in)
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

// recognise marks an input that is a batch already, or the same as an input before it.
func (ld *loader) recognise(in *input, first map[string]*input) {
	sum, err := in.file.SHA256()
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
	if in.named() {
		sum += in.dataDate().String()
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
		case !in.named() || b.DataDate == in.dataDate():
			return b.Batch, nil
		}
	}
	return "", nil
}

// named reports whether the input's name says its date, which its bytes do not.
func (in *input) named() bool { return in.layout != nil && in.layout.DataDateFrom == "file_name" }

// toRead reports that the input is neither refused nor known already.
func (in *input) toRead() bool { return in.result.Status == "" && in.twin == nil }
