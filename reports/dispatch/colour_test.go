package dispatch

import (
	"os"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
)

// Every state has a colour of its own where it is written and where it is drawn: what a style sheet does not
// know is drawn black.
func TestEveryStateHasAColour(t *testing.T) {
	report, err := pages.ReadFile("page/report.css")
	if err != nil {
		t.Fatal(err)
	}
	site, err := os.ReadFile("../assets/src/base.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, light := range []kpi.Light{kpi.Met, kpi.Late, kpi.Green, kpi.Yellow, kpi.Orange, kpi.Red, kpi.Fallen, kpi.Overdue,
		kpi.Awaited, kpi.NoData} {
		for name, css := range map[string]string{"report.css": string(report), "base.css": string(site)} {
			for _, class := range []string{".light-", ".fill-"} {
				if class += string(light); !strings.Contains(css, class+" ") && !strings.Contains(css, class+",") {
					t.Errorf("%s has no %s", name, class)
				}
			}
		}
	}
}
