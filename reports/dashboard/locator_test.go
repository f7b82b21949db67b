package dashboard

import (
	"html"
	"strings"
	"testing"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/show"
	"citykpi/reports/snapshottest"
)

func TestLocatorNeedsPlaces(t *testing.T) {
	at := func(code string, x, y int) kpi.Region { return kpi.Region{Code: code, Tile: [2]int{x, y}} }
	for name, c := range map[string]struct {
		districts     []kpi.Region
		width, height int // 0: none is drawn
	}{
		"no district":              {},
		"one":                      {districts: []kpi.Region{at("1", 3, 3)}},
		"two in one place":         {districts: []kpi.Region{at("1", 0, 0), at("2", 0, 0)}},
		"side by side":             {[]kpi.Region{at("1", 4, 7), at("2", 5, 7)}, 2*tileWidth + tileGap + 4, tileHeight + 4},
		"north-east of each other": {[]kpi.Region{at("2", 2, 1), at("1", 1, 3)}, 2*tileWidth + tileGap + 4, 3*tileHeight + 2*tileGap + 4},
	} {
		l := newLocator(c.districts, "1")
		switch {
		case (l == nil) != (c.width == 0):
			t.Errorf("%s: the locator is %v", name, l)
		case l == nil:
		case l.Width != c.width || l.Height != c.height:
			t.Errorf("%s: %d by %d, want %d by %d", name, l.Width, l.Height, c.width, c.height)
		}
	}
}

// TestDistrictIsMarked: on the page of each district one tile is its own, in words too,
// and every other leads to another page.
func TestDistrictIsMarked(t *testing.T) {
	for name, s := range map[string]*kpi.Snapshot{"full": snapshottest.Full(), "hostile": snapshottest.Hostile()} {
		pages := textsOf(t, written(t, s))
		for _, r := range s.Districts {
			if r.Kind == "park" {
				continue
			}
			_, nav, _ := strings.Cut(pages[districtPage(r.Code)], `<svg class="locator"`)
			nav, _, found := strings.Cut(nav, "</svg>")
			if !found || strings.Count(nav, `aria-current="page"`) != 1 ||
				!strings.Contains(nav, `aria-label="`+html.EscapeString(show.Text(r.Name))+`，本页所列的区"`) {
				t.Errorf("%s: the page of %s does not mark it", name, r.Code)
			}
			if n := strings.Count(nav, `<a href="r-`); n != 11 || strings.Contains(nav, districtPage(r.Code)) {
				t.Errorf("%s: from the page of %s %d tiles lead away, want 11, to others", name, r.Code, n)
			}
		}
	}
	if page := textsOf(t, written(t, snapshottest.OneDistrict()))[districtPage("320115")]; page == "" ||
		strings.Contains(page, `class="locator"`) {
		t.Error("the only district stands among neighbours")
	}
}
