// Package chart draws: small still pictures as inline SVG (sparkline, bullet bar,
// progress against pace, columns by quarter) and options for the interactive
// charts of the dashboard. Colours are classes, so that the page's theme and the
// printer decide them; every text is escaped; same data, same bytes.
package chart

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"

	"citykpi/pipeline/kpi"
)

// drawing collects the elements of one picture.
type drawing struct {
	b             strings.Builder
	width, height float64
}

func newDrawing(width, height float64) *drawing { return &drawing{width: width, height: height} }

func (d *drawing) rect(class string, x, y, w, h float64) {
	fmt.Fprintf(&d.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, px(x), px(y), px(max(0, w)), px(max(0, h)))
}

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&d.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, px(x1), px(y1), px(x2), px(y2))
}

// dot is a line without length: a round cap keeps it a circle in a picture that
// is stretched.
func (d *drawing) dot(class string, x, y float64) {
	d.path(class, fmt.Sprintf("M%s %sh0", px(x), px(y)))
}

func (d *drawing) path(class, data string) {
	fmt.Fprintf(&d.b, `<path class="%s" d="%s"/>`, class, data)
}

// text is anchored start, middle or end at x.
func (d *drawing) text(class, anchor string, x, y float64, s string) {
	fmt.Fprintf(&d.b, `<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`, class, anchor, px(x), px(y), html.EscapeString(s))
}

// svg wraps the elements; label is what a screen reader says.
func (d *drawing) svg(class, label string) template.HTML { return d.wrap(class, label, "") }

// stretched is a picture without text that fills whatever box it is put into.
func (d *drawing) stretched(class, label string) template.HTML {
	return d.wrap(class, label, ` preserveAspectRatio="none"`)
}

func (d *drawing) wrap(class, label, more string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="%s" role="img" aria-label="%s" viewBox="0 0 %s %s" width="%s" height="%s"%s>%s</svg>`,
		class, html.EscapeString(label), px(d.width), px(d.height), px(d.width), px(d.height), more, d.b.String()))
}

// px is a coordinate with at most one decimal.
func px(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// textWidth estimates the width of s in ems: full-width characters are one em.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r < 0x2000 {
			w += 0.55
		} else {
			w++
		}
	}
	return w
}

// fit cuts s to at most ems, with an ellipsis.
func fit(s string, ems float64) string {
	if textWidth(s) <= ems {
		return s
	}
	var b strings.Builder
	w := 1.0
	for _, r := range s {
		w += textWidth(string(r))
		if w > ems {
			break
		}
		b.WriteRune(r)
	}
	return b.String() + "…"
}

// lines breaks s into at most two lines of ems each, the second one cut.
func lines(s string, ems float64) []string {
	if textWidth(s) <= ems {
		return []string{s}
	}
	w := 0.0
	for i, r := range s {
		w += textWidth(string(r))
		if w > ems && i > 0 {
			return []string{s[:i], fit(s[i:], ems)}
		}
	}
	return []string{s}
}

// lightClass is the class that colours a light.
func lightClass(l kpi.Light) string {
	if l == kpi.NoLight {
		return "fill-none"
	}
	return "fill-" + string(l)
}

// niceAxis is where an axis that holds v ends and how far its ticks stand apart:
// three to five steps of 1, 2, 2.5 or 5 times a power of ten. The steps of what is
// counted are whole: there is no quarter of an event.
func niceAxis(v float64, counted bool) (end, step float64) {
	if v <= 0 {
		return 1, 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v))-1)
	for _, m := range []float64{1, 2, 2.5, 5, 10, 20, 25, 50} {
		step = m * power
		if counted && step != math.Trunc(step) {
			continue
		}
		if n := math.Ceil(v/step - 1e-9); n <= 5 {
			return n * step, step
		}
	}
	return v, v
}

// whole reports whether all points are whole numbers: what they measure is counted.
func whole(points []*float64) bool {
	for _, p := range points {
		if p != nil && *p != math.Trunc(*p) {
			return false
		}
	}
	return true
}
