package warehouse

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
)

// known is the SQL of the place of a row's batch b in the order in which rows of one key take one another's place.
// It is the order in which they became known, but for a file that its own name dates before one that is known
// already: what that one says of a row is newer, whenever it came. A file that says it corrects or completes
// another, and what brings back rejected rows, means what was known before.
func known(t LakeTable, batches []lake.Batch) string {
	type told struct {
		lake.Batch
		upTo kpi.Date // the newest date that a file's name has said by then; of what is late its own
		late bool
	}
	var list []told
	var newest kpi.Date
	late := false
	for _, b := range batches {
		if b.Source == t.Source {
			list = append(list, told{Batch: b})
		}
	}
	slices.SortStableFunc(list, func(x, y told) int { return cmp.Compare(x.Seq, y.Seq) })
	for i := range list {
		b := &list[i]
		on, dated := source.PeriodEnd(strings.TrimSuffix(path.Base(b.File), path.Ext(b.File)), true)
		if b.late = dated && on.Before(newest) && b.Answers == nil && !source.Amends(b.File); b.late {
			b.upTo, late = on, true
			continue
		}
		if dated && on.After(newest) {
			newest = on
		}
		b.upTo = newest
	}
	if !late || t.Snapshot {
		return "b.seq"
	}
	slices.SortStableFunc(list, func(x, y told) int { return x.upTo.Compare(y.upTo) })
	text := "case b.batch_id"
	for i, b := range list {
		text += fmt.Sprintf(" when %s then %d", Literal(b.Batch.Batch), i)
	}
	return text + " end"
}
