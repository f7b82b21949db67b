package load

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/project"
	"citykpi/pipeline/returns"
	"citykpi/pipeline/show"
	"citykpi/pipeline/source"
)

// returned is a corrected return workbook: it is read by the contract of
// the batch whose rejects it answers, and of that batch's date.
func (ld *loader) returned(in *input, back *source.Return) (*recognised, error) {
	all := ld.lake.Batches(time.Time{})
	at := slices.IndexFunc(all, func(b lake.Batch) bool { return b.Batch == back.Batch })
	if at < 0 {
		return nil, fmt.Errorf("%s: %s %s is none of this lake's batches. Try: load the file whose rows these are first",
			in.name, kpi.ReturnNumber, back.Batch)
	}
	first := all[at]
	c := ld.project.Contract(first.Source)
	if c == nil {
		return nil, fmt.Errorf("%s: batch %s has no contract any more. Try: restore data/sources/%s.yaml", in.name,
			first.Batch, first.Source)
	}
	reader := *ld.reader(c)
	reader.DataDate = first.DataDate
	var err error
	var sheets map[string]string
	if reader.Kept, sheets, err = keptTexts(ld.project, first); err != nil {
		return nil, err
	}
	for i, at := range back.Rows {
		if sheet, ok := sheets[at.Sheet]; ok {
			back.Rows[i].Sheet = sheet
		}
	}
	in.result.Source, in.result.Bureau = c.Source, c.Bureau
	return &recognised{input: in, contract: c.Returned(), reader: &reader, answers: &lake.Answers{Batch: first.Batch, Rows: back.Rows}}, nil
}

// keptTexts are the texts of a batch's rejected rows that no workbook holds, and the names
// of their sheets, by what stands for them there.
func keptTexts(p *project.Project, b lake.Batch) (texts, sheets map[string]string, err error) {
	texts, sheets = map[string]string{}, map[string]string{}
	for _, rejected := range returns.Among(p, []lake.Batch{b}) { // alone: also rows that came back since
		for row, err := range rejected.Rows() {
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
	}
	return texts, sheets, nil
}
