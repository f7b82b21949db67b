package demo

import "slices"

// transferred are the figures of what conversion holds.
func (l *ledger) transferred() {
	l.universityMeasures()
	l.centres()
	l.coverage()
	l.fundsRaised()
	l.licensed()
	l.shared()
	l.libraries()
	l.hatched()
	l.officeLedgers()
}

func (l *ledger) universityMeasures() {
	reform := l.open("NJ88-044", "")
	disclosed, all := l.openRatio("NJGT-007")
	zones, allToo := l.openRatio("NJ88-051")
	for _, u := range l.conversion.universities {
		onRoll := func(d day) day { // nobody is counted who is not on the roll yet
			if d == 0 {
				return 0
			}
			return max(d, u.listed)
		}
		l.standing(reform, -1, u.reform, 0)
		l.standing(disclosed, -1, onRoll(u.disclosure), 0)
		l.standing(zones, -1, onRoll(u.zoneFrom), u.zoneTo)
		l.standing(all, -1, u.listed, 0)
		l.standing(allToo, -1, u.listed, 0)
	}
}

func (l *ledger) centres() {
	covered, streets := l.openRatio("NJ88-049")
	for _, s := range l.conversion.streets {
		l.standing(covered, s.region, s.opened, s.closed)
		l.standing(streets, s.region, s.listed, 0)
	}
}

// coverage counts the year's list at each quarter end and who of it has an institution that day.
func (l *ledger) coverage() {
	covered, listed := l.openRatio("NJGT-023")
	held := map[int32][]njInstitution{}
	for _, i := range l.conversion.institutions {
		if i.at.firm >= 0 {
			held[i.at.firm] = append(held[i.at.firm], i)
		}
	}
	for _, v := range l.conversion.large {
		for q, end := range l.ends {
			if l.quarter(q).Year != v.year {
				continue
			}
			listed.count(v.region, q, 1)
			if slices.ContainsFunc(held[v.firm], func(i njInstitution) bool { return i.filed <= end && (i.revoked == 0 || end < i.revoked) }) {
				covered.count(v.region, q, 1)
			}
		}
	}
}

func (l *ledger) fundsRaised() {
	v := &l.conversion
	named, paid, concept, pool := l.open("NJGT-054", ""), l.money("NJGT-054", "paid_in"), l.open("NJGT-053", ""), l.money("NJGT-047", "")
	invested, amount := l.money("NJGT-047", "invested"), l.money("NJ88-046", "")
	projects, models := l.open("NJ88-046", "projects"), l.open("NJ88-047", "")
	for _, kind := range []string{fundSoftware, fundPower, fundFuture, fundNetwork} {
		if f, ok := v.firstOf(kind); ok && f.on >= measuresBegin {
			l.onwards(named, -1, f.on, 1)
		}
	}
	for _, f := range v.funds {
		switch f.kind {
		case fundSoftware, fundPower, fundFuture, fundNetwork:
			l.onwards(paid, -1, f.on, f.paid)
		case fundConcept:
			l.onwards(concept, -1, f.on, 1)
		case fundPool:
			l.onwards(pool, -1, f.on, f.paid)
		}
	}
	for _, i := range v.investments {
		switch kind := v.funds[i.fund].kind; {
		case kind == fundPool:
			l.onwards(invested, i.region, i.on, i.amount)
		case kind == fundSME && i.joint == "是":
			l.onwards(amount, i.region, i.on, i.amount)
			l.onwards(projects, i.region, i.on, 1)
		case kind == fundGuided && i.model == "是":
			l.onwards(models, i.region, i.on, 1)
		}
	}
}

func (l *ledger) licensed() {
	declared, taken, free := l.open("NJ88-033", ""), l.open("NJ88-033", "licences"), l.open("NJ88-033", "free")
	for _, v := range l.conversion.licences {
		switch {
		case v.licensee == "":
			l.onwards(declared, -1, v.on, 1)
			continue
		case v.fee == 0:
			l.onwards(free, -1, v.on, 1)
		}
		l.onwards(taken, -1, v.on, 1)
	}
}

// shared are the rewards of inventors, the terms agreed with them, and the model clauses.
func (l *ledger) shared() {
	reward, income := l.openRatio("NJGT-060")
	reward.fen, income.fen = true, true
	below := l.open("NJGT-060", "below")
	for _, v := range l.conversion.incomes {
		if !v.local || v.on < measuresBegin {
			continue
		}
		l.onwards(reward, -1, v.on, v.reward)
		l.onwards(income, -1, v.on, v.net)
		if v.reward*100 < v.net*80 {
			l.onwards(below, -1, v.on, 1)
		}
	}
	shortest, agreed, short := l.bound("NJGT-058", ""), l.open("NJGT-058", "agreements"), l.open("NJGT-058", "short")
	for q, end := range l.ends {
		shortest.count(-1, q, l.conversion.shortestTerm(end))
	}
	for _, v := range l.conversion.empowerments {
		if v.years > 0 {
			shortest.begins = min(shortest.begins, v.on)
		}
		l.onwards(agreed, -1, v.on, 1)
		if v.years > 0 && v.years < 10 {
			l.onwards(short, -1, v.on, 1)
		}
	}
	adopted, answered := l.openRatio("NJ88-034")
	seen := map[string]bool{}
	for _, a := range l.agreements {
		if a.at.wrong || a.guideline == "" || seen[a.no] {
			continue
		}
		seen[a.no] = true
		l.onwards(answered, -1, a.on, 1)
		if a.guideline == "是" {
			l.onwards(adopted, -1, a.on, 1)
		}
	}
}

func (l *ledger) libraries() {
	results, demands := l.open("NJ88-039", "achievements"), l.open("NJ88-039", "demands")
	for _, e := range l.conversion.entries {
		n := results
		if e.kind == "企业需求" {
			n = demands
		}
		l.standing(n, -1, e.on, e.left)
	}
}

// hatched are firms new-type institutions brought up, and firms put forward for a title.
func (l *ledger) hatched() {
	brought := l.open("NJ88-010", "")
	for _, v := range l.conversion.incubated {
		if v.at.firm < 0 {
			continue
		}
		first := day(0)
		for _, i := range l.byFirm[v.at.firm] {
			if rec := l.recognitions[i]; rec.tier != champion && (first == 0 || rec.on < first) {
				first = rec.on
			}
		}
		if first != 0 {
			l.restOfYear(brought, v.region, max(first, v.on))
		}
	}
	cooperating := l.open("NJ88-008", "")
	joint, giants := l.openRatio("NJ88-011")
	for _, v := range l.conversion.applications {
		if v.cooperating {
			l.onwards(cooperating, v.region, v.on, 1)
		}
		if v.giant {
			l.restOfYear(giants, v.region, v.on)
			if v.joint {
				l.restOfYear(joint, v.region, v.on)
			}
		}
	}
}

// njSecond are the second figures of activities: what was signed, or the money.
var njSecond = map[string]string{
	"NJ88-037": "amount", "NJ88-038": "signed", "NJ88-042": "signed", "NJ88-050": "cases",
	"NJGT-006": "entries", "NJGT-008": "signed", "NJGT-009": "approved", "NJGT-018": "converted",
	"NJGT-022": "approved", "NJGT-030": "products", "NJGT-042": "closed", "NJGT-062": "cases",
}

// officeLedgers are the activities, by the day, and the milestones.
func (l *ledger) officeLedgers() {
	counts, seconds := map[string]*line{"NJ88-036": l.open("NJ88-036", "")}, map[string]*line{}
	for _, h := range njRhythms {
		counts[h.id] = l.open(h.id, map[string]string{"NJGT-005": "published", "NJGT-053": "lists"}[h.id])
		if measure, ok := njSecond[h.id]; ok {
			seconds[h.id] = l.open(h.id, measure)
			seconds[h.id].fen = h.amount != [2]int{}
		}
	}
	yearly := map[string]bool{"NJ88-050": true, "NJGT-028": true}
	add := func(n *line, id string, on day, weight int64) {
		x := fact{-1, on, 0, weight}
		if yearly[id] {
			x.until = calendar(year(on)+1, 1, 1)
		}
		l.hold(n, x)
	}
	for _, a := range l.conversion.activities {
		if a.noDate {
			continue
		}
		add(counts[a.id], a.id, a.on, 1)
		switch {
		case seconds[a.id] == nil:
		case seconds[a.id].fen:
			add(seconds[a.id], a.id, a.on, a.amount)
		default:
			add(seconds[a.id], a.id, a.on, int64(a.signed))
		}
	}
	for _, m := range njStages {
		n := l.open(m.id, "")
		for q, end := range l.ends {
			reached := int64(0)
			for _, v := range l.conversion.milestones {
				if v.id == m.id && v.on <= end {
					reached = max(reached, v.rank)
				}
			}
			n.count(-1, q, reached)
		}
	}
}
