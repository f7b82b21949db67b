package warehouse

import "citykpi/pipeline/kpi"

// Recognition is data/recognition.yaml: by which rules, and at which tiers, enterprises are recognised.
type Recognition struct {
	Rules []RecognitionRule `yaml:"rules"` // national rules, the earliest first
	Tiers []RecognitionTier `yaml:"tiers"` // the lowest first: whoever holds one counts in those below it as well
}

// RecognitionRule is a set of rules. Counts on either side of a change of rules are not the same thing.
type RecognitionRule struct {
	Rule  string   `yaml:"rule"`  // what tables call it, as 2026
	Title string   `yaml:"title"` // its title, as it is published
	From  kpi.Date `yaml:"from"`  // the first day it holds, up to the day before the next one's
}

// RecognitionTier is a tier, or a title beside the tiers.
type RecognitionTier struct {
	Tier   string `yaml:"tier"`   // as the contract of the lists of recognised enterprises calls it
	Years  int    `yaml:"years"`  // how long a recognition holds, unless its list says otherwise
	Beside bool   `yaml:"beside"` // it is a title beside the tiers: whoever holds it counts in no other
}

// rows are those of core.recognition_rule and core.tier.
func (r Recognition) rows() (rules, tiers []values) {
	for i, of := range r.Rules {
		to := kpi.OpenEnd
		if i+1 < len(r.Rules) {
			to = r.Rules[i+1].From
		}
		rules = append(rules, values{"rule": of.Rule, "title": of.Title, "valid_from": of.From, "valid_to": to})
	}
	for i, of := range r.Tiers {
		var rank any
		if !of.Beside {
			rank = i + 1
		}
		tiers = append(tiers, values{"tier": of.Tier, "tier_rank": rank, "years": of.Years})
	}
	return rules, tiers
}
