package load_test

import (
	"errors"
	"strings"
	"testing"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/load"
	"citykpi/pipeline/projecttest"
)

// A file whose 合计 is not what its rows add up to is held, whatever its format,
// until somebody has looked at it; one that agrees is loaded with a note of it.
func TestTotalsHold(t *testing.T) {
	header := "支付凭证号,兑付日期,政策条款,项目编号,单位名称,奖补金额（万元）\n"
	// the second is rejected, and counted by the bureau
	rows := "P-1,2025-07-01,第五条,X-1,南京甲科技有限公司,100.5\nP-2,2025-02-30,第五条,X-2,南京乙科技有限公司,20\n"
	table := func(total string) string {
		return "<table><tr><td>" +
			strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(header+rows+"合计,,,,,"+total), ",", "<td>"), "\n",
				"<tr><td>") + "</table>"
	}
	for file, texts := range map[string][2]string{
		"奖补兑付_2025Q3.csv": {header + rows + "合计,,,,,120.5\n", header + rows + "合计,,,,,1205\n"},
		"奖补兑付_2025Q3.xls": {table("120.5"), table("1205")},
	} {
		agreeing := projecttest.New(t)
		projecttest.Write(t, agreeing.Var("inbox", file), texts[0])
		results, err := pipeline.Load(t.Context(), agreeing, nil, pipeline.Options{Now: clock})
		if err != nil || results[0].Status != load.StatusLoaded || results[0].Rejected != 1 || results[0].Dropped != 1 {
			t.Fatalf("%s: %v %+v", file, err, results)
		}
		if notes := strings.Join(results[0].Notes, "\n"); !strings.Contains(notes, "totals that their rows add up to: row 4 (合计)") {
			t.Errorf("%s: notes %s", file, notes)
		}

		p := projecttest.New(t)
		path := p.Var("inbox", file)
		projecttest.Write(t, path, texts[1])
		results, err = pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: clock})
		if !errors.Is(err, load.ErrRefused) || results[0].Status != load.StatusHeld || results[0].Held == nil {
			t.Fatalf("%s: %v %+v", file, err, results)
		}
		want := "合计 in row 4 says 1205 under F 奖补金额（万元）, its 2 rows add up to 120.5"
		if got := results[0].Error; !strings.HasPrefix(got, file+": "+want+". Try: ") {
			t.Errorf("%s: %s", file, got)
		}
		if h := results[0].Held; h.Rule != kpi.HeldTotals || h.Reason != "第4行“合计”F 奖补金额（万元）列为1205，所列2行相加为120.5" {
			t.Errorf("%s: %+v", file, h)
		}
		results, err = pipeline.Load(t.Context(), p, []string{path}, pipeline.Options{Now: clock, Confirmed: true})
		if err != nil || results[0].Status != load.StatusLoaded || results[0].Loaded != 1 ||
			!strings.Contains(strings.Join(results[0].Notes, "\n"), want) {
			t.Errorf("%s confirmed: %v %+v", file, err, results)
		}
	}
}
