package kpi

import "strings"

// Own is the snapshot of the release's own jurisdiction: what other jurisdictions' documents
// promise, who files for them and what is wrong with it is left out. s stays as it is.
func (s *Snapshot) Own() *Snapshot {
	own := *s
	here := map[string]bool{s.Region.Code: true}
	for _, r := range s.Districts {
		here[r.Code] = true
	}
	for grown := true; grown; { // a region may stand before its parent
		grown = false
		for _, r := range s.Regions {
			if !here[r.Code] && here[r.Parent] && r.Parent != "" {
				here[r.Code], grown = true, true
			}
		}
	}
	ours := map[string]bool{}
	own.Documents = keep(s.Documents, func(d Document) bool {
		if d.Region != "" && d.Region != s.Region.Code {
			return false
		}
		for _, list := range [][]Commitment{d.Commitments, d.Indicators} {
			for _, c := range list {
				ours[c.ID] = true
			}
		}
		return true
	})
	others := map[string]bool{} // sources
	own.Submissions = keep(s.Submissions, func(sub Submission) bool {
		others[sub.Source] = sub.Region != "" && sub.Region != s.Region.Code
		return !others[sub.Source]
	})
	own.Regions = keep(s.Regions, func(r Region) bool { return here[r.Code] })
	own.Attainments = keep(s.Attainments, func(a Attainment) bool { return ours[a.ID] })
	own.Restated = keep(s.Restated, func(r Restatement) bool { return ours[r.ID] })
	own.Scorecards = keep(s.Scorecards, func(r ScorecardResult) bool { return here[r.Region] })
	own.Findings = keep(s.Findings, func(f AwardFinding) bool { return here[f.Region] })
	own.Calendar = keep(s.Calendar, func(r CalendarRow) bool { return !others[r.Source] })
	own.Held = keep(s.Held, func(h Held) bool { return !others[h.Source] })
	own.Checks = keep(s.Checks, func(c Check) bool {
		rest, of := strings.CutPrefix(c.Name, "lake.")
		source, _, _ := strings.Cut(rest, ":")
		source, _, _ = strings.Cut(source, ".")
		return !of || !others[source]
	})
	return &own
}

// keep is the elements that are wanted, in a list of its own; nil of none.
func keep[T any](list []T, wanted func(T) bool) []T {
	var kept []T
	for _, v := range list {
		if wanted(v) {
			kept = append(kept, v)
		}
	}
	return kept
}
