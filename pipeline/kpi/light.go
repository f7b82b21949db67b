package kpi

import (
	"math"
	"slices"
)

// Light is the state of a commitment: against its pace while there is time, by the
// verdict once its deadline has passed.
type Light string

const (
	Met     Light = "met"     // reached; of one whose deadline has passed: in time
	Late    Light = "late"    // reached after its deadline
	Green   Light = "green"   // on pace
	Yellow  Light = "yellow"  // behind, see Thresholds
	Orange  Light = "orange"  // further behind
	Red     Light = "red"     // furthest behind, or a bound that is broken
	Fallen  Light = "fallen"  // was reached by or after its deadline and is not any more
	Overdue Light = "overdue" // the deadline has passed and it was never reached
	Awaited Light = "awaited" // the deadline has passed, and no data reach it yet
	NoData  Light = "no_data"
	NoLight Light = "" // nothing to be judged by: no target, no deadline, or a year before the first full one
)

// Lights in the order of a legend.
var Lights = []Light{Met, Late, Green, Yellow, Orange, Red, Fallen, Overdue, Awaited, NoData}

// byConcern are the lights in the order of lists: what asks for most attention first.
var byConcern = []Light{Overdue, Red, Fallen, Orange, Yellow, Awaited, Green, Late, Met, NoData, NoLight}

// Behind are the lights of what is behind, the worst first.
var Behind = byConcern[:5]

// Chinese is the light's word.
func (l Light) Chinese() string {
	return map[Light]string{Met: "已完成", Late: "逾期完成", Green: "绿", Yellow: "黄", Orange: "橙", Red: "红",
		Fallen: "回落", Overdue: "逾期", Awaited: "到期待报", NoData: "无数据", NoLight: "—"}[l]
}

// Symbol tells lights apart without colour.
func (l Light) Symbol() string {
	return map[Light]string{Met: "◆", Late: "◇", Green: "●", Yellow: "▲", Orange: "◣", Red: "■",
		Fallen: "▼", Overdue: "×", Awaited: "□", NoData: "○", NoLight: "—"}[l]
}

// Order is the light's place in a list, from 1: what asks for most attention first.
func (l Light) Order() int {
	if i := slices.Index(byConcern, l); i >= 0 {
		return i + 1
	}
	return len(byConcern)
}

// Concern is how much a light asks for attention, from 1 on; 0 what is not behind.
func (l Light) Concern() int { return max(0, len(Behind)+1-l.Order()) }

// Done reports that the target is reached, in time or late.
func (l Light) Done() bool { return l == Met || l == Late }

// OnPace reports that nothing is behind: done, or as far as it should be.
func (l Light) OnPace() bool { return l.Done() || l == Green }

// Judges reports whether the light is a judgement at all.
func (l Light) Judges() bool { return l != NoData && l != NoLight && l != Awaited }

// Thresholds are the lower bounds of the lights, in percentage points of the
// pace gap. Cities differ (Yinchuan: yellow from -10, red below -30).
type Thresholds struct {
	Green  float64 `yaml:"green" json:"green"`   // green from so many percentage points ahead of the pace on; below 0: behind it
	Yellow float64 `yaml:"yellow" json:"yellow"` // yellow from here on
	Orange float64 `yaml:"orange" json:"orange"` // orange from here on, red below
}

// DefaultThresholds: on pace is green, up to 10 points behind yellow, up to 30 orange.
var DefaultThresholds = Thresholds{Green: 0, Yellow: -10, Orange: -30}

// light is that of a gap in points; what is only expected is never red. Ten points behind
// is no more than ten, though the difference of two rates is not to the last bit.
func (th Thresholds) light(gap float64, expected bool) Light {
	gap = math.Round(gap*1e11) / 1e11
	switch {
	case gap >= th.Green:
		return Green
	case gap >= th.Yellow:
		return Yellow
	case gap >= th.Orange || expected:
		return Orange
	}
	return Red
}
