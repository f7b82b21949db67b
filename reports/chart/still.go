package chart

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// Spark is a line (a level) or columns (a flow) of the last points, nil where
// there is no value, from zero only when it is columns. The last point is marked.
func Spark(points []*float64, columns bool, label string) template.HTML {
	d := newDrawing(240, 44)
	low, high, n := spread(points)
	if n == 0 {
		return ""
	}
	if columns {
		low = math.Min(0, low)
		high = math.Max(0, high)
	}
	if high == low {
		high++
		low--
	}
	if columns {
		sparkColumns(d, points, low, high)
	} else {
		sparkLine(d, points, low, high)
	}
	return d.stretched("spark", label)
}

func sparkColumns(d *drawing, points []*float64, low, high float64) {
	step := d.width / float64(len(points))
	y := func(v float64) float64 { return 2 + (high-v)/(high-low)*(d.height-4) }
	for i, p := range points {
		if p == nil {
			continue
		}
		class := "spark-bar"
		if i == len(points)-1 {
			class = "spark-bar last"
		}
		top, bottom := y(math.Max(*p, 0)), y(math.Min(*p, 0))
		d.rect(class, float64(i)*step+step*0.2, top, step*0.6, math.Max(1, bottom-top))
	}
}

func sparkLine(d *drawing, points []*float64, low, high float64) {
	x := func(i int) float64 { return 5 + float64(i)/math.Max(1, float64(len(points)-1))*(d.width-10) }
	y := func(v float64) float64 { return 6 + (high-v)/(high-low)*(d.height-12) }
	var path strings.Builder
	pen := "M"
	for i, p := range points {
		if p == nil {
			pen = "M" // a gap stays a gap
			continue
		}
		fmt.Fprintf(&path, "%s%s %s", pen, px(x(i)), px(y(*p)))
		pen = "L"
	}
	d.path("spark-line", path.String())
	for i := len(points) - 1; i >= 0; i-- {
		if points[i] != nil {
			d.dot("spark-dot", x(i), y(*points[i]))
			return
		}
	}
}

func spread(points []*float64) (low, high float64, n int) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range points {
		if p != nil {
			low, high, n = math.Min(low, *p), math.Max(high, *p), n+1
		}
	}
	return low, high, n
}

// Bullet is a value as a bar on a scale that holds the target tick and, where
// the target is not yet met, the pace tick: where the value should be today.
func Bullet(value, target float64, pace *float64, light kpi.Light, label string) template.HTML {
	d := newDrawing(320, 18)
	scale := math.Max(target*1.15, math.Min(value, target*2)*1.04)
	if scale <= 0 {
		scale = 1
	}
	x := func(v float64) float64 { return math.Min(1, math.Max(0, v/scale)) * d.width }
	d.rect("bullet-track", 0, 4, d.width, 10)
	d.rect("bullet-value "+lightClass(light), 0, 4, x(value), 10)
	if pace != nil && *pace < target {
		d.line("bullet-pace", x(*pace), 2, x(*pace), 16)
	}
	d.line("bullet-target", x(target), 0, x(target), 18)
	return d.stretched("bullet", label)
}

// Progress is one row of a progress chart; rates in percent.
type Progress struct {
	Name  string
	Rate  float64  // 完成率
	Time  *float64 // 序时进度
	Light kpi.Light
}

// progressEnd is where the scale of a progress chart ends: a rate beyond it is
// cut and its bar says so.
const progressEnd = 150.0

// Progresses draws 完成率 as bars against 序时进度 as ticks, one row each, for paper.
func Progresses(rows []Progress, label string) template.HTML {
	const nameWidth, valueWidth, rowHeight, top, bottom, size = 196.0, 62.0, 30.0, 26.0, 8.0, 12.0
	d := newDrawing(640, top+rowHeight*float64(len(rows))+bottom)
	plot := d.width - nameWidth - valueWidth
	x := func(rate float64) float64 { return nameWidth + math.Min(1, math.Max(0, rate/progressEnd))*plot }
	for _, tick := range []float64{0, 50, 100, 150} {
		class := "grid"
		if tick == 100 {
			class = "grid goal"
		}
		d.line(class, x(tick), top-4, x(tick), d.height-bottom)
		d.text("axis", "middle", x(tick), top-10, figure.Number(tick, 0)+"%")
	}
	for i, r := range rows {
		y := top + rowHeight*float64(i)
		names := lines(r.Name, (nameWidth-12)/size)
		for n, name := range names {
			d.text("name", "end", nameWidth-10, y+rowHeight/2+4.5-float64(len(names)-1)*7+float64(n)*14, name)
		}
		d.rect(lightClass(r.Light), nameWidth, y+8, x(r.Rate)-nameWidth, rowHeight-16)
		if r.Rate > progressEnd { // a gap in the bar: it goes on beyond the scale
			d.rect("break", x(progressEnd)-10, y+6, 3, rowHeight-12)
		}
		if r.Time != nil {
			d.line("pace", x(*r.Time), y+4, x(*r.Time), y+rowHeight-4)
		}
		d.text("value", "start", nameWidth+plot+8, y+rowHeight/2+4.5, figure.Percent(&r.Rate))
	}
	return d.svg("progress-chart", label)
}

// Group is one category of a column chart: a quarter and a value per series.
type Group struct {
	Name   string
	Values []float64
}

// Columns draws grouped columns for paper: values in 元, the axis in the scale
// that suits the largest. Series name the values of each group.
func Columns(groups []Group, series []string, label string) template.HTML {
	const left, right, top, bottom = 56.0, 8.0, 40.0, 24.0
	d := newDrawing(640, 240)
	high := 0.0
	for _, g := range groups {
		for _, v := range g.Values {
			high = math.Max(high, v)
		}
	}
	scale := figure.MoneyScale(high)
	end, tick := niceAxis(high/scale.Divisor, false)
	end, tick = end*scale.Divisor, tick*scale.Divisor
	y := func(v float64) float64 { return top + (1-v/end)*(d.height-top-bottom) }
	d.text("axis", "start", 0, 12, "单位："+scale.Unit)
	for v := 0.0; v <= end*(1+1e-9); v += tick {
		d.line("grid", left, y(v), d.width-right, y(v))
		d.text("axis", "end", left-6, y(v)+4, figure.Count(v/scale.Divisor))
	}
	columnLegend(d, series)
	step := (d.width - left - right) / float64(max(1, len(groups)))
	wide := step * 0.7 / float64(max(1, len(series)))
	for i, g := range groups {
		x := left + step*float64(i)
		for s, v := range g.Values {
			d.rect(fmt.Sprintf("series-%d", s+1), x+step*0.15+wide*float64(s), y(v), wide-1, y(0)-y(v))
		}
		d.text("axis", "middle", x+step/2, d.height-8, g.Name)
	}
	return d.svg("column-chart", label)
}

func columnLegend(d *drawing, series []string) {
	if len(series) < 2 {
		return
	}
	x := d.width
	for s := len(series) - 1; s >= 0; s-- {
		x -= textWidth(series[s])*12 + 8
		d.text("axis", "start", x, 12, series[s])
		x -= 16
		d.rect(fmt.Sprintf("series-%d", s+1), x, 3, 10, 10)
		x -= 10
	}
}
