package chart

import (
	"html/template"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Stream is a flow from one node to another. Nodes are told apart by name: the
// two sides of a Sankey need different names even for one thing.
type Stream struct {
	From, To string
	Value    float64
}

// Node is one bar of a Sankey. Nodes of one hue are one thing; grey ones are
// where coloured streams go.
type Node struct {
	Name string
	Hue  int // into the palette; Grey: none
}

// Grey is the hue of a node without a colour of its own.
const Grey = -1

// Sankey is streams from left to right; the nodes stand in the order given.
func Sankey(label, unit string, nodes []Node, streams []Stream) Interactive {
	s := charts.NewSankey()
	var points []opts.SankeyNode
	for _, n := range nodes {
		colour := grey
		if n.Hue != Grey {
			colour = hues[n.Hue%len(hues)]
		}
		points = append(points, opts.SankeyNode{Name: n.Name, ItemStyle: &opts.ItemStyle{Color: colour}})
	}
	var links []opts.SankeyLink
	largest := 0.0
	for _, f := range streams {
		links = append(links, opts.SankeyLink{Source: f.From, Target: f.To, Value: float32(f.Value)})
		largest = math.Max(largest, f.Value)
	}
	s.AddSeries(label, points, links, charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Color: secondary, FontSize: 12}))
	s.SetGlobalOptions(frame(opts.Grid{}, "item")...)
	s.Validate()
	return Interactive{Kind: "sankey", Label: label, Option: s.JSON()}.inUnit(unit, largest)
}

// Funnel is a bar in the middle, as wide as a share of the widest.
func Funnel(share float64, label string) template.HTML {
	d := newDrawing(100, 10)
	width := math.Max(0.6, 100*share)
	d.rect("funnel-bar", (100-width)/2, 0, width, 10)
	return d.stretched("funnel", label)
}
