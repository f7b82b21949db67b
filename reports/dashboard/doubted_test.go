package dashboard

import (
	"strings"
	"testing"

	"citykpi/reports/snapshottest"
)

// Points that the experts' row does not justify, or changes with a reason, are said so on the item's own page, and on no other's.
func TestUnjustifiedPointsStandOnTheItemsPage(t *testing.T) {
	pages := files(t, written(t, snapshottest.Full()))
	for page, want := range map[string]bool{"c-NJ88-005.html": true, "c-NJ88-004.html": false} {
		text, ok := pages[page]
		if !ok {
			t.Fatalf("no %s", page)
		}
		if got := strings.Contains(text, "专家得分存疑") && strings.Contains(text, "（L2）：专家行给 6 分而未写理由"); got != want {
			t.Errorf("%s says that points are not justified: %t", page, got)
		}
		if got := strings.Contains(text, "专家调整得分") && strings.Contains(text, "（L2）：按佐证得 0 分，专家调整为 3 分，理由：面积四舍五入"); got != want {
			t.Errorf("%s says that the experts changed points: %t", page, got)
		}
	}
}
