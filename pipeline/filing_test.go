package pipeline_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/lake"
	"citykpi/pipeline/projecttest"
)

// A ledger kept for one document says nothing of another, even in one jurisdiction:
// that has no value, not 0, until its own rows come, and is stale when only the
// others' go on.
func TestLedgerAnswersWhoFiledIt(t *testing.T) {
	p := projecttest.New(t)
	steps := []struct {
		file, text string
		asOf       kpi.Date
		want       map[string]string // commitment → value and source
		unknown    int64
	}{
		{"领导小组办公室/政策事项进展台账_2024Q4.csv", "事项编号,进展,日期,依据\nNJGT-004,推进中,2024-11-01,起草\n", kpi.Date{Year: 2024, Month: 12, Day: 31},
			map[string]string{"NJGT-004": "1 ready", "NJGT-017": "0 ready", "NJ88-024": "no value missing",
				"HLJ-005": "no value missing", "NJ88-041": "no value missing"}, 0},
		{"省教育厅/黑龙江政策事项进展台账_2025Q1.csv", "事项编号,进展,日期,依据\nHLJ-029,推进中,2025-02-01,征求意见\n", kpi.Date{Year: 2025, Month: 3, Day: 31},
			map[string]string{"NJGT-004": "1 stale", "HLJ-005": "0 ready", "HLJ-029": "1 ready"}, 0},
		{"领导小组办公室/政策事项进展台账_2025Q2.csv", "事项编号,进展,日期,依据\nNJGT-004,已完成,2025-05-01,印发\nNJGT-999,完成,2025-05-01,无此事项\n",
			kpi.Date{Year: 2025, Month: 6, Day: 30},
			map[string]string{"NJGT-004": "2 ready", "HLJ-029": "1 stale", "NT-001": "no value missing"}, 1},
	}
	for _, step := range steps {
		projecttest.Write(t, p.Var("inbox", step.file), step.text)
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: clock, AsOf: step.asOf})
		if err != nil {
			t.Fatalf("%v %+v", err, r.Files)
		}
		got := map[string]string{}
		for _, a := range r.Snapshot.Attainments {
			if got[a.ID] == "" { // the jurisdiction comes before its districts
				got[a.ID] = show(a.Value) + " " + string(a.Source)
			}
		}
		for id, want := range step.want {
			if got[id] != want {
				t.Errorf("%s on %s: %s, want %s", id, step.asOf, got[id], want)
			}
		}
		unknown := int64(0) // lines under a commitment nobody has
		for _, c := range r.Checks {
			if c.Title == "台账中的事项编号均在政策目录内" {
				unknown += c.Rows
			}
		}
		if unknown != step.unknown {
			t.Errorf("on %s %d lines of the ledgers name nobody, want %d", step.asOf, unknown, step.unknown)
		}
	}
}

// Who has to is known by who has: a unit that first held one owes the quarters from then on, not
// those before.
func TestHostsOweFromTheirFirst(t *testing.T) {
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{"领导小组办公室/示范城市与贯通式转化事项活动台账_2024Q4.csv": "活动编号,事项编号,活动名称,活动类型,日期,主办单位\n" +
		"A1,NJ88-042,对接一,对接活动,2024-02-01,市教育局\nA2,NJ88-042,对接二,对接活动,2024-05-01,市教育局\nA3,NJ88-042,对接三,对接活动,2024-08-01,市人社局\n"})
	got := map[string][]string{}
	for _, d := range r.Snapshot.Duties {
		if d.ID == "NJ88-042" {
			kept := map[bool]string{true: "", false: "!"}[d.Kept()]
			got[d.Subject] = append(got[d.Subject], d.Period.String()+kept)
		}
	}
	want := map[string][]string{"市教育局": {"2024-03-31", "2024-06-30", "2024-09-30!", "2024-12-31!"}, "市人社局": {"2024-09-30", "2024-12-31!"}}
	for host, periods := range want {
		if !slices.Equal(got[host], periods) {
			t.Errorf("%s owed %v, want %v", host, got[host], periods)
		}
	}
}

// Who files nothing may stand in no list: a unit of the quarter before owes all the same.
func TestWhoStandsInNoListOwes(t *testing.T) {
	p := projecttest.New(t)
	const head = "报送单位,单位类别,所在市地,统计期末,报送日期\n"
	r := put(t, p, 0, map[string]string{
		"省教育厅/季度统计报送_2024Q4.csv": head +
			"甲大学,高校,哈尔滨市,2024-03-31,2024-04-10\n乙大学,高校,哈尔滨市,2024-03-31,2024-04-10\n丙大学,高校,哈尔滨市,2024-03-31,2024-04-10\n" +
			"甲大学,高校,哈尔滨市,2024-06-30,2024-07-10\n丙大学,高校,哈尔滨市,2024-06-30,2024-07-16\n" +
			"甲大学,高校,哈尔滨市,2024-09-30,2024-10-10\n乙大学,高校,哈尔滨市,2024-09-30,2024-10-10\n",
	})
	i := slices.IndexFunc(r.Snapshot.Attainments, func(a kpi.Attainment) bool { return a.ID == "HLJ-024" })
	a := r.Snapshot.Attainments[i]
	if a.Newest == nil || a.Newest.Had != 3 || !slices.Equal(a.Newest.Not, []string{"丙大学"}) ||
		!slices.Equal(a.Missed, []string{"2024年第二季度", "2024年第三季度"}) {
		t.Errorf("newest %+v, missed %v", a.Newest, a.Missed)
	}
	if owed := a.Also["owed"]; owed == nil || *owed != 9 {
		t.Errorf("owed %s: want three units and three quarters, whoever stands in a list", show(owed))
	}
}

// What is done again and again counts from its document's day, and what counts once from its first since
// then: what was there before is none of the document's doing.
func TestObligationsCountFromTheDocument(t *testing.T) {
	p := projecttest.New(t)
	r := put(t, p, 0, map[string]string{
		"省教育厅/专利开放许可声明_2024Q4.csv": "声明编号,专利号,高校名称,所在市地,公告日期\n" +
			"S1,ZL201710000001.1,甲大学,哈尔滨市,2022-12-30\nS2,ZL201710000002.1,甲大学,哈尔滨市,2024-02-01\n" +
			"S3,ZL201710000003.1,甲大学,哈尔滨市,2024-05-01\nS4,ZL201710000004.1,乙大学,哈尔滨市,2021-05-01\n",
		"省教育厅/季度统计报送_2023Q2.csv": "报送单位,单位类别,所在市地,统计期末,报送日期\n甲大学,高校,哈尔滨市,2022-12-31,2023-01-10\n甲大学,高校,哈尔滨市,2023-03-31,2023-04-10\n",
	})
	for _, a := range r.Snapshot.Attainments {
		switch {
		case a.ID == "HLJ-018" && a.Region == "230000" && (show(a.Value) != "2" || show(a.Also["universities"]) != "1"):
			t.Errorf("%s statements of %s universities, want 2 of 1", show(a.Value), show(a.Also["universities"]))
		case a.ID == "HLJ-024" && a.Region == "230000" && (show(a.Value) != "1" || show(a.Also["owed"]) != "1"):
			t.Errorf("%s of %s reports, want one of one: nothing of 2022 is owed under a plan of 2023", show(a.Value), show(a.Also["owed"]))
		}
	}
}

// A list that comes once a year does not hold back the date of rows that come every quarter and are
// held against it, neither while it stands nor when it is overdue, which the calendar says.
func TestAListThatStandsHoldsNoDateBack(t *testing.T) {
	p := projecttest.New(t)
	const things = "事项编号,园区名称,要素,名称,落实日期\n"
	files := map[string]string{
		"市科技局/重点园区名录_2025Q4.csv":  "园区编号,重点园区,类别,所属区,纳入日期\nYQ05,白下高新区,市级试行,秦淮区,2025-12-20\n",
		"市科技局/园区五个一台账_2025Q4.csv": things + "S1,白下高新区,产业方向,低空经济,2025-12-21\n",
		"市科技局/园区五个一台账_2026Q3.csv": things + "S2,白下高新区,科创平台,某平台,2026-08-21\n",
	}
	for path, text := range files {
		projecttest.Write(t, p.Var("inbox", path), text)
	}
	now := time.Date(2026, 10, 20, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		asOf, data kpi.Date
		time       float64
	}{
		{kpi.Date{Year: 2026, Month: 9, Day: 30}, kpi.Date{Year: 2026, Month: 9, Day: 30}, 40},
		{kpi.Date{Year: 2027, Month: 3, Day: 31}, kpi.Date{Year: 2026, Month: 9, Day: 30}, 64},
	} {
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: now, AsOf: c.asOf})
		if err != nil {
			t.Fatalf("%v %+v %+v", err, r.Files, r.Failures)
		}
		i := slices.IndexFunc(r.Snapshot.Attainments, func(a kpi.Attainment) bool { return a.ID == "NJSG-016" })
		if a := r.Snapshot.Attainments[i]; a.Data != c.data || a.Time == nil || *a.Time != c.time {
			t.Errorf("on %s: data of %s, pace %v, want %s, %v", c.asOf, a.Data, show(a.Time), c.data, c.time)
		}
	}
}

// A database that was asked and had nothing new has filed its period: nothing is carried
// forward, and nobody is reminded. What was known before is as it was.
func TestNothingNewIsFiled(t *testing.T) {
	p := projecttest.New(t)
	on := func(month time.Month, day int) time.Time {
		return time.Date(2025, month, day, 9, 0, 0, 0, clock.Location())
	}
	end := kpi.Date{Year: 2025, Month: 3, Day: 31}
	projecttest.Write(t, p.Var("inbox", "领导小组办公室/政策事项进展台账_2024Q4.csv"), "事项编号,进展,日期,依据\nNJGT-004,推进中,2024-11-01,起草\n")
	if _, err := pipeline.Load(t.Context(), p, nil, pipeline.Options{Now: on(1, 10)}); err != nil {
		t.Fatal(err)
	}
	stands := func(knownAt time.Time) (attained kpi.Attainment, cell kpi.CalendarCell, status kpi.SourceStatus) {
		t.Helper()
		r, err := pipeline.Run(t.Context(), p, pipeline.Options{Now: on(4, 20), AsOf: end, KnownAt: knownAt})
		if err != nil || !r.New {
			t.Fatalf("release %s, new %t: %v", r.Release.ID, r.New, err)
		}
		attained = r.Snapshot.Attainments[slices.IndexFunc(r.Snapshot.Attainments,
			func(a kpi.Attainment) bool { return a.ID == "NJGT-004" })]
		for _, row := range r.Snapshot.Calendar {
			if row.Source == "policy_progress" {
				cell = row.Current()
			}
		}
		for _, s := range r.Snapshot.Submissions {
			if s.Source == "policy_progress" {
				status = s.Status
			}
		}
		return attained, cell, status
	}
	before := kpi.Date{Year: 2024, Month: 12, Day: 31}
	if a, c, s := stands(time.Time{}); a.Source != kpi.SourceStale || a.Carried != before || c.State != kpi.NotFiled ||
		c.Carried != before || s != kpi.SourceStale {
		t.Errorf("never asked: %s since %s, %+v, %s", a.Source, a.Carried, c, s)
	}
	l, err := lake.Open(p.Var("lake"))
	if err != nil {
		t.Fatal(err)
	}
	batch := l.Batches(time.Time{})[0].Batch
	if err := l.NoteAsked(lake.Asked{Source: "policy_progress", At: on(4, 10), Batch: batch}); err != nil {
		t.Fatal(err)
	}
	a, c, s := stands(time.Time{})
	if a.Source != kpi.SourceReady || !a.Carried.IsZero() || s != kpi.SourceReady {
		t.Errorf("asked: %s since %s, %s", a.Source, a.Carried, s)
	}
	if c.State != kpi.Filed || !c.Same || c.On != (kpi.Date{Year: 2025, Month: 4, Day: 10}) || c.Files != 0 ||
		c.Batch != batch || !c.Carried.IsZero() || c.Word() != "与上期相同" {
		t.Errorf("asked: %+v", c)
	}
	if a, c, s := stands(on(4, 9)); a.Source != kpi.SourceStale || c.State != kpi.NotYetDue || s != kpi.SourceStale {
		t.Errorf("known the day before: %s, %+v, %s", a.Source, c, s)
	}
}

// A half year that is full with 26 events of a few is not done: each prefecture must hold its own, and
// one that held none is named although another half year of it was done.
func TestEveryPrefectureHoldsItsOwnEvents(t *testing.T) {
	p := projecttest.New(t)
	rows := "活动编号,活动名称,活动类型,主办单位,所在市地,举办日期\n"
	n := 0
	held := func(on string, places ...string) {
		for _, place := range places {
			n++
			rows += fmt.Sprintf("H%d,对接会,校企对接活动,%s工信局,%s,%s\n", n, place, place, on)
		}
	}
	most := []string{"哈尔滨市", "齐齐哈尔市", "鸡西市", "鹤岗市", "双鸭山市", "大庆市", "伊春市", "佳木斯市", "七台河市", "牡丹江市", "绥化市", "大兴安岭地区"}
	held("2024-03-05", append(most, "黑河市")...)
	held("2024-09-05", most...)
	held("2024-10-05", most...) // twice in a half year is once
	r := put(t, p, 0, map[string]string{"省教育厅/黑龙江校企协同活动台账_2024Q4.csv": rows})
	i := slices.IndexFunc(r.Snapshot.Attainments, func(a kpi.Attainment) bool { return a.ID == "HLJ-028" && a.Region == "230000" })
	a := r.Snapshot.Attainments[i]
	if a.Newest == nil || a.Newest.Name != "2024年下半年" || a.Newest.Had != 13 || !slices.Equal(a.Newest.Not, []string{"黑河市"}) {
		t.Fatalf("newest %+v", a.Newest)
	}
	if show(a.Value) != "25" || a.Light == kpi.Green || a.Shortfall() != nil {
		t.Errorf("%s times, %s, short of %v: want 25 times, no green, and nobody to make anything up", show(a.Value),
			a.Light, a.Shortfall())
	}
	if unknown := []string{"2023年上半年", "2023年下半年"}; !slices.Equal(a.Missed, []string{"2024年下半年"}) || !slices.Equal(a.Unknown, unknown) {
		t.Errorf("missed %v, unknown %v: want what nobody filed unknown", a.Missed, a.Unknown)
	}
}

// What each district files is compared like with like: the figures of a district that filed both days, and
// the whole only where the same filed for both. One whose newest report is older has no place, and says so.
func TestPartsAreComparedLikeWithLike(t *testing.T) {
	const head = "地区,统计截止日期,累计业务收入（元）\n"
	before := head + "江宁区,2024-12-31,900000\n玄武区,2024-12-31,50000\n鼓楼区,2024-12-31,10000\n"
	files := map[string]string{
		"市工信局/软件业务收入_2024Q4.csv": before,
		"市工信局/软件业务收入_2025Q3.csv": head + "江宁区,2025-09-30,700000\n玄武区,2025-09-30,30000\n鼓楼区,2025-09-30,9000\n",
		"市工信局/软件业务收入_2025Q4.csv": head + "江宁区,2025-12-31,965000\n玄武区,2025-12-31,20000\n",
	}
	p := projecttest.New(t)
	r := put(t, p, 0, files)
	at := func(region string) kpi.Attainment {
		t.Helper()
		for _, a := range r.Snapshot.Attainments {
			if a.ID == "NJSG-020" && a.Region == region {
				return a
			}
		}
		t.Fatalf("no NJSG-020 of %s", region)
		return kpi.Attainment{}
	}
	if a := at("320115"); a.Year == nil || a.Year.Diff != 65000 || a.Rank != 1 || !a.Carried.IsZero() {
		t.Errorf("filed both: %+v, place %d, carried from %s", a.Year, a.Rank, a.Carried)
	}
	if a := at("320106"); show(a.Value) != "9000" || a.Year != nil || a.Rank != 0 || a.Carried.String() != "2025-09-30" ||
		a.Data != a.Carried {
		t.Errorf("filed nothing for the day: %s, %+v, place %d, of %s, carried from %s", show(a.Value), a.Year, a.Rank, a.Data, a.Carried)
	}
	if a := at("320100"); show(a.Value) != "994000" || a.Year != nil || !a.Carried.IsZero() {
		t.Errorf("the city: %s, %+v, carried from %s", show(a.Value), a.Year, a.Carried)
	}
	r = put(t, p, 2, map[string]string{"市工信局/软件业务收入_2025Q4_补报.csv": head + "鼓楼区,2025-12-31,12000\n"})
	if a := at("320106"); a.Year == nil || a.Year.Diff != 2000 || a.Rank != 3 || !a.Carried.IsZero() {
		t.Errorf("filed late: %+v, place %d, carried from %s", a.Year, a.Rank, a.Carried)
	}
	if a := at("320100"); a.Year == nil || a.Year.Diff != 37000 {
		t.Errorf("the city, when all have filed: %+v", a.Year)
	}
}

// Where each district files its own report, one that filed none has no value, no place and no change, one
// that filed 0 has 0, and the city's figure says who has filed.
func TestDistrictsThatFiledNothingHaveNoValue(t *testing.T) {
	p := projecttest.New(t)
	const head = "地区,统计截止日期,累计业务收入（元）\n"
	r := put(t, p, 0, map[string]string{
		"市工信局/软件业务收入_2025Q3.csv": head + "江宁区,2025-09-30,700000\n鼓楼区,2025-09-30,0\n玄武区,2025-09-30,5\n",
		"市工信局/软件业务收入_2025Q4.csv": head + "江宁区,2025-12-31,900000\n鼓楼区,2025-12-31,0\n",
	})
	for _, a := range r.Snapshot.Attainments {
		if a.ID != "NJSG-020" {
			continue
		}
		switch want := map[string]string{"320100": "900005", "320115": "900000", "320106": "0", "320102": "5"}[a.Region]; {
		case want != "" && show(a.Value) != want:
			t.Errorf("%s: %s, want %s", a.Region, show(a.Value), want)
		case want == "" && (a.Value != nil || a.Rank != 0 || a.Year != nil || a.Quarter != nil):
			t.Errorf("%s filed nothing and has %s, place %d", a.Region, show(a.Value), a.Rank)
		}
		if p := a.Filed; a.Region == "320100" && (p == nil || p.End.String() != "2025-12-31" || p.Had != 12 || p.Did() != 2 ||
			!slices.Contains(p.Not, "玄武区") || slices.Contains(p.Not, "鼓楼区")) {
			t.Errorf("filed %+v", p)
		}
	}
}
