package dashboard

import (
	"slices"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/reports/snapshottest"
)

// TestNamesInTablesLeadToTheirPages: of districts and commitments, however short they are, as table cells of a page.
func TestNamesInTablesLeadToTheirPages(t *testing.T) {
	s := snapshottest.Full()
	all := files(t, written(t, s))
	leads := func(page, name, to string) bool {
		return strings.Contains(all[page], `><a href="`+to+`">`+name+`</a></td>`)
	}
	for _, page := range []string{"tiers.html", "awards.html", "contracts.html"} {
		if !slices.ContainsFunc(s.Districts, func(r kpi.Region) bool { return leads(page, r.Name, districtPage(r.Code)) }) {
			t.Errorf("no district in %s leads to its page", page)
		}
	}
	if !leads("awards.html", "NJ88-021", commitmentPage("NJ88-021")) {
		t.Error("the rule NJ88-021 in awards.html does not lead to its page")
	}
}
