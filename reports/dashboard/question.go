package dashboard

import (
	"fmt"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// question is what to ask about an item that is off track, from its own figures:
// what is missing against what the last quarter brought.
func question(d *digest.Digest, it digest.Item) string {
	a, unit := it.At, it.UnitName()
	left := digest.Left(it)
	switch {
	case a.Newest != nil && len(a.Newest.Not) > 0 && it.Kind == kpi.Constraint:
		return fmt.Sprintf("%d 个%s不符合要求（%s），何故？何时整改？", len(a.Newest.Not), it.Commitment.Each, digest.TargetText(it))
	case a.Newest != nil && len(a.Newest.Not) > 0:
		return fmt.Sprintf("%s未办 %d 个%s，何故？下一期如何安排？", a.Newest.Name, len(a.Newest.Not), it.Commitment.Each)
	case len(a.Missed) > 0:
		return fmt.Sprintf("%s未办，何故？下一期如何安排？", a.Missed[len(a.Missed)-1])
	case it.Bound() && a.Value != nil && it.Ceiling():
		return digest.Kept(it) + "，如何压降？"
	case it.Bound() && a.Value != nil:
		return digest.Kept(it) + "，如何整改？"
	case it.Overdue() && it.Kind == kpi.Milestone:
		return fmt.Sprintf("期限 %s已过，何时完成？", a.Verdict.Deadline.Chinese())
	case it.Overdue() && it.Flow != "": // what a year that is over brought cannot be made up
		return fmt.Sprintf("%d年未达目标，差 %s，何故？", it.Deadline().Year, left)
	case it.Overdue():
		return fmt.Sprintf("期限 %s已过，还差 %s，何时补齐？", it.Deadline().Chinese(), left)
	case it.Light() == kpi.Fallen:
		return fmt.Sprintf("曾达到目标，现差 %s，何故回落？", left)
	case a.Required != nil:
		need := digest.Needed(it)
		if came := lately(d, it); came != nil {
			return fmt.Sprintf("%s%s，%s，差额如何补？", reported(d.AsOf()), gained(*came, figure.DifferenceUnit(unit)), need)
		}
		return need + "，如何安排？"
	case a.Left != nil && *a.Left > 0:
		return "还差 " + left + "，何时达标？"
	}
	return "何时赶上序时进度？"
}

// reported is the quarter the figures are of: 三季度; 四季度以来 where it is not over.
func reported(asOf kpi.Date) string {
	q := kpi.QuarterOf(asOf)
	if asOf != q.End() {
		return digest.QuarterName(q) + "以来"
	}
	return digest.QuarterName(q)
}

func gained(v float64, unit string) string {
	switch {
	case v > 0:
		return "增 " + figure.Quantity(&v, unit).String()
	case v < 0:
		v = -v
		return "减 " + figure.Quantity(&v, unit).String()
	}
	return "没有增加"
}

// lately is what the newest quarter brought: the difference to the quarter end
// before, or all of it in a yearly flow's first quarter; nil where that is not known.
func lately(d *digest.Digest, it digest.Item) *float64 {
	if it.At.Value == nil {
		return nil
	}
	q := kpi.QuarterOf(d.AsOf())
	if it.Kind == kpi.AnnualFlow && q.N == 1 {
		return it.At.Value
	}
	before, ok := d.Series(it.ID, it.At.Region)[q.Add(-1).End()]
	if !ok {
		return nil
	}
	diff := *it.At.Value - before
	return &diff
}
