package dashboard

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// whose is who answers for an item. Where the policy names nobody, the bureau
// whose export it is counted from is who can be asked.
func whose(d *digest.Digest, it digest.Item) string {
	if len(it.Units) == 0 {
		if bureau := reporter(d, it); bureau != "" {
			return it.Responsible() + "（" + bureau + "报送）"
		}
	}
	return it.LeadOf()
}

// reporter is the bureau of the export that is the item's own: the one that the
// fewest models read, as registers are read by most.
func reporter(d *digest.Digest, it digest.Item) string {
	bureau, fewest := "", 0
	for _, s := range submissionsOf(d, it) {
		readers := 0
		for _, sources := range d.Snapshot.Answers {
			if slices.Contains(sources, s.Source) {
				readers++
			}
		}
		if bureau == "" || readers < fewest {
			bureau, fewest = s.Bureau, readers
		}
	}
	return bureau
}

// submissionsOf are the exports an item's models read.
func submissionsOf(d *digest.Digest, it digest.Item) []kpi.Submission {
	models := []string{it.Model}
	for _, part := range []*kpi.Part{it.Of, it.To} {
		if part != nil {
			models = append(models, part.Model)
		}
	}
	var list []kpi.Submission
	for _, s := range d.Snapshot.Submissions {
		if slices.ContainsFunc(models, func(m string) bool { return slices.Contains(d.Snapshot.Answers[m], s.Source) }) {
			list = append(list, s)
		}
	}
	return list
}

// question is what to ask about an item that is off track, from its own figures:
// what is missing against what the last quarter brought.
func question(d *digest.Digest, it digest.Item) string {
	a, unit := it.At, it.UnitName()
	left := figure.Quantity(a.Left, unit).String()
	switch {
	case len(a.Missed) > 0:
		return fmt.Sprintf("应办 %d 期，缺 %d 期，最近是 %s，何时补办？", a.Due, len(a.Missed), a.Missed[len(a.Missed)-1])
	case it.Ceiling() && a.Left != nil:
		return "超出上限，如何压降？"
	case it.Overdue:
		return fmt.Sprintf("期限 %s 已过，还差 %s，何时补齐？", it.Deadline(), left)
	case a.Required != nil:
		need := "今后每季需 " + figure.Quantity(a.Required, unit).String()
		if came := lately(d, it); came != nil {
			return fmt.Sprintf("上一季%s，%s，差额如何补？", gained(*came, unit), need)
		}
		return need + "，如何安排？"
	case a.Left != nil && *a.Left > 0:
		return "还差 " + left + "，何时达标？"
	}
	return "何时赶上序时进度？"
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
