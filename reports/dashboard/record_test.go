package dashboard

import (
	"regexp"
	"strings"
	"testing"

	"citykpi/reports/snapshottest"
)

var calendarCells = regexp.MustCompile(`<td class="(\w+)" data-v="\d+" data-l="([^"]+)" title="[^"]+"><b>` +
	`<i aria-hidden="true">(.)</i> ([^<]+)</b>(.*?)</td>`)

// TestCalendarTellsStatesInWords: every cell of the matrix has a symbol and a word, and
// the states that snapshottest files are all there, each with its date or its days.
func TestCalendarTellsStatesInWords(t *testing.T) {
	s := snapshottest.Reviewed(snapshottest.Full())
	all := files(t, written(t, s))
	html := all["quality.html"]
	found := calendarCells.FindAllStringSubmatch(html, -1)
	if want := 5 * len(s.Calendar); len(found) != want {
		t.Fatalf("%d cells, want %d", len(found), want)
	}
	seen := map[string]string{}
	for _, c := range found {
		seen[c[1]+" "+c[3]+" "+c[4]] += c[2] + c[5] + "\n"
	}
	for state, note := range map[string]string{
		"filed ● 已报": "2026Q3 <small>2026-10-12 批次 7</small>", "same ＝ 与上期相同": "<small>",
		"late ▲ 迟报":     "2026Q3 <em>1 天</em> <small>2026-10-16",
		"missing ■ 未报":  "2026Q3 <em>1 天</em> <small>沿用 2026-06-30</small>",
		"outdated ◣ 过期": "2026Q3 <em>1 天</em> <small>沿用 2026-08-20</small>",
		"passed □ 未报":   "2026Q2 <small>其后已报</small>", "idle · 无": "2025Q3",
	} {
		if !strings.Contains(seen[state], note) {
			t.Errorf("no cell %s with %s, but %q", state, note, seen[state])
		}
	}
	for _, words := range []string{"按季报送<small>2026Q3 应报 6 项", "citykpi load --confirm &#39;技术合同_2026Q3_二.csv&#39;", "行数骤减"} {
		if !strings.Contains(html, words) {
			t.Errorf("the page does not say %s", words)
		}
	}
	own := all[unitPage("市科技局")]
	for _, words := range []string{"技术合同认定登记", "技术经理人认定", "行数骤减", "技术合同_2026Q3.csv"} {
		if !strings.Contains(own, words) {
			t.Errorf("the page of 市科技局 does not say %s", words)
		}
	}
	if n := len(calendarCells.FindAllString(own, -1)); n != 10 {
		t.Errorf("the page of 市科技局 has %d cells of the calendar, want those of two sources", n)
	}
}
