//go:build duckdb_arrow

package warehouse

import (
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/source"
)

// A list of an earlier day may come behind one of a later day. What it says of a key is older than what
// is known of it, and does not count, unless it is said to correct that.

// amends reports whether all rows of a batch correct or complete what was filed before.
func amends(b lake.Batch) bool { return b.Answers != nil || source.Amends(b.File) }

// comesLate reports whether a batch of a source came behind one of a later data date, and does not say
// that it corrects it. The batches come in the order of loading.
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
		return b.DataDate.Before(newest) && !amends(b)
	})
}

// saidOf is the day of which a row r of a batch b speaks: its data date, or, where it corrects what is
// known of its key, the latest day of which that was. Of the rows of a key that of the latest day stands.
func saidOf(t LakeTable, batches []lake.Batch) string {
	amending := "false"
	var list []string
	for _, b := range batches {
		if b.Source == t.Source && amends(b) {
			list = append(list, Literal(b.Batch))
		}
	}
	if list != nil {
		amending = "b.batch_id in (" + strings.Join(list, ", ") + ")"
	}
	if corrects(t, batches) {
		amending += " or coalesce(r." + source.ActionColumn + ", '') = '" + source.Anew + "'"
	}
	return "case when " + amending + " then max(b.data_date) over (partition by " + strings.Join(ownKey(t), ", ") + " order by b.seq, r.row_no) else b.data_date end"
}
