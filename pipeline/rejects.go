package pipeline

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
)

// Rejected is a batch with rows that were sent back.
type Rejected struct {
	lake.Manifest
	path string
}

// Rejected lists the batches with rejected rows, of one bureau or, for "", of all.
func (p *Project) Rejected(bureau string) ([]Rejected, error) {
	l, err := openLake(p)
	if err != nil {
		return nil, err
	}
	var list []Rejected
	for _, b := range l.Batches(noTime) {
		if b.Rejected > 0 && (bureau == "" || b.Bureau == bureau) {
			list = append(list, Rejected{b.Manifest, b.Rejects()})
		}
	}
	return list, nil
}

// Rows reads the batch's rejected rows one by one.
func (r Rejected) Rows() iter.Seq2[source.Reject, error] {
	return func(yield func(source.Reject, error) bool) {
		f, err := os.Open(r.path)
		if err != nil {
			yield(source.Reject{}, fmt.Errorf("read rejects of %s: %w", r.File, err))
			return
		}
		defer f.Close()
		dec := json.NewDecoder(bufio.NewReaderSize(f, 1<<16))
		for {
			var row source.Reject
			err := dec.Decode(&row)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				err = fmt.Errorf("read rejects of %s: %w", r.File, err)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// Workbook is where the batch's rejected rows go back to the bureau.
func (p *Project) Workbook(r Rejected) string {
	base := strings.TrimSuffix(filepath.Base(r.File), filepath.Ext(r.File))
	return p.Var("outbox", r.Bureau, base+"_退回_"+r.SHA256[:6]+".xlsx")
}
