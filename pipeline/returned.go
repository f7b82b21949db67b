package pipeline

import (
	"context"
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
)

// inspectReturn looks at a corrected return workbook: it is read by the contract of
// the batch whose rejects it answers, and of that batch's date.
func (ld *loader) inspectReturn(ctx context.Context, in *input, back *source.Return) error {
	all := ld.lake.Batches(noTime)
	at := slices.IndexFunc(all, func(b lake.Batch) bool { return b.Batch == back.Batch })
	if at < 0 {
		return fmt.Errorf("%s: %s %s is none of this lake's batches. Try: load the file whose rows these are first", in.name, kpi.ReturnNumber, back.Batch)
	}
	first := all[at]
	own := slices.IndexFunc(ld.project.Contracts, func(c *source.Contract) bool { return c.Source == first.Source })
	if own < 0 {
		return fmt.Errorf("%s: batch %s has no contract any more. Try: restore data/sources/%s.yaml", in.name, first.Batch, first.Source)
	}
	c := ld.project.Contracts[own]
	reader := *ld.reader(c)
	reader.DataDate = first.DataDate
	in.reader, in.contract = &reader, c.Returned()
	in.answers = &lake.Answers{Batch: first.Batch, Rows: back.Rows}
	in.result.Source, in.result.Bureau = c.Source, c.Bureau
	var err error
	in.layout, err = in.reader.Inspect(ctx, in.file, in.contract)
	return err
}
