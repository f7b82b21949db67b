package pipeline

import (
	"fmt"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source"
)

// totalsOff says which of a file's own totals are not what its rows add up to:
// then rows are missing, or there are too many. nil if there are none.
func totalsOff(loading *source.Load) *oddity {
	all := loading.Totals()
	off := all[:0]
	for _, t := range all {
		if !t.Agrees && t.Open == "" {
			off = append(off, t)
		}
	}
	switch n := len(off); n {
	case 0:
		return nil
	case 1:
		return &oddity{kpi.HeldTotals, off[0].String(), off[0].Chinese()}
	default:
		return &oddity{kpi.HeldTotals, fmt.Sprintf("%s; %d more of its totals are off", off[0], n-1), fmt.Sprintf("%s；另有%d处合计不符", off[0].Chinese(), n-1)}
	}
}
