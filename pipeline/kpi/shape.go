package kpi

// Shape is the outline of a region on a map: polygons, each a list of rings of
// points [longitude, latitude], the first ring outside, further ones holes.
type Shape struct {
	Region   string
	Polygons [][][][2]float64
}
