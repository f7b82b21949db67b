package digest

import (
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
)

// Unnamed stands where a document names no responsible unit.
const Unnamed = "文中未列"

// Owner is who answers for an item: as narrow columns have it, and in full.
type Owner struct{ Short, Full string }

// Owner is the lead unit. Where the policy names nobody, the bureau whose export the
// item is counted from is who can be asked.
func (d *Digest) Owner(it Item) Owner {
	if len(it.Units) > 0 {
		return Owner{it.LeadOf(), it.Responsible()}
	}
	if bureau := d.Reporter(it); bureau != "" {
		return Owner{bureau + "（报送）", Unnamed + "责任单位，由" + bureau + "报送"}
	}
	return Owner{Unnamed, Unnamed + "责任单位"}
}

// Reporter is the bureau of the export that is the item's own: the one that the
// fewest models read, as registers are read by most; "" where no export answers it.
func (d *Digest) Reporter(it Item) string {
	bureau, fewest := "", 0
	for _, s := range d.SubmissionsOf(it) {
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

// SubmissionsOf are the exports an item's models read.
func (d *Digest) SubmissionsOf(it Item) []kpi.Submission {
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

// LeadOf is the lead unit and how many stand behind it: 市科技局等 9 家.
func (it Item) LeadOf() string {
	if len(it.Units) < 3 {
		return it.Responsible()
	}
	return fmt.Sprintf("%s等 %d 家", it.Units[0], len(it.Units))
}

// Responsible is every responsible unit, lead first.
func (it Item) Responsible() string {
	if len(it.Units) == 0 {
		return Unnamed
	}
	return strings.Join(it.Units, "、")
}
