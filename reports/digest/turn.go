package digest

import (
	"cmp"
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// Turn is a commitment whose light is another than at the end of the quarter
// before, read with the data known today.
type Turn struct {
	Item
	Before kpi.Attainment
}

// Worse reports whether the light went the wrong way.
func (t Turn) Worse() bool { return judged(t.Light()) > judged(t.Before.Light) }

// Change is what moved the light: the gap to the pace, the stage, or what was missed;
// of a bound the figure itself.
func (t Turn) Change() string {
	now, then := t.At, t.Before
	switch {
	case now.Verdict != nil && (then.Verdict == nil || now.Light != then.Light):
		return VerdictText(t.Item)
	case t.Kind == kpi.Milestone && now.Value != nil && then.Value != nil:
		return kpi.Stage(*then.Value) + " → " + kpi.Stage(*now.Value)
	case now.Newest != nil && then.Newest != nil:
		return Share(then) + " → " + Share(now)
	case t.Kind == kpi.Obligation && len(then.Missed) == len(now.Missed): // a period was done that is judged now
		return fmt.Sprintf("最近一期已办，以往缺 %d 期", len(now.Missed))
	case t.Kind == kpi.Obligation:
		return fmt.Sprintf("缺 %d 期 → 缺 %d 期", len(then.Missed), len(now.Missed))
	case now.Gap != nil && then.Gap != nil:
		return "偏差 " + figure.Points(then.Gap) + " → " + figure.Points(now.Gap) + " 个百分点"
	case now.Value != nil && then.Value != nil:
		scale := figure.ScaleFor(t.UnitName(), then.Value, now.Value)
		return scale.Amount(*then.Value).Text + " → " + scale.Amount(*now.Value).String()
	}
	return figure.None
}

// judged is a light's place from the best on, -1 for what is no judgement.
func judged(l kpi.Light) int {
	if !l.Judges() {
		return -1
	}
	return kpi.NoData.Order() - l.Order()
}

// Turned lists the commitments that were judged at both quarter ends and whose
// light changed, what became worst first; compared is how many were judged at both.
func (d *Digest) Turned() (list []Turn, compared int) {
	for _, it := range d.Commitments {
		was := d.Snapshot.Before[it.ID]
		now, then := judged(it.Light()), judged(was.Light)
		if now < 0 || then < 0 {
			continue
		}
		if compared++; now != then {
			list = append(list, Turn{it, was})
		}
	}
	slices.SortStableFunc(list, func(a, b Turn) int {
		falls := func(t Turn) int { return judged(t.Light()) - judged(t.Before.Light) }
		return cmp.Or(cmp.Compare(falls(b), falls(a)), cmp.Compare(judged(b.Light()), judged(a.Light())))
	})
	return list, compared
}
