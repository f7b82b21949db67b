package dashboard

import "citykpi/pipeline/kpi"

// locator shows where a district lies among its neighbours, each of which leads to its
// own page.
type locator struct {
	Width, Height int
	Tiles         []locatorTile
}

type locatorTile struct {
	Name, Short, Href        string
	Here                     bool // the page's own
	X, Y, W, H, TextX, TextY int
}

// Of a tile, in the units of the drawing, with the gap to the next.
const (
	tileWidth, tileHeight, tileGap = 68, 30, 4
)

// newLocator is nil where there is nothing to tell: a district alone, or districts to
// which nobody gave different places.
func newLocator(districts []kpi.Region, own string) *locator {
	if len(districts) < 2 {
		return nil
	}
	left, top := districts[0].Tile[0], districts[0].Tile[1]
	taken := map[[2]int]bool{}
	for _, r := range districts {
		if taken[r.Tile] {
			return nil
		}
		taken[r.Tile] = true
		left, top = min(left, r.Tile[0]), min(top, r.Tile[1])
	}
	l := &locator{}
	for _, r := range districts {
		// the stroke of the own tile needs the two units around
		t := locatorTile{Name: r.Name, Short: r.Short, Href: districtPage(r.Code), Here: r.Code == own, W: tileWidth, H: tileHeight,
			X: 2 + (r.Tile[0]-left)*(tileWidth+tileGap), Y: 2 + (r.Tile[1]-top)*(tileHeight+tileGap)}
		t.TextX, t.TextY = t.X+tileWidth/2, t.Y+tileHeight/2
		l.Width, l.Height = max(l.Width, t.X+tileWidth+2), max(l.Height, t.Y+tileHeight+2)
		l.Tiles = append(l.Tiles, t)
	}
	return l
}
