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
	path     string
	answered map[source.Place]bool // rows that came back corrected
}

// Open is how many of the batch's rejected rows have not come back.
func (r Rejected) Open() int64 { return r.Rejected - int64(len(r.answered)) }

// Unit is the unit of all amounts in the file, "" if it has none or several.
func (r Rejected) Unit() string {
	unit := ""
	for _, u := range r.Units {
		if unit != "" && u != unit {
			return ""
		}
		unit = u
	}
	return unit
}

// Rejected lists the batches with rejected rows, of one bureau or, for "", of all.
func (p *Project) Rejected(bureau string) ([]Rejected, error) {
	l, err := openLake(p)
	if err != nil {
		return nil, err
	}
	batches := l.Batches(noTime)
	answered := answeredRows(batches)
	var list []Rejected
	for _, b := range batches {
		if b.Rejected > 0 && (bureau == "" || b.Bureau == bureau) {
			list = append(list, Rejected{b.Manifest, b.Rejects(), answered[b.Batch]})
		}
	}
	return list, nil
}

// answeredRows are the rejected rows of each batch that a corrected workbook brought back.
func answeredRows(batches []lake.Batch) map[string]map[source.Place]bool {
	answered := map[string]map[source.Place]bool{}
	for _, b := range batches {
		if b.Answers == nil {
			continue
		}
		if answered[b.Answers.Batch] == nil {
			answered[b.Answers.Batch] = map[source.Place]bool{}
		}
		for _, row := range b.Answers.Rows {
			answered[b.Answers.Batch][row] = true
		}
	}
	return answered
}

// Rows reads the batch's open rejected rows one by one.
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
			if r.answered[source.Place{Sheet: row.Sheet, Row: row.Row}] {
				continue
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
