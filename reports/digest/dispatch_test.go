package digest

import (
	"fmt"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

func TestIDRanges(t *testing.T) {
	for _, c := range []struct{ ids, want string }{
		{"", ""},
		{"NJ88-001", "NJ88-001"},
		{"NJ88-001 NJ88-002 NJ88-003", "NJ88-001—003"},
		{"NJ88-001 NJ88-002 NJ88-005", "NJ88-001—002、005"},
		{"NJ88-009 NJ88-010 NJSG-011 NJSG-012 NJSG-040", "NJ88-009—010；NJSG-011—012、040"},
		{"NJ-TC01 NJ-TC02 NJ-AP01", "NJ-TC01—02；NJ-AP01"},
		{"total NJ88-001 NJ88-002", "total；NJ88-001—002"},
	} {
		if got := IDRanges(strings.Fields(c.ids)); got != c.want {
			t.Errorf("IDRanges(%s) = %s, want %s", c.ids, got, c.want)
		}
	}
}

// TestStandingsAddUp: documents, the table of them and the summary count alike.
func TestStandingsAddUp(t *testing.T) {
	s := snapshottest.Full()
	second := s.Documents[0]
	second.ID, second.Commitments = "B", second.Commitments[15:]
	s.Documents[0].Commitments = s.Documents[0].Commitments[:15]
	s.Documents = append(s.Documents, second)
	d := Read(s)
	list := ByDocument(d.Commitments)
	if len(list) != 2 || len(list[0].Items) != 15 || list[1].Doc.ID != "B" {
		t.Fatalf("documents = %+v", list)
	}
	for _, c := range d.Counts() {
		if n := list[0].Counts[c.Light] + list[1].Counts[c.Light]; n != c.N {
			t.Errorf("%s: documents add up to %d, want %d", c.Light, n, c.N)
		}
	}
	all := Stand(kpi.Document{}, d.Commitments)
	behind := 0
	for _, l := range paced {
		behind += all.Counts[l]
	}
	for what, n := range map[string]int{
		"已完成": all.Counts[kpi.Met], "达到序时进度": all.Counts[kpi.Green], "滞后": behind, "无数据": all.Counts[kpi.NoData],
	} {
		if want := fmt.Sprintf("%s %d 项", what, n); n == 0 || !strings.Contains(d.Summary(), want) {
			t.Errorf("the summary does not say %s: %s", want, d.Summary())
		}
	}
	if n := behind + all.Counts[kpi.Overdue] + all.Counts[kpi.Fallen]; n != len(d.Attention()) {
		t.Errorf("%d behind, want %d", n, len(d.Attention()))
	}
	// 4 met, 1 late and 3 green of 15 with a light
	if want := 800.0 / 15; all.OnPace == nil || *all.OnPace-want > 1e-9 || want-*all.OnPace > 1e-9 {
		t.Errorf("on pace = %v, want %v", *all.OnPace, want)
	}
	total := d.DocumentTable().Rows[2]
	if !total.Total || total.Cells[1] != len(d.Commitments) {
		t.Errorf("the total row is %+v", total)
	}
}

func TestMoversSentence(t *testing.T) {
	s := snapshottest.Full()
	moves := map[string]int{"320115": 4, "320102": -5, "320104": 1, "320106": 2, "320111": 3, "320113": 2}
	for i := range s.Attainments {
		a := &s.Attainments[i]
		if a.RankMove = 0; a.ID == "NJ88-003" {
			a.RankMove = moves[a.Region]
		}
	}
	d := Read(s)
	it, _ := d.Find("NJ88-003")
	want := "较上季度位次上升较多的：江宁区（创新型中小企业，居第 1）升 4 位、浦口区（创新型中小企业，居第 4）升 3 位、鼓楼区（创新型中小企业，居第 5）升 2 位；" +
		"下降较多的：玄武区（创新型中小企业，居第 11）降 5 位。"
	if got := d.MoversSentence([]Item{it}); got != want {
		t.Errorf("movers = %s\nwant     %s", got, want)
	}
	if other, _ := d.Find("NJ88-004"); d.MoversSentence([]Item{other}) != "" {
		t.Error("somebody moved where nobody did")
	}
}

// TestBureausAddUp: every source stands with its bureau once, and who owes stands first.
func TestBureausAddUp(t *testing.T) {
	d := Read(snapshottest.Full())
	table := d.BureauTable()
	owes := func(i int) int64 { return table.Rows[i].Cells[5].(int64) }
	if owes(0) != 1 || owes(len(table.Rows)-2) != 0 {
		t.Errorf("the first bureau is %v, want one that submitted nothing", table.Rows[0].Cells)
	}
	total := table.Rows[len(table.Rows)-1].Cells
	all := d.Filings(false)
	for column, word := range map[int]string{3: "迟报", 4: "过期", 5: "未报"} {
		if total[column] != int64(all.Count(word)) {
			t.Errorf("%s: the table says %v, the calendar %d", word, total[column], all.Count(word))
		}
	}
	if total[1] != int64(len(all.Rows)) || total[2] != int64(all.Count("已报")+all.Count("与上期相同")) {
		t.Errorf("the total is %v", total)
	}
	for c := 1; c < len(table.Columns); c++ {
		var sum int64
		for _, r := range table.Rows[:len(table.Rows)-1] {
			sum += r.Cells[c].(int64)
		}
		if total := table.Rows[len(table.Rows)-1].Cells[c]; sum != total {
			t.Errorf("%s: bureaus add up to %d, total %v", table.Columns[c].Title, sum, total)
		}
	}
}

func TestForecastNamesItsMethod(t *testing.T) {
	d := Read(snapshottest.Full())
	table := d.ForecastTable()
	named := 0
	for i, it := range d.Attention() {
		cells := table.Rows[i].Cells
		forecast, method := cells[len(cells)-2], cells[len(cells)-1]
		if (forecast != nil) != (method != "") || forecast != nil && method != it.At.Method {
			t.Errorf("%s: forecast %v by %q", it.ID, forecast, method)
		}
		if method != "" {
			named++
		}
	}
	if named < 3 {
		t.Errorf("%d forecasts: the test tests little", named)
	}
}
