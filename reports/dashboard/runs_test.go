package dashboard

import (
	"strings"
	"testing"
	"time"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// TestRunsTellHowTheyEnded: the page lists runs that made no release and what the
// schedule did; a name in them is text, and without a schedule it says so.
func TestRunsTellHowTheyEnded(t *testing.T) {
	s := snapshottest.Full()
	if html := textsOf(t, written(t, s))["runs.html"]; !strings.Contains(html, "尚无定时任务记录") || !strings.Contains(html, "没有更早的运行记录") {
		t.Error("the page does not say that there is nothing to tell")
	}
	at, took := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC), 75.0
	s.Runs = []kpi.RunRecord{
		{Outcome: kpi.Stopped, CreatedAt: at, AsOf: s.Release.AsOf, Passed: 12, Failed: 2},
		{Outcome: kpi.NothingNew, CreatedAt: at, AsOf: s.Release.AsOf, Took: []kpi.StageTime{{Name: "load", Seconds: 0.2}}},
		{Outcome: kpi.Broke, CreatedAt: at},
	}
	s.Jobs = []kpi.JobRun{
		{Job: snapshottest.HostileNames[0], Trigger: "定时", Status: "完成", Due: at, Started: &at, Seconds: &took},
		{Job: "每日运行", Trigger: "定时", Status: "漏运行", Due: at, Note: "届时调度程序未运行"},
	}
	html := textsOf(t, written(t, s))["runs.html"]
	for _, want := range []string{"校核未通过，未发布", "无新数据", "出错，未发布", "漏运行", "届时调度程序未运行", `data-v="75"`, "0.2"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if strings.Contains(html, snapshottest.HostileNames[0]) {
		t.Errorf("the name %s stands unescaped", snapshottest.HostileNames[0])
	}
}
