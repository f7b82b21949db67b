package digest

import (
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

func TestVerdictsInWords(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	end, mid := kpi.YearEnd(2025), kpi.Date{Year: 2026, Month: 3, Day: 31}
	for _, c := range []struct {
		kind        kpi.Kind
		per         string
		v           kpi.Verdict
		state, text string
	}{
		{kpi.Stock, "", kpi.Verdict{Deadline: end, Value: v(3), Outcome: kpi.InTime}, "按期完成", "按期完成（2025年12月31日到期时 3 个）"},
		{kpi.Stock, "", kpi.Verdict{Deadline: end, Value: v(2), Outcome: kpi.TooLate, Done: mid, Months: 3}, "逾期完成",
			"逾期完成（2025年12月31日到期时 2 个，2026年第一季度末完成，逾期 3 个月）"},
		{kpi.Stock, "", kpi.Verdict{Deadline: end, Value: v(2), Outcome: kpi.TooLate, Done: mid, Months: 3, ByDay: true},
			"逾期完成", "逾期完成（2025年12月31日到期时 2 个，2026年3月31日完成，逾期 3 个月）"},
		{kpi.Stock, "", kpi.Verdict{Deadline: end, Value: v(2), Outcome: kpi.TooLate, Done: end.AddDays(25), ByDay: true},
			"逾期完成", "逾期完成（2025年12月31日到期时 2 个，2026年1月25日完成，逾期 25 天）"},
		{kpi.Stock, "", kpi.Verdict{Deadline: end, Value: v(3), Outcome: kpi.InTime, Fell: mid, ByDay: true}, "回落",
			"按期完成后回落（2025年12月31日到期时 3 个；2026年3月31日起低于目标）"},
		{kpi.Stock, "", kpi.Verdict{Deadline: end, Value: v(2), Outcome: kpi.NotDone, Months: 9}, "逾期 9 个月",
			"未完成，逾期 9 个月（2025年12月31日到期时 2 个）"},
		{kpi.Stock, "", kpi.Verdict{Deadline: end, Value: v(2), Outcome: kpi.NotDone}, "到期未完成", "到期未完成（2025年12月31日到期）"},
		{kpi.Stock, "", kpi.Verdict{Deadline: end, Value: v(3), Outcome: kpi.InTime, Fell: mid}, "回落",
			"按期完成后回落（2025年12月31日到期时 3 个；2026年第一季度末起低于目标）"},
		{kpi.Milestone, "", kpi.Verdict{Deadline: end, Value: v(1), Outcome: kpi.NotDone, Months: 9}, "逾期 9 个月",
			"未完成，逾期 9 个月（2025年12月31日到期时 “推进中”）"},
		{kpi.AnnualFlow, "year", kpi.Verdict{Deadline: end, Value: v(90), Outcome: kpi.NotDone}, "到期未完成", "到期未完成（2025年）"},
	} {
		it := Item{Commitment: kpi.Commitment{Kind: c.kind, Target: &kpi.Target{AtLeast: v(3), Unit: "个", By: end, Per: c.per}},
			At: kpi.Attainment{Verdict: &c.v, Light: c.v.Light()}}
		if it.State() != c.state || VerdictText(it) != c.text {
			t.Errorf("%s: %s, want %s: %s", it.State(), VerdictText(it), c.state, c.text)
		}
	}
}

// What a closing said of a deadline, and reads otherwise now, is told beside the verdict that stands.
func TestVerdictsOfClosings(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	end, closed := kpi.YearEnd(2025), kpi.Date{Year: 2026, Month: 1, Day: 12}
	given := func(value *float64, wanted float64, o kpi.Judgement, cause kpi.Cause) kpi.Given {
		return kpi.Given{Judged: kpi.Judged{ID: "X", Deadline: end, Value: value, Wanted: wanted, Outcome: o},
			Quarter: kpi.QuarterOf(end), On: closed, Cause: cause}
	}
	reopened := given(v(2), 3, kpi.NotDone, "")
	reopened.Reopened, reopened.Reason = closed.AddDays(3), "名单有误"
	inTime := &kpi.Verdict{Deadline: end, Value: v(3), Outcome: kpi.InTime}
	stands := "按期完成（2025年12月31日到期时 3 个"
	for _, c := range []struct {
		kind   kpi.Kind
		target kpi.Target
		v      *kpi.Verdict
		given  []kpi.Given
		want   string
	}{
		{kpi.Stock, kpi.Target{AtLeast: v(3), By: end}, inTime, nil, stands + "）"},
		{kpi.Stock, kpi.Target{AtLeast: v(3), By: end}, inTime, []kpi.Given{given(v(2), 3, kpi.NotDone, kpi.LateData)},
			stands + "；2026年1月12日关账时为未完成，2／3 个，还差 1 个，其后补报）"},
		{kpi.Stock, kpi.Target{AtLeast: v(3), By: end}, inTime, []kpi.Given{given(v(4), 3, kpi.InTime, kpi.WithdrawnData)},
			stands + "；2026年1月12日关账时为按期完成，4／3 个，其后撤销）"},
		{kpi.Stock, kpi.Target{AtLeast: v(3), By: end}, inTime, []kpi.Given{given(v(2), 3, kpi.NotDone, "")},
			stands + "；2026年1月12日关账时为未完成，2／3 个，还差 1 个，其后数据有变）"},
		{kpi.Stock, kpi.Target{AtLeast: v(3), By: end}, inTime, []kpi.Given{given(nil, 3, kpi.NotDone, "")},
			stands + "；2026年1月12日关账时为未完成，无数据，其后数据有变）"},
		{kpi.Stock, kpi.Target{AtLeast: v(3), By: end}, inTime, []kpi.Given{given(v(3), 5, kpi.NotDone, "")},
			stands + "；2026年1月12日关账时为未完成，3／5 个，还差 2 个，其后目标改为 3 个）"},
		{kpi.Stock, kpi.Target{AtLeast: v(3), By: end}, inTime, []kpi.Given{reopened, given(v(4), 3, kpi.InTime, kpi.CorrectedData)},
			stands + "；2026年1月12日关账时为未完成，2／3 个，还差 1 个，2026年1月15日重新开放（名单有误），其后数据有变；2026年1月12日关账时为按期完成，4／3 个，其后更正）"},
		{kpi.Stock, kpi.Target{AtLeast: v(3), By: kpi.YearEnd(2026)}, nil, []kpi.Given{given(v(2), 3, kpi.NotDone, "")},
			"2026年1月12日关账时为2025年12月31日到期未完成，2／3 个，还差 1 个，其后期限改为 2026年12月31日"},
		{kpi.Stock, kpi.Target{AtLeast: v(3)}, nil, []kpi.Given{given(v(2), 3, kpi.NotDone, "")},
			"2026年1月12日关账时为2025年12月31日到期未完成，2／3 个，还差 1 个，其后不再有结论"},
		{kpi.Milestone, kpi.Target{AtLeast: v(2), By: end}, &kpi.Verdict{Deadline: end, Value: v(2), Outcome: kpi.InTime},
			[]kpi.Given{given(v(1), 2, kpi.NotDone, kpi.LateData)},
			"按期完成（2025年12月31日到期时 “完成”；2026年1月12日关账时为未完成，“推进中”，其后补报）"},
		{kpi.Ratio, kpi.Target{AtLeast: v(100), By: end, Unit: "%"},
			&kpi.Verdict{Deadline: end, Value: v(100), Outcome: kpi.InTime}, []kpi.Given{given(v(99.976), 100, kpi.NotDone, kpi.LateData)},
			"按期完成（2025年12月31日到期时 100%；2026年1月12日关账时为未完成，99.976／100.000%，还差 0.02 个百分点，其后补报）"},
	} {
		if c.target.Unit == "" {
			c.target.Unit = "个"
		}
		it := Item{Commitment: kpi.Commitment{Kind: c.kind, Target: &c.target,
			Each: map[kpi.Kind]string{kpi.Ratio: "园区"}[c.kind]}, At: kpi.Attainment{Verdict: c.v, Given: c.given}}
		if got := VerdictText(it); got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
	late := given(v(2), 3, kpi.TooLate, kpi.WithdrawnData)
	late.Done = kpi.Date{Year: 2026, Month: 2, Day: 13}
	open := Item{Commitment: kpi.Commitment{Name: "集团", Kind: kpi.Stock, Target: &kpi.Target{AtLeast: v(3), By: end, Unit: "个"}},
		At: kpi.Attainment{Verdict: &kpi.Verdict{Deadline: end, Value: v(2), Outcome: kpi.NotDone, Months: 3}, Given: []kpi.Given{late}}}
	said := "2026年1月12日关账时为逾期完成（2026年2月13日），到期时 2／3 个，其后撤销"
	if got, want := VerdictText(open), "未完成，逾期 3 个月（2025年12月31日到期时 2 个；"+said+"）"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	again := *open.At.Verdict
	again.Outcome, again.Done = kpi.TooLate, kpi.Date{Year: 2026, Month: 3, Day: 31}
	open.At.Verdict = &again
	if got, want := OverruledText([]Item{open}), "集团（2025年12月31日到期："+said+"，现为逾期完成（2026年第一季度末），2 个）。"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	share := Item{Commitment: kpi.Commitment{Kind: kpi.Ratio, Each: "园区", Target: &kpi.Target{AtLeast: v(100), By: end, Unit: "%"}},
		At: kpi.Attainment{Verdict: &kpi.Verdict{Deadline: end, Value: v(50), Outcome: kpi.NotDone, Months: 3},
			Given: []kpi.Given{given(v(100), 100, kpi.InTime, kpi.WithdrawnData)}}}
	if got, want := VerdictText(share), "未完成，逾期 3 个月（2025年12月31日到期时 50%；2026年1月12日关账时为按期完成，100%，其后撤销）"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	first, second := given(v(2), 3, kpi.NotDone, kpi.LateData), late
	second.Quarter = first.Quarter.Add(1) // closed on the same day
	open.At.Given = []kpi.Given{first, second}
	if got := VerdictText(open); !strings.Contains(got, "2026年1月12日"+first.Quarter.Chinese()+"关账时为未完成，") ||
		!strings.Contains(got, "2026年1月12日"+second.Quarter.Chinese()+"关账时为逾期完成（") {
		t.Errorf("two quarters that were closed on one day: %s", got)
	}
	it := Item{Commitment: kpi.Commitment{Kind: kpi.AnnualFlow, Target: &kpi.Target{AtLeast: v(100), Unit: "名", Per: "year"}},
		At: kpi.Attainment{Years: []kpi.Verdict{{Deadline: kpi.YearEnd(2024), Value: v(90), Outcome: kpi.NotDone},
			{Deadline: end, Value: v(100), Outcome: kpi.InTime}},
			Given: []kpi.Given{given(v(99), 100, kpi.NotDone, kpi.LateData)}}}
	if got, want := YearsText(it), "2024年 90 名 未完成；2025年 100 名 按期完成（2026年1月12日关账时为未完成，99／100 名，还差 1 名，其后补报）"; got != want ||
		VerdictText(it) != "" {
		t.Errorf("%s, want %s; %s", got, want, VerdictText(it))
	}
}

// Of what each of several must do it is told how many had done it, and who had not.
func TestPeriodsOfClosings(t *testing.T) {
	end, did := kpi.YearEnd(2025), 3.0
	g := kpi.Given{Judged: kpi.Judged{ID: "X", Deadline: end, Value: &did, Wanted: 5, Outcome: kpi.NotDone,
		Not: []string{"甲", "乙"}}, Quarter: kpi.QuarterOf(end),
		On: kpi.Date{Year: 2026, Month: 1, Day: 12}, Cause: kpi.LateData}
	p := kpi.EachPeriod{Name: "2025年第四季度", End: end, Had: 5, Not: []string{"乙"}}
	it := Item{Commitment: kpi.Commitment{ID: "X", Name: "报送", Kind: kpi.Obligation, Each: "区"},
		At: kpi.Attainment{Periods: []kpi.EachPeriod{p}, Newest: &p, Given: []kpi.Given{g}}}
	said := "2026年1月12日关账时为 3／5 个，未办甲、乙，其后补报"
	if got := GivenOfPeriod(it, p); got != said {
		t.Errorf("%s, want %s", got, said)
	}
	if got := GivenOfPeriod(it, kpi.EachPeriod{End: end.AddDays(1)}) + VerdictText(it); got != "" {
		t.Errorf("of another period, or as a verdict: %s", got)
	}
	if got, want := OverruledText([]Item{it}), "报送（2025年第四季度："+said+"，现为 4／5 个）。"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	it.Kind = kpi.Constraint
	if got, want := GivenText(it, g), "2026年1月12日关账时为 3／5 个，不符合的有甲、乙，其后补报"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Everything a reader is given says of the same item the same.
func TestVerdictsEverywhere(t *testing.T) {
	d := Read(snapshottest.Full())
	late, _ := d.Find("NJ88-032")
	fallen, _ := d.Find("NJ88-031")
	overdue, _ := d.Find("NJ88-006")
	if late.Light() != kpi.Late || fallen.Light() != kpi.Fallen || overdue.Light() != kpi.Overdue {
		t.Fatalf("%s %s %s, want late, fallen and overdue", late.Light(), fallen.Light(), overdue.Light())
	}
	for _, it := range []Item{late, fallen, overdue} {
		want := VerdictText(it)
		if s := Sentence(it); !strings.Contains(s, want) || strings.Contains(s, "序时") {
			t.Errorf("%s: %s, want %s and no pace", it.ID, s, want)
		}
		found := false
		for _, r := range d.CommitmentTable().Rows {
			for _, cell := range r.Cells {
				found = found || r.ID == it.ID && cell == any(want)
			}
		}
		if !found {
			t.Errorf("%s: the table of commitments does not say %s", it.ID, want)
		}
	}
	if !late.Light().OnPace() || !fallen.Behind() || !overdue.Behind() {
		t.Error("what is late is done, what fell back and what is overdue is behind")
	}
	if s := d.Summary(); !strings.Contains(s, "逾期完成 1 项") || !strings.Contains(s, "逾期未完成 1 项") || !strings.Contains(s, "完成后回落 1 项") {
		t.Error(s)
	}
}

// What each of several must do is shown as the share that did; how often it was done is told beside it.
func TestEachIsHeadedByItsShare(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	it := Item{Commitment: kpi.Commitment{ID: "X", Kind: kpi.Obligation, Each: "报送单位", Every: "quarter", Unit: "份"},
		At: kpi.Attainment{Value: v(342), Rate: v(80), Gap: v(-20), Due: 1, Missed: []string{"2026年第二季度"}, Light: kpi.Orange,
			Newest: &kpi.EachPeriod{Name: "2026年第二季度", Had: 5, Not: []string{"甲"}}}}
	d := Read(snapshottest.Full())
	if cells := d.commitmentCells(it); cells[3] != "%" || cells[5] != 80. {
		t.Errorf("the table says %v %v", cells[5], cells[3])
	}
	if s := Sentence(it); !strings.Contains(s, "2026年第二季度应办 5 个报送单位，办成 4 个（80.0%），未办 1 个：甲") || !strings.Contains(s, "累计 342 份") {
		t.Error(s)
	}
	before := it.At
	before.Newest = &kpi.EachPeriod{Name: "2026年第一季度", Had: 5}
	if s := (Turn{it, before}).Change(); s != "5／5 个 → 4／5 个" {
		t.Error(s)
	}
}

func TestLegendNamesTheThresholds(t *testing.T) {
	s := snapshottest.Full()
	s.Lights = kpi.Thresholds{Green: 0, Yellow: -12, Orange: -25}
	legend := Read(s).Legend()
	text := ""
	for i, l := range append(append([]kpi.Light{}, kpi.Lights...), kpi.NoLight) {
		if legend[i].Light != l {
			t.Errorf("%d is %q, want %q", i, legend[i].Light, l)
		}
		text += legend[i].Text
	}
	for _, want := range []string{"不超过 12 个百分点", "超过 12 个、不超过 25 个百分点", "超过 25 个百分点"} {
		if !strings.Contains(text, want) {
			t.Errorf("the legend does not say %s: %s", want, text)
		}
	}
}

// What of a deadline is not known is told by what is missing.
func TestWhatADeadlineAwaits(t *testing.T) {
	due := kpi.YearEnd(2025)
	for _, c := range []struct {
		at   kpi.Attainment
		want string
	}{
		{kpi.Attainment{Data: kpi.Date{Year: 2025, Month: 9, Day: 30}, Awaits: due}, "数据截至 2025年9月30日，未及期限 2025年12月31日，待市科技局报送"},
		{kpi.Attainment{Data: kpi.Date{Year: 2026, Month: 3, Day: 31}, Awaits: due}, "期限 2025年12月31日 以前有应报未报的数据，待市科技局报送"},
		{kpi.Attainment{Data: due, Awaits: due, Filed: &kpi.EachPeriod{End: due, Had: 12, Not: []string{"玄武区", "鼓楼区"}}},
			"期限 2025年12月31日 的数据尚有 2 个区未报"},
		{kpi.Attainment{Data: due}, ""},
	} {
		c.at.Cover.Units = []string{"市科技局"}
		if got := StandingText(Item{At: c.at}); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
