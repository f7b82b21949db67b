package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/show"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
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
	own := slices.IndexFunc(ld.project.Contracts, func(c *contract.Contract) bool { return c.Source == first.Source })
	if own < 0 {
		return fmt.Errorf("%s: batch %s has no contract any more. Try: restore data/sources/%s.yaml", in.name, first.Batch, first.Source)
	}
	c := ld.project.Contracts[own]
	reader := *ld.reader(c)
	reader.DataDate = first.DataDate
	var err error
	var sheets map[string]string
	if reader.Kept, sheets, err = keptTexts(first); err != nil {
		return err
	}
	for i, at := range back.Rows {
		if sheet, ok := sheets[at.Sheet]; ok {
			back.Rows[i].Sheet = sheet
		}
	}
	in.reader, in.contract = &reader, c.Returned()
	in.answers = &lake.Answers{Batch: first.Batch, Rows: back.Rows}
	in.result.Source, in.result.Bureau = c.Source, c.Bureau
	in.layout, err = in.reader.Inspect(ctx, in.file, in.contract)
	return err
}

// keptTexts are the texts of a batch's rejected rows that no workbook holds, and the names
// of their sheets, by what stands for them there.
func keptTexts(b lake.Batch) (texts, sheets map[string]string, err error) {
	texts, sheets = map[string]string{}, map[string]string{}
	for row, err := range (Rejected{Manifest: b.Manifest, path: b.Rejects()}).Rows() {
		if err != nil {
			return nil, nil, err
		}
		sheets[strings.TrimSpace(show.Text(row.Sheet))] = row.Sheet
		for _, text := range row.Cells {
			if mark, kept := kpi.KeptCell(text); kept {
				texts[mark] = text
			}
		}
	}
	return texts, sheets, nil
}
