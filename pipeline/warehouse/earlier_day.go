package warehouse

import (
	"path"
	"slices"
	"strings"

	"citykpi/pipeline/duck"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
	"citykpi/pipeline/source/contract"
)

// A list of an earlier day may come behind one of a later day. What it says of a key is older than what
// is known of it, and does not count, unless it is said to correct that. Only a file's own name dates it
// so: one without a day is of the day on which it came.

// amends reports whether all rows of a batch correct or complete what was filed before.
func amends(b lake.Batch) bool { return b.Answers != nil || contract.Amends(b.File) }

// ofItsDay reports whether rows of a batch speak of the batch's own day alone: its file's name says that day,
// and not that it corrects or completes what is known.
func ofItsDay(b lake.Batch) bool {
	name := path.Base(b.File)
	_, dated := source.PeriodEnd(strings.TrimSuffix(name, path.Ext(name)), true)
	return dated && !amends(b)
}

// comesLate reports whether such a batch of a source came behind one of a later day. The batches come in
// the order of loading.
func comesLate(t LakeTable, batches []lake.Batch) bool {
	if t.Snapshot {
		return false // its rows are told apart by their data date
	}
	var newest kpi.Date
	return slices.ContainsFunc(batches, func(b lake.Batch) bool {
		if b.Source != t.Source || b.Loaded == 0 {
			return false
		}
		if newest.Before(b.DataDate) {
			newest = b.DataDate
		}
		return b.DataDate.Before(newest) && ofItsDay(b)
	})
}

// saidOf is the day of which a row r of a batch b speaks: its own (ofItsDay), or the latest day of which
// is what is known of its key. Of the rows of a key that of the latest day stands.
func saidOf(t LakeTable, batches []lake.Batch) string {
	var own []string
	for _, b := range batches {
		if b.Source == t.Source && ofItsDay(b) {
			own = append(own, duck.Literal(b.Batch))
		}
	}
	of := "b.batch_id in (" + strings.Join(own, ", ") + ")"
	if corrects(t, batches) {
		of += " and coalesce(r." + contract.ActionColumn + ", '') <> '" + contract.Anew + "'"
	}
	return "case when " + of + " then b.data_date " +
		"else max(b.data_date) over (partition by " + strings.Join(ownKey(t), ", ") + " order by b.seq, r.row_no) end"
}
