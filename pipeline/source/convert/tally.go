package convert

import (
	"slices"
	"sort"

	"citykpi/pipeline/source/grid"
)

// Counts is how many rows there were. Read = Loaded + Rejected + Dropped.
type Counts struct {
	Read     int64 `json:"read"`
	Loaded   int64 `json:"loaded"`
	Rejected int64 `json:"rejected"`
	Dropped  int64 `json:"dropped"`
}

// Drop is why rows were left out without being wrong.
type Drop struct {
	Reason string  `json:"reason"` // DropBlank, DropFooter, DropHeader
	Count  int64   `json:"count"`
	Rows   []int64 `json:"rows"` // the first of them
}

// tally counts the rows of a stream.
type tally struct {
	read, loaded, rejected int64
	lastRow                int64 // the last one that is not dropped
	drops                  map[string]*Drop
}

func newTally() tally { return tally{drops: map[string]*Drop{}} }

func (t *tally) drop(reason string, row int64) {
	d := t.drops[reason]
	if d == nil {
		d = &Drop{Reason: reason}
		t.drops[reason] = d
	}
	d.Count++
	if len(d.Rows) < grid.FirstRows {
		d.Rows = append(d.Rows, row)
	}
}

// CountsOf adds up what converters have read so far.
func CountsOf(of []*Converter) (n Counts) {
	for _, c := range of {
		n.Read += c.tally.read
		n.Loaded += c.tally.loaded
		n.Rejected += c.tally.rejected
		for _, d := range c.tally.drops {
			n.Dropped += d.Count
		}
	}
	return n
}

// DroppedBy lists the reasons for which rows were dropped, each with its first rows.
func DroppedBy(of []*Converter) []Drop {
	by := map[string]*Drop{}
	for _, c := range of {
		for reason, d := range c.tally.drops {
			if by[reason] == nil {
				by[reason] = &Drop{Reason: reason}
			}
			by[reason].Count += d.Count
			by[reason].Rows = append(by[reason].Rows, d.Rows...)
		}
	}
	var out []Drop
	for _, d := range by {
		slices.Sort(d.Rows)
		d.Rows = d.Rows[:min(len(d.Rows), grid.FirstRows)]
		out = append(out, *d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Reason < out[j].Reason })
	return out
}

// LastRow is the last row that was not dropped, 0 if there is none.
func (c *Converter) LastRow() int64 { return c.tally.lastRow }
