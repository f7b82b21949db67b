package load

import (
	"context"
	"fmt"
	"slices"
	"time"

	"citykpi/pipeline/lake"
	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/warehouse"
)

// tellFates adds to what became of files which of their rows do not count for what others say of them, or count
// again: a bureau that sends a list once more should not have to wait for the next release to hear that a row
// which it withdrew stays out.
func (ld *loader) tellFates(ctx context.Context, results []FileResult) error {
	asked := map[string][]string{} // batches, by source
	for _, r := range results {
		if r.BatchID != "" && (r.Status == StatusLoaded || r.Status == StatusKnown) && !slices.Contains(asked[r.Source], r.BatchID) {
			asked[r.Source] = append(asked[r.Source], r.BatchID)
		}
	}
	var all []lake.Batch
	for _, t := range ld.project.LakeTables() {
		if asked[t.Source] == nil {
			continue
		}
		if all == nil {
			all = ld.lake.Batches(time.Time{})
		}
		of := slices.DeleteFunc(slices.Clone(all), func(b lake.Batch) bool { return b.Source != t.Source })
		fates, err := warehouse.Fates(ctx, warehouse.Inputs{
			Given: ld.project.Given, Tables: []warehouse.LakeTable{t}, Batches: of, Region: ld.project.Config.Region, Mask: ld.project.Mask,
		}, asked[t.Source])
		if err != nil {
			return err
		}
		for i := range results {
			r := &results[i]
			if r.Source == t.Source {
				elsewhere := func(f warehouse.Fate) bool { return f.Batch != r.BatchID }
				own := slices.DeleteFunc(slices.Clone(fates), elsewhere)
				r.Notes = append(slices.Clip(r.Notes), fateNotes(own, r.Status)...)
			}
		}
	}
	return nil
}

// fewFates is up to how many rows each has a line of its own.
const fewFates = 3

// fateNotes are the lines that tell of the rows of one file.
func fateNotes(fates []warehouse.Fate, status string) (notes []string) {
	var out, again, lost, taken []string
	resent := false
	for _, f := range fates {
		switch f.Is {
		case warehouse.FateAgain:
			had := map[bool]string{true: "it had been withdrawn", false: "its key had been replaced"}[f.Found == "withdrawn"]
			again = append(again, fmt.Sprintf("%s counts again: %s, before that %s of %s stood there", f.Row, had, f.At, f.File))
		case warehouse.FateLost:
			if f.Now != "" {
				lost = append(lost, fmt.Sprintf("%s %s what nobody had filed before: %s of %s has that key and counts. "+
					"Try: withdraw it in another file", f.Row, verbs[f.Step][0], f.NowAt, f.Now))
				continue
			}
			lost = append(lost, fmt.Sprintf("%s %s what nobody has filed: it holds against that when it comes", f.Row, verbs[f.Step][0]))
		case warehouse.FateTaken:
			taken = append(taken, fmt.Sprintf("%s does not count: %s of %s stands under the key that it gives. "+
				"Try: withdraw that row, or give another key; if both rows are one, withdraw the other", f.Row, f.At, f.File))
		case warehouse.FateOlder:
			taken = append(taken, fmt.Sprintf("%s does not count: %s of %s is of a later day and says otherwise. "+
				"Try: if this row corrects it, file it once more with 更正 in a column 处理方式", f.Row, f.At, f.File))
		default:
			line := fmt.Sprintf("%s does not count: %s %s in %s", f.Row, f.File, verbs[f.Step][1], f.At)
			switch {
			case f.Found == "late":
				line += ", before it came"
			case f.Found == "resent" && status == StatusLoaded:
				line += ", and it comes again without a word"
			}
			switch {
			case f.Now != "":
				line += fmt.Sprintf("; %s of %s counts in its place", f.NowAt, f.Now)
			case f.Step == contract.Withdraw:
				resent = true
			}
			out = append(out, line)
		}
	}
	if status == StatusKnown && len(out) > 0 {
		notes = append(notes, "the same bytes were loaded before: nothing in it is new")
	}
	if status == StatusKnown { // the others were told when it was loaded
		again, lost, taken = nil, nil, nil
	}
	for _, lines := range [][]string{out, taken, again, lost} {
		if len(lines) > fewFates {
			lines = append(slices.Clip(lines[:fewFates]), fmt.Sprintf("and %d more rows like that. Try: citykpi kpi explain",
				len(lines)-fewFates))
		}
		notes = append(notes, lines...)
	}
	if resent {
		notes = append(notes, "if such a row does hold: file it once more with 补报 in a column 处理方式")
	}
	return notes
}

// verbs say what a step does, and what it did to a row.
var verbs = map[string][2]string{
	contract.Withdraw: {"withdraws", "withdrew it"},
	contract.Replace:  {"replaces", "replaced it"},
	"again":           {"files anew", "filed it anew"},
}
