package demo

import "slices"

// moved are firms whose highest tier at a quarter end is another one than a quarter before,
// each told from what it held on the two days.
func (l *ledger) moved() {
	up, in, down, out := l.open("NJ88-007", ""), l.open("NJ88-007", "entered"), l.open("NJ88-007", "lowered"), l.open("NJ88-007", "gone")
	highest := func(e int32, s state, d day) tier {
		best := tier(0) // one above the tier, so that 0 is none
		if !s.active() {
			return best
		}
		for _, i := range l.byFirm[e] {
			if rec := l.recognitions[i]; rec.tier != champion && rec.valid(d) {
				best = max(best, rec.tier+1)
			}
		}
		return best
	}
	for e := range l.byFirm {
		before, was := tier(0), -1
		for q, end := range l.ends {
			s := l.at(e, q)
			now := highest(e, s, end)
			n, region := (*line)(nil), s.region
			switch {
			case now == before:
			case before == 0:
				n = in
			case now == 0:
				n, region = out, was
			case now > before:
				n = up
			default:
				n = down
			}
			if n != nil && q > 0 {
				for k := q; k < len(l.ends); k++ {
					n.count(region, k, 1)
				}
			}
			before, was = now, s.region
		}
	}
}

// furthered are the contracts of 300,000 元 or more between a deputy's university and the firm
// the deputy was sent to, signed within the term and registered since the document's day.
func (l *ledger) furthered() {
	contracts, amount, deputies := l.open("NJ88-021", ""), l.money("NJ88-021", "amount"), l.open("NJ88-021", "deputies")
	seen := map[string]bool{}
	for _, k := range l.lastKnown() {
		if k.on < schemeBegins || k.amount < 30_000_000 || k.buyer.firm < 0 || k.buyer.wrong {
			continue
		}
		s := l.on(k.buyer.firm, k.signed)
		if !s.active() {
			continue
		}
		for _, d := range l.deputies {
			if d.gone || d.action == voided || !d.known() || d.at.firm != k.buyer.firm || d.school.Name != k.seller.name || k.signed < d.on+termFrom || k.signed > d.on+termTo {
				continue
			}
			if !seen["contract "+k.no] {
				seen["contract "+k.no] = true
				l.onwards(contracts, s.region, k.on, 1)
				l.onwards(amount, s.region, k.on, k.amount)
			}
			if !seen["deputy "+d.no] {
				seen["deputy "+d.no] = true
				l.onwards(deputies, s.region, k.on, 1)
			}
		}
	}
}

// municipalCentres are concept-verification centres first recognised by the city after the
// opinions were issued, while they are not withdrawn.
func (l *ledger) municipalCentres() {
	n := l.open("NJGT-032", "")
	issued := calendar(2024, 9, 1)
	history := map[string][]platform{}
	for _, p := range l.parks.platforms {
		if p.kind != "concept_verification" || p.spoiled {
			continue
		}
		rows := history[p.no]
		if i := slices.IndexFunc(rows, func(o platform) bool { return o.on == p.on }); i >= 0 {
			rows[i] = p // a later row of one recognition tells its end
		} else {
			rows = append(rows, p)
		}
		history[p.no] = rows
	}
	for _, rows := range history {
		slices.SortFunc(rows, func(a, b platform) int { return int(a.on - b.on) })
		i := slices.IndexFunc(rows, func(p platform) bool { return p.level == "市级" })
		if i < 0 || rows[i].on < issued {
			continue
		}
		for q, end := range l.ends {
			for k := len(rows) - 1; k >= i; k-- {
				if p := rows[k]; p.on <= end {
					if p.off == 0 || end < p.off {
						n.count(p.district, q, 1)
					}
					break
				}
			}
		}
	}
}
