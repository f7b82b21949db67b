package chart

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"citykpi/pipeline/kpi"
)

// mapName is what the dashboard's script registers the outlines under.
const mapName = "districts"

// Map is the districts in their own outlines, coloured by value. Areas are found
// by name, so the names must be those of Outlines.
func Map(label, unit string, tiles []Tile) Interactive {
	largest := 0.0
	var data []opts.MapData
	for _, t := range tiles {
		var value any = "-"
		if t.Value != nil {
			value = *t.Value
			largest = math.Max(largest, *t.Value)
		}
		data = append(data, opts.MapData{Name: t.Name, Value: value})
	}
	m := charts.NewMap()
	m.RegisterMapType(mapName)
	m.AddSeries(label, data, charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), FontSize: 12}),
		charts.WithItemStyleOpts(opts.ItemStyle{BorderColor: "#ffffff", BorderWidth: 1.5}))
	m.SetGlobalOptions(frame(opts.Grid{}, "item")...)
	m.SetGlobalOptions(charts.WithVisualMapOpts(shades(largest, "0")))
	m.Validate()
	return Interactive{Kind: "map", Label: label, Option: m.JSON()}.inUnit(unit, largest)
}

// shades colour values from nothing to the largest, one hue from light to dark:
// what sees no colours still sees the order.
func shades(largest float64, dimension string) opts.VisualMap {
	return opts.VisualMap{Show: opts.Bool(false), Min: 0, Max: float32(math.Max(1, largest)), Dimension: dimension,
		InRange: &opts.VisualMapInRange{Color: []string{"#e8f0f9", light, accent}}}
}

// Outline is the shape of one district under the name the charts call it.
type Outline struct {
	Name  string
	Shape kpi.Shape
}

type geoFeature struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
	Geometry   geoGeometry       `json:"geometry"`
}

type geoGeometry struct {
	Type        string      `json:"type"`
	Coordinates [][][]point `json:"coordinates"`
}

// point is written to five decimals, about a metre.
type point [2]float64

func (p point) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	b = strconv.AppendFloat(b, math.Round(p[0]*1e5)/1e5, 'f', -1, 64)
	b = append(b, ',')
	b = strconv.AppendFloat(b, math.Round(p[1]*1e5)/1e5, 'f', -1, 64)
	return append(b, ']'), nil
}

// Outlines is the map as GeoJSON, of nothing but names and points.
func Outlines(list []Outline) ([]byte, error) {
	features := []geoFeature{}
	for _, o := range list {
		f := geoFeature{Type: "Feature", Properties: map[string]string{"name": o.Name}, Geometry: geoGeometry{Type: "MultiPolygon"}}
		for _, polygon := range o.Shape.Polygons {
			var rings [][]point
			for _, ring := range polygon {
				points := make([]point, len(ring))
				for i, at := range ring {
					points[i] = at
				}
				rings = append(rings, points)
			}
			f.Geometry.Coordinates = append(f.Geometry.Coordinates, rings)
		}
		features = append(features, f)
	}
	return json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
}
