package chart

import (
	"encoding/json"
	"fmt"
	"html/template"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"citykpi/pipeline/show"
	"citykpi/reports/figure"
)

// The palette of the interactive charts; the dashboard's script knows what each
// colour becomes on a dark wall screen.
const (
	accent    = "#1f5fa8"
	light     = "#9dbde0"
	grey      = "#9aa5b1"
	lineGrey  = "#e4e7eb"
	secondary = "#52606d"
	goal      = "#c0392b"
)

// hues are at most six, none of them the colour of a light; what is left over is
// grey and called 其他.
var hues = []string{accent, "#8a6d3b", "#7a5ea8", "#4f9da6", "#5b6b8c", "#b8860b"}

// Interactive is the option of one chart of the dashboard and what its script
// needs to write numbers: the unit, and the divisor and decimals of money.
type Interactive struct {
	Kind     string         `json:"kind"` // trend | course | ranking | tiles | map | quarters | sankey
	Label    string         `json:"label"`
	Unit     string         `json:"unit"`
	Divisor  float64        `json:"divisor"`
	Decimals int            `json:"decimals"`
	Target   *float64       `json:"target,omitempty"`
	Option   map[string]any `json:"option"`
}

// JSON is the chart for a script element of type application/json: <, >, & and
// the two JavaScript line separators are escaped, so no name can end the element.
func (c Interactive) JSON() (template.JS, error) {
	for _, unused := range []string{"color", "title", "toolbox"} { // every series has its own colour
		delete(c.Option, unused)
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("chart %s: %w", c.Label, err)
	}
	return template.JS(show.JSON(raw)), nil
}

// inUnit sets how the chart's numbers are written: money in the scale that suits
// the largest, anything else as it is.
func (c Interactive) inUnit(unit string, largest float64) Interactive {
	c.Unit, c.Divisor = unit, 1
	if unit == figure.Yuan {
		s := figure.MoneyScale(largest)
		c.Unit, c.Divisor, c.Decimals = s.Unit, s.Divisor, s.Decimals
	}
	return c
}

// TrendData is what a trend shows. All lines share the points' names.
type TrendData struct {
	Label    string
	Unit     string
	Names    []string
	Values   []*float64
	Pace     []*float64 // 序时: where the value should have been; empty: none
	Forecast []*float64 // from the as-of date to the deadline; empty: none
	Target   *float64
	Goal     string // what the target line says: 目标 300 家
	Columns  bool   // a yearly flow: columns of the year so far
	Current  int    // of columns: the first point of the current year; those before are context
}

// Trend is a line of quarter values against its labelled target line, the pace in
// grey and the forecast dashed.
func Trend(t TrendData) Interactive {
	line := charts.NewLine()
	line.SetXAxis(t.Names)
	counted := t.Unit != figure.Yuan && whole(t.Values) && whole([]*float64{t.Target})
	largest := largestOf(t.Values, t.Forecast)
	if t.Target != nil {
		largest = math.Max(largest, *t.Target)
	}
	options := []charts.SeriesOpts{charts.WithItemStyleOpts(opts.ItemStyle{Color: accent})}
	if t.Target != nil {
		options = append(options, goalLine(*t.Target, t.Goal)...)
	}
	if t.Columns {
		bar := charts.NewBar()
		options = append(options, charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "30%"}), widest)
		bar.AddSeries("完成", barData(t.Values, t.Current), options...)
		line.Overlap(bar)
	} else {
		line.AddSeries("完成", lineData(t.Values), append(options, charts.WithLineStyleOpts(opts.LineStyle{Width: 2.5, Color: accent}),
			charts.WithLineChartOpts(opts.LineChart{Symbol: "circle", SymbolSize: 7, ShowSymbol: opts.Bool(known(t.Values) == 1)}))...)
	}
	if len(t.Pace) > 0 {
		line.AddSeries("序时", lineData(t.Pace), paceStyle(t.Columns)...)
	}
	if len(t.Forecast) > 0 {
		line.AddSeries("预测", lineData(t.Forecast), thin(accent, "dashed")...)
	}
	line.SetGlobalOptions(frame(opts.Grid{Left: "4", Right: "16", Top: "22", Bottom: "2", ContainLabel: opts.Bool(true)}, "axis")...)
	line.SetGlobalOptions(charts.WithXAxisOpts(categoryAxis()), charts.WithYAxisOpts(valueAxis(largest*1.08, counted)))
	line.Validate()
	c := Interactive{Kind: "trend", Label: t.Label, Target: t.Target, Option: line.JSON()}
	return c.inUnit(t.Unit, largest)
}

// widest keeps a lonely column from filling the chart.
func widest(s *charts.SingleSeries) { s.BarMaxWidth = "44" }

func goalLine(target float64, label string) []charts.SeriesOpts {
	return []charts.SeriesOpts{
		charts.WithMarkLineNameYAxisItemOpts(opts.MarkLineNameYAxisItem{Name: label, YAxis: target}),
		charts.WithMarkLineStyleOpts(opts.MarkLineStyle{
			Symbol:    []string{"none", "none"},
			LineStyle: &opts.LineStyle{Color: goal, Width: 1.2, Type: "solid"},
			Label:     &opts.Label{Show: opts.Bool(true), Position: "insideStartTop", Color: goal, FontSize: 12, Formatter: "{b}"},
		}),
	}
}

// paceStyle is a dotted line for a level and ticks for a yearly flow, whose pace
// starts anew each year.
func paceStyle(columns bool) []charts.SeriesOpts {
	if !columns {
		return thin(grey, "dotted")
	}
	return []charts.SeriesOpts{
		charts.WithItemStyleOpts(opts.ItemStyle{Color: secondary}),
		charts.WithLineStyleOpts(opts.LineStyle{Width: 0, Opacity: opts.Float(0)}),
		charts.WithLineChartOpts(opts.LineChart{Symbol: "rect", SymbolSize: []int{14, 2}, ShowSymbol: opts.Bool(true)}),
	}
}

func thin(colour, kind string) []charts.SeriesOpts {
	return []charts.SeriesOpts{
		charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}),
		charts.WithLineStyleOpts(opts.LineStyle{Width: 1.5, Color: colour, Type: kind}),
		charts.WithLineChartOpts(opts.LineChart{Symbol: "none"}),
	}
}

// Bar is one bar of a ranking.
type Bar struct {
	Name  string
	Value float64
}

// Ranking is horizontal bars, the first at the top, each with its value beside it.
func Ranking(label, unit string, bars []Bar) Interactive {
	bar := charts.NewBar()
	var names []string
	var data []opts.BarData
	largest := 0.0
	for _, b := range bars {
		names = append(names, b.Name)
		data = append(data, opts.BarData{Value: b.Value})
		largest = math.Max(largest, b.Value)
	}
	bar.SetXAxis(names).XYReversal()
	bar.AddSeries(label, data, charts.WithItemStyleOpts(opts.ItemStyle{Color: accent}),
		charts.WithBarChartOpts(opts.BarChart{BarCategoryGap: "36%"}),
		charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Position: "right", Color: secondary, FontSize: 12}))
	bar.SetGlobalOptions(frame(opts.Grid{Left: "4", Right: "72", Top: "4", Bottom: "4", ContainLabel: opts.Bool(true)}, "item")...)
	bar.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Show: opts.Bool(false), Min: 0}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Inverse: opts.Bool(true), AxisLine: hiddenLine(),
			AxisLabel: &opts.AxisLabel{Show: opts.Bool(true), Interval: "0", Color: secondary, FontSize: 12}}))
	bar.Validate()
	return Interactive{Kind: "ranking", Label: label, Option: bar.JSON()}.inUnit(unit, largest)
}

// Tile is a district in the tile-grid map.
type Tile struct {
	Name  string // 江宁
	X, Y  int
	Value *float64 // nil: no data, drawn in grey
}

// Tiles is a map made of equal squares, coloured by value: no shape of a
// district is shipped, and small districts are as legible as large ones.
func Tiles(label, unit string, tiles []Tile) Interactive {
	left, top, right, bottom := bounds(tiles)
	largest := 0.0
	var data []opts.HeatMapData
	for _, t := range tiles {
		var value any = "-"
		if t.Value != nil {
			value = *t.Value
			largest = math.Max(largest, *t.Value)
		}
		data = append(data, opts.HeatMapData{Name: t.Name, Value: []any{t.X - left, t.Y - top, value}})
	}
	m := charts.NewHeatMap()
	m.AddSeries(label, data, charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), FontSize: 12}),
		charts.WithItemStyleOpts(opts.ItemStyle{BorderColor: "#ffffff", BorderWidth: 4}))
	m.SetGlobalOptions(frame(opts.Grid{Left: "0", Right: "0", Top: "0", Bottom: "0"}, "item")...)
	no, yes := opts.Bool(false), opts.Bool(true)
	m.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Show: no, Data: ordinals(right - left + 1)}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Show: no, Inverse: yes, Data: ordinals(bottom - top + 1)}),
		charts.WithVisualMapOpts(shades(largest, "2")))
	m.Validate()
	return Interactive{Kind: "tiles", Label: label, Option: m.JSON()}.inUnit(unit, largest)
}

// bounds are the outermost columns and rows that hold a tile.
func bounds(tiles []Tile) (left, top, right, bottom int) {
	for i, t := range tiles {
		if i == 0 {
			left, top, right, bottom = t.X, t.Y, t.X, t.Y
		}
		left, top, right, bottom = min(left, t.X), min(top, t.Y), max(right, t.X), max(bottom, t.Y)
	}
	return left, top, right, bottom
}

// Series is one series of a chart by quarter.
type Series struct {
	Name   string
	Values []float64
}

// Quarters is columns by quarter, side by side or stacked, amounts in 元.
func Quarters(label string, names []string, series []Series, stacked bool) Interactive {
	bar := charts.NewBar()
	bar.SetXAxis(names)
	colours := []string{accent, light}
	if stacked {
		colours = hues
	}
	tops := make([]float64, len(names))
	for i, s := range series {
		data := make([]opts.BarData, len(s.Values))
		for n, v := range s.Values {
			data[n] = opts.BarData{Value: v}
			if stacked {
				tops[n] += v
			} else {
				tops[n] = math.Max(tops[n], v)
			}
		}
		colour := grey
		if i < len(colours) && s.Name != Rest {
			colour = colours[i]
		}
		layout := opts.BarChart{BarCategoryGap: "35%", BarGap: "0%"}
		if stacked {
			layout.Stack = "quarter"
		}
		bar.AddSeries(s.Name, data, charts.WithItemStyleOpts(opts.ItemStyle{Color: colour}), charts.WithBarChartOpts(layout), widest)
	}
	largest := 0.0
	for _, v := range tops {
		largest = math.Max(largest, v)
	}
	bar.SetGlobalOptions(frame(opts.Grid{Left: "4", Right: "12", Top: "36", Bottom: "2", ContainLabel: opts.Bool(true)}, "axis")...)
	legend := opts.Legend{Show: opts.Bool(len(series) > 1), Left: "0", Top: "0", ItemWidth: 12, ItemHeight: 10,
		Icon: "rect", TextStyle: &opts.TextStyle{Color: secondary, FontSize: 12}}
	bar.SetGlobalOptions(charts.WithXAxisOpts(categoryAxis()), charts.WithYAxisOpts(valueAxis(largest, false)),
		charts.WithLegendOpts(legend))
	bar.Validate()
	return Interactive{Kind: "quarters", Label: label, Option: bar.JSON()}.inUnit(figure.Yuan, largest)
}

// Rest is the name of the series that holds what the palette has no hue for.
const Rest = "其他"

// MaxSeries is how many series a stacked chart shows before the rest is merged.
const MaxSeries = 5

func frame(grid opts.Grid, trigger string) []charts.GlobalOpts {
	return []charts.GlobalOpts{
		charts.WithGridOpts(grid),
		charts.WithAnimation(false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: trigger}),
	}
}

func categoryAxis() opts.XAxis {
	return opts.XAxis{
		Type:      "category",
		AxisLine:  &opts.AxisLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: grey}},
		AxisTick:  &opts.AxisTick{Show: opts.Bool(false)},
		AxisLabel: &opts.AxisLabel{Show: opts.Bool(true), Color: secondary, FontSize: 12},
	}
}

// valueAxis starts at zero and holds v.
func valueAxis(v float64, counted bool) opts.YAxis {
	end, step := niceAxis(v, counted)
	return opts.YAxis{
		Type: "value", Min: 0, Max: end, MinInterval: step, MaxInterval: step, AxisLine: hiddenLine(),
		SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: lineGrey}},
		AxisLabel: &opts.AxisLabel{Show: opts.Bool(true), Color: secondary, FontSize: 12},
	}
}

func hiddenLine() *opts.AxisLine { return &opts.AxisLine{Show: opts.Bool(false)} }

func ordinals(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint(i)
	}
	return names
}

func lineData(values []*float64) []opts.LineData {
	data := make([]opts.LineData, len(values))
	for i, v := range values {
		data[i].Value = "-"
		if v != nil {
			data[i].Value = *v
		}
	}
	return data
}

// barData paints the bars before current in the lighter shade.
func barData(values []*float64, current int) []opts.BarData {
	data := make([]opts.BarData, len(values))
	for i, v := range values {
		data[i].Value = "-"
		if i < current {
			data[i].ItemStyle = &opts.ItemStyle{Color: light}
		}
		if v != nil {
			data[i].Value = *v
		}
	}
	return data
}

func known(values []*float64) int {
	n := 0
	for _, v := range values {
		if v != nil {
			n++
		}
	}
	return n
}

func largestOf(lines ...[]*float64) float64 {
	largest := 0.0
	for _, line := range lines {
		for _, v := range line {
			if v != nil {
				largest = math.Max(largest, *v)
			}
		}
	}
	return largest
}
