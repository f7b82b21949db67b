package demo

import "slices"

// transferred are the figures of Nanjing's ledgers of conversion.
func (l *ledger) transferred() {
	l.rolls()
	l.coverage()
	l.fundsRaised()
	l.shared()
	l.hatched()
	l.officeLedgers()
	declared, taken, free := l.open("NJ88-033", ""), l.open("NJ88-033", "licences"), l.open("NJ88-033", "free")
	for _, e := range l.ledgers["open_licence"] {
		if e.kind == declaration {
			l.onwards(declared, -1, e.on, 1)
			continue
		}
		l.onwards(taken, -1, e.on, 1)
		if e.fen == 0 {
			l.onwards(free, -1, e.on, 1)
		}
	}
	results, demands := l.open("NJ88-039", "achievements"), l.open("NJ88-039", "demands")
	for _, e := range l.ledgers["technology_library"] {
		n := results
		if e.kind == "企业需求" {
			n = demands
		}
		l.standing(n, -1, e.on, e.later[0])
	}
}

// rolls are what universities brought in and which streets have a centre. Nobody is counted who is not on the roll yet.
func (l *ledger) rolls() {
	reform := l.open("NJ88-044", "")
	told, all := l.openRatio("NJGT-007")
	zones, allToo := l.openRatio("NJ88-051")
	for _, u := range l.ledgers["university_measure"] {
		l.standing(reform, -1, u.later[reformed], 0)
		l.standing(all, -1, u.on, 0)
		l.standing(allToo, -1, u.on, 0)
		if on := u.later[disclosed]; on != 0 {
			l.standing(told, -1, max(on, u.on), 0)
		}
		if on := u.later[zoneFrom]; on != 0 {
			l.standing(zones, -1, max(on, u.on), u.later[zoneTo])
		}
	}
	covered, streets := l.openRatio("NJ88-049")
	for _, s := range l.ledgers["service_centre"] {
		l.standing(covered, s.region, s.later[opened], s.later[closed])
		l.standing(streets, s.region, s.on, 0)
	}
}

// coverage counts the year's list at each quarter end and who of it has an institution that day.
func (l *ledger) coverage() {
	covered, listed := l.openRatio("NJGT-023")
	held := map[int32][]entry{}
	for _, i := range l.ledgers["rd_institution"] {
		held[i.at.firm] = append(held[i.at.firm], i)
	}
	for _, v := range l.ledgers["large_industry"] {
		for q, end := range l.ends {
			if year(end) != v.n {
				continue
			}
			listed.count(v.region, q, 1)
			if slices.ContainsFunc(held[v.at.firm], func(i entry) bool { return i.on <= end && end < lasting(i.later[0]) }) {
				covered.count(v.region, q, 1)
			}
		}
	}
}

// fundsRaised are the funds, the four that are named by the first of each, and what was invested.
func (l *ledger) fundsRaised() {
	named, paid, concept, pool := l.open("NJGT-054", ""), l.money("NJGT-054", "paid_in"), l.open("NJGT-053", ""), l.money("NJGT-047", "")
	invested, amount := l.money("NJGT-047", "invested"), l.money("NJ88-046", "")
	projects, models := l.open("NJ88-046", "projects"), l.open("NJ88-047", "")
	first := map[string]day{}
	for _, f := range l.ledgers["industry_fund"] {
		switch f.kind {
		case fundSoftware, fundPower, fundFuture, fundNetwork:
			l.onwards(paid, -1, f.on, f.fen2)
			first[f.kind] = min(lasting(first[f.kind]), f.on)
		case fundConcept:
			l.onwards(concept, -1, f.on, 1)
		case fundPool:
			l.onwards(pool, -1, f.on, f.fen2)
		}
	}
	for _, on := range first {
		if on >= measuresBegin {
			l.onwards(named, -1, on, 1)
		}
	}
	for _, i := range l.ledgers["fund_investment"] {
		switch together, model := i.yes[0], i.yes[1]; {
		case i.kind == fundPool:
			l.onwards(invested, i.region, i.on, i.fen)
		case i.kind == fundSME && together:
			l.onwards(amount, i.region, i.on, i.fen)
			l.onwards(projects, i.region, i.on, 1)
		case i.kind == fundGuided && model:
			l.onwards(models, i.region, i.on, 1)
		}
	}
}

// shared are the rewards of inventors, the terms agreed with them, and the model clauses.
func (l *ledger) shared() {
	reward, income := l.openRatio("NJGT-060")
	reward.fen, income.fen = true, true
	below := l.open("NJGT-060", "below")
	for _, v := range l.ledgers["conversion_income"] {
		if here := v.yes[0]; !here || v.on < measuresBegin {
			continue
		}
		l.onwards(reward, -1, v.on, v.fen2)
		l.onwards(income, -1, v.on, v.fen)
		if v.fen2*100 < v.fen*80 {
			l.onwards(below, -1, v.on, 1)
		}
	}
	shortest, agreed, short := l.bound("NJGT-058", ""), l.open("NJGT-058", "agreements"), l.open("NJGT-058", "short")
	for _, v := range l.ledgers["empowerment"] {
		l.onwards(agreed, -1, v.on, 1)
		if v.m < 0 {
			continue // for good
		}
		if v.m < 10 {
			l.onwards(short, -1, v.on, 1)
		}
		shortest.begins = min(shortest.begins, v.on)
		for q, end := range l.ends {
			if least := &shortest.values[0][q]; v.on <= end && (*least == 0 || int64(v.m) < *least) {
				*least = int64(v.m)
			}
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

// hatched are firms new-type institutions brought up, and firms put forward for a title.
func (l *ledger) hatched() {
	brought := l.open("NJ88-010", "")
	for _, v := range l.ledgers["incubated_enterprise"] {
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
	for _, v := range l.ledgers["tier_application"] {
		if v.yes[0] {
			l.onwards(cooperating, v.region, v.on, 1)
		}
		if v.kind == asGiant {
			l.restOfYear(giants, v.region, v.on)
			if v.yes[1] {
				l.restOfYear(joint, v.region, v.on)
			}
		}
	}
}

// officeLedgers are the activities, by the day or by the year, with what was signed at them or the money, and the milestones.
func (l *ledger) officeLedgers() {
	l.open("NJ88-036", "")
	rhythms := map[string]rhythm{}
	for _, h := range stories().Rhythms {
		rhythms[h.ID] = h
		l.open(h.ID, h.As)
		if h.Second != "" {
			l.open(h.ID, h.Second).fen = h.Amount != [2]int{}
		}
	}
	for _, a := range l.ledgers["policy_activity"] {
		if a.spoiled {
			continue
		}
		h, x := rhythms[a.id], fact{-1, a.on, 0, 1}
		if h.ByYear {
			x.until = calendar(year(a.on)+1, 1, 1)
		}
		l.hold(l.open(a.id, h.As), x)
		if h.Second != "" {
			n := l.open(a.id, h.Second)
			if x.weight = int64(a.m); n.fen {
				x.weight = a.fen
			}
			l.hold(n, x)
		}
	}
	for _, m := range stories().Milestones {
		l.reached(m.ID, l.ledgers["policy_progress"])
	}
}
