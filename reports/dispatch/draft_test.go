package dispatch

import (
	"strings"
	"testing"

	"citykpi/reports/digest"
	"citykpi/reports/snapshottest"
)

// TestDraftsAreToldApart: the report says what a draft names and counts none of it.
func TestDraftsAreToldApart(t *testing.T) {
	s := snapshottest.Full()
	draft := s.Documents[0]
	draft.ID, draft.Title, draft.Status, draft.Indicators = "G", "征求意见的办法", "draft", nil
	draft.Commitments = nil
	before := digest.Read(s)
	for _, c := range s.Documents[0].Commitments[:5] {
		a := before.At(c.ID, s.Region.Code)
		c.ID = "G" + c.ID
		a.ID = c.ID
		draft.Commitments, s.Attainments = append(draft.Commitments, c), append(s.Attainments, a)
	}
	s.Documents = append(s.Documents, draft)
	html := string(page(t, s))
	for _, want := range []string{"共 22 项承诺", "另有征求意见稿 5 项只报告不考核。", "《征求意见的办法》（征求意见稿，只报告不考核，不计入合计）", "（征求意见稿，只报告不考核）",
		`<tr id="GNJ88-001">`} {
		if !strings.Contains(html, want) {
			t.Errorf("the report does not say %s", want)
		}
	}
	if n := strings.Count(tableOf(t, html, "lagging"), "<tr>") - 1; n != len(before.Attention()) {
		t.Errorf("%d items lag, want %d: none of the draft's", n, len(before.Attention()))
	}
}
