package dashboard

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/assets"
	"citykpi/reports/snapshottest"
)

func render(t *testing.T, s *kpi.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	err := Render(&b, s)
	if errors.Is(err, assets.ErrNotBuilt) {
		t.Skip("SKIPPED, LOUDLY: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func every() map[string]*kpi.Snapshot {
	return map[string]*kpi.Snapshot{
		"full": snapshottest.Full(), "hostile": snapshottest.Hostile(), "one quarter": snapshottest.OneQuarter(),
		"unconnected": snapshottest.Unconnected(), "empty": snapshottest.Empty(),
	}
}

func TestSameSnapshotSameBytes(t *testing.T) {
	for name := range every() {
		if !bytes.Equal(render(t, every()[name]), render(t, every()[name])) {
			t.Errorf("%s: two pages differ", name)
		}
	}
}

// body is the page without its own script and style.
func body(t *testing.T, s *kpi.Snapshot) string {
	t.Helper()
	html := string(render(t, s))
	_, html, _ = strings.Cut(html, "<body>")
	html, _, _ = strings.Cut(html, `<template id="licences">`)
	return html
}

var figureCell = regexp.MustCompile(`<td class="n"(?: data-v="([^"]*)")?>([^<]*)</td>`)

// TestTableEqualsTheSnapshot parses the table of all commitments out of the page.
func TestTableEqualsTheSnapshot(t *testing.T) {
	s := snapshottest.Full()
	html := body(t, s)
	rows := 0
	for _, a := range s.Attainments {
		if a.Region != s.Region.Code {
			continue
		}
		_, row, found := strings.Cut(html, `<tr id="`+a.ID+`"`)
		if !found {
			t.Errorf("%s is not on the page", a.ID)
			continue
		}
		rows++
		row = row[:strings.Index(row, "</tr>")]
		cells := figureCell.FindAllStringSubmatch(row, -1)
		for column, want := range map[int]*float64{0: a.Value, 2: a.Rate, 3: a.Time, 4: a.Gap, 5: a.Left} {
			got := cells[column][1]
			if want == nil {
				if got != "" || cells[column][2] != "—" {
					t.Errorf("%s column %d: %q, want no figure", a.ID, column, cells[column][0])
				}
				continue
			}
			if v, err := strconv.ParseFloat(got, 64); err != nil || v != *want {
				t.Errorf("%s column %d: %q, want %v", a.ID, column, got, *want)
			}
		}
		light := string(a.Light)
		if a.Light == kpi.NoLight {
			light = "none"
		}
		if !strings.HasPrefix(row, ` data-light="`+light+`"`) {
			t.Errorf("%s does not show %s", a.ID, light)
		}
	}
	if rows != 22 {
		t.Errorf("%d rows compared, want 22", rows)
	}
}

func TestEmptyStatesSayWhatIsMissing(t *testing.T) {
	for name, want := range map[string][]string{
		"empty":       {"尚未载入政策文件，暂无承诺事项。", "暂无承诺事项。", "各区暂无数据。", "暂无技术合同登记数据。", "暂无奖补资金兑付数据。", "尚未配置数据源", "本版本无校核记录。"},
		"unconnected": {"共 20 项承诺，均未接入数据", "暂不能判断是否滞后", "尚未接入数据来源", "有目标而无数据："},
		"one quarter": {"滞后 6 项", "2026年第三季度登记"},
	} {
		html := body(t, every()[name])
		for _, text := range want {
			if !strings.Contains(html, text) {
				t.Errorf("%s: the page does not say %s", name, text)
			}
		}
	}
}

// TestNothingUnfinished looks for what a template prints when something is missing.
func TestNothingUnfinished(t *testing.T) {
	for name, s := range every() {
		html := body(t, s)
		for _, bad := range []string{"<nil>", "%!", "NaN", "+Inf", "ZgotmplZ", "0001-01-01", " style=", " onclick=", "http://", "https://"} {
			if strings.Contains(strings.ReplaceAll(html, "http://evil.example", ""), bad) {
				t.Errorf("%s: the page holds %q", name, bad)
			}
		}
	}
}

func TestMissingPartsLeaveNoHoles(t *testing.T) {
	html := body(t, snapshottest.OneQuarter())
	_, cards, _ := strings.Cut(html, `<section id="cards"`)
	cards, _, _ = strings.Cut(cards, `</section>`)
	if strings.Contains(cards, "sparkbox") || strings.Contains(cards, "changes") {
		t.Error("a card with one quarter draws a sparkline or prints changes")
	}
	if !strings.Contains(cards, "bulletbox") {
		t.Error("a card with a value and a target has no bullet bar")
	}
}

// TestBetweenQuarterEnds: a daily run is as of any day; the day stands last on the
// axes, under its own date.
func TestBetweenQuarterEnds(t *testing.T) {
	s := snapshottest.Full()
	day := kpi.Date{Year: 2026, Month: 8, Day: 12}
	for _, line := range s.Series {
		if v, ok := line[snapshottest.AsOf]; ok {
			delete(line, snapshottest.AsOf)
			line[day] = v
		}
	}
	s.Release.AsOf = day
	for i := range s.Attainments {
		s.Attainments[i].AsOf = day
	}
	html := body(t, s)
	for _, want := range []string{"数据截至 <b>2026年8月12日</b>", `"2026Q1","2026Q2","2026-08-12"`, "<span>2024Q4</span><span>2026-08-12</span>"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
}

func TestCardsFillTheirRows(t *testing.T) {
	for n, want := range map[int][2]int{1: {3, 1}, 4: {4, 0}, 6: {3, 0}, 8: {4, 0}, 9: {3, 0}, 10: {4, 2}, 11: {4, 3}} {
		perRow, rest := cardsPerRow(n)
		if [2]int{perRow, rest} != want {
			t.Errorf("cardsPerRow(%d) = %d, %d, want %v", n, perRow, rest, want)
		}
	}
}

func TestChecksAreAddedUpByKind(t *testing.T) {
	html := body(t, snapshottest.Full())
	for _, want := range []string{"通过 4 项，提示 1 项，未通过 0 项", `<b>报送规范</b><span>1 项提示，涉及 31 行</span>`, `<b>勾稽</b><span>2 项通过</span>`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
}

func TestCSSStringEndsNothing(t *testing.T) {
	got := cssString(`"</style>\`)
	if got != `"\000022\00003c\00002fstyle\00003e\00005c"` {
		t.Errorf("cssString = %s", got)
	}
}

func TestSiteWritesIndex(t *testing.T) {
	dir := t.TempDir()
	want := render(t, snapshottest.Full())
	if err := Site(dir, snapshottest.Full()); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("index.html is not the page: %v", err)
	}
}
