package digest

import (
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

func TestPlaced(t *testing.T) {
	province := kpi.Region{Code: "230000", Name: "黑龙江省", Short: "黑龙江"}
	city := kpi.Region{Code: "320600", Name: "南通市", Short: "南通"}
	for _, c := range []struct {
		of         kpi.Region
		name, want string
	}{
		{kpi.Region{}, "市科技局", "市科技局"},
		{province, "省教育厅", "黑龙江省教育厅"},
		{province, "黑龙江省教育厅", "黑龙江省教育厅"},
		{province, "各高等学校", "黑龙江省各高等学校"},
		{province, "市场监督管理局（知识产权局）", "黑龙江省市场监督管理局（知识产权局）"},
		{city, "市科技局", "南通市科技局"},
		{city, "南通市科技局", "南通市科技局"},
		{city, "市市场监管局", "南通市市场监管局"},
		{city, "市场监管局", "南通市市场监管局"},
		{city, "各联合体有限公司", "南通市各联合体有限公司"},
	} {
		if got := Placed(c.of, c.name); got != c.want {
			t.Errorf("Placed(%s, %s) = %s, want %s", c.of.Name, c.name, got, c.want)
		}
	}
}

// abroad is a city with the sources of a province beside its own.
func abroad() *kpi.Snapshot {
	s := snapshottest.Full()
	s.Regions = append(s.Regions, kpi.Region{Code: "230000", Name: "黑龙江省", Short: "黑龙江", Kind: "province"})
	for _, bureau := range []string{"省教育厅", "领导小组办公室"} {
		sub, row := s.Submissions[6], s.Calendar[6] // not filed at all
		sub.Source, sub.Bureau, sub.Region = "hlj_"+bureau, bureau, "230000"
		row.Source, row.Unit = sub.Source, bureau
		s.Submissions, s.Calendar = append(s.Submissions, sub), append(s.Calendar, row)
	}
	progress, row := s.Submissions[0], s.Calendar[0] // a ledger of the city's, filed by both
	progress.Source, progress.Bureau = "policy_progress", "领导小组办公室"
	s.Submissions = append(s.Submissions, progress)
	for _, unit := range []string{"领导小组办公室", "省教育厅"} {
		row.Source, row.Unit = "policy_progress", unit
		s.Calendar = append(s.Calendar, row)
	}
	return s
}

func TestBureausOfOtherJurisdictions(t *testing.T) {
	d := Read(abroad())
	for name, want := range map[string]string{"市科技局": "市科技局", "省教育厅": "黑龙江省教育厅", "领导小组办公室": "领导小组办公室", "某单位": "某单位"} {
		if got := d.Called(name); got != want {
			t.Errorf("Called(%s) = %s, want %s", name, got, want)
		}
	}
	own, all := len(d.Filings(true).Rows), len(d.Filings(false).Rows)
	if own != len(snapshottest.Full().Calendar)+1 || all != own+3 {
		t.Errorf("%d filings of the city's own and %d in all", own, all)
	}
}

func TestOwner(t *testing.T) {
	s := abroad()
	s.Answers = map[string][]string{"skilled": {"enterprise_registry", "skilled_worker_placement"},
		"other": {"enterprise_registry"}, "hlj": {"hlj_省教育厅"}}
	d := Read(s)
	item := func(c kpi.Commitment, region string) Item {
		return d.item(kpi.Document{Region: region}, d.placed(d.elsewhere(region), []kpi.Commitment{c})[0])
	}
	for _, c := range []struct {
		it          Item
		short, full string
	}{
		{item(kpi.Commitment{Units: []string{"市科技局"}}, "320100"), "市科技局", "市科技局"},
		{item(kpi.Commitment{Units: []string{"市科技局", "市工信局", "市教育局"}}, "320100"), "市科技局等 3 家", "市科技局、市工信局、市教育局"},
		{item(kpi.Commitment{Model: "skilled"}, "320100"), "市人社局（报送）", "文中未列责任单位，由市人社局报送"},
		{item(kpi.Commitment{}, "320100"), "文中未列", "文中未列责任单位"},
		{item(kpi.Commitment{Units: []string{"省教育厅", "省工信厅"}}, "230000"), "黑龙江省教育厅、黑龙江省工信厅", "黑龙江省教育厅、黑龙江省工信厅"},
		{item(kpi.Commitment{Model: "hlj"}, "230000"), "黑龙江省教育厅（报送）", "文中未列责任单位，由黑龙江省教育厅报送"},
	} {
		if got := d.Owner(c.it); got != (Owner{c.short, c.full}) {
			t.Errorf("%+v, want %s and %s", got, c.short, c.full)
		}
	}
}
