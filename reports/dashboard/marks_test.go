package dashboard

import (
	"testing"

	"citykpi/reports/chart"
)

// TestMarksAreThoseDrawn: a level has a dotted pace, a yearly flow short strokes and
// the columns of earlier years lighter.
func TestMarksAreThoseDrawn(t *testing.T) {
	target := 100.0
	pace := []*float64{&target}
	for want, data := range map[string]chart.TrendData{
		"": {},
		"红线为目标，点线为序时进度":           {Target: &target, Pace: pace},
		"红线为目标，短横为序时进度，深色为本年":     {Target: &target, Pace: pace, Columns: true, Current: 4},
		"红线为目标，短横为序时进度":           {Target: &target, Pace: pace, Columns: true},
		"红线为目标，虚线为预测（按近四个季度平均增量）": {Target: &target, Forecast: pace},
		"深色为本年": {Columns: true, Current: 1},
	} {
		if got := marks(data, "按近四个季度平均增量"); got != want {
			t.Errorf("the chart is explained as %q, want %q", got, want)
		}
	}
}
