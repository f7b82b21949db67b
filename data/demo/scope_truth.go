package demo

import (
	"slices"
	"strings"
)

// wholeFigures are those whose rows name no district or belong to none: meetings, universities, funds,
// city-wide lists. A district has no such figure, which is not 0. Each is a commitment, or a
// commitment and a measure.
const wholeFigures = `
	NJ88-002 NJ88-002/agreements NJ88-014 NJ88-015 NJ88-024 NJ88-026 NJ88-033 NJ88-033/licences NJ88-033/free NJ88-034
	NJ88-034/of NJ88-034/to NJ88-036 NJ88-037 NJ88-037/amount NJ88-038 NJ88-038/signed NJ88-039 NJ88-039/achievements
	NJ88-039/demands NJ88-040 NJ88-041 NJ88-042 NJ88-042/signed NJ88-043 NJ88-044 NJ88-050 NJ88-050/cases NJ88-051
	NJ88-051/of NJ88-051/to NJGT-001 NJGT-002 NJGT-004 NJGT-005/published NJGT-006 NJGT-006/entries NJGT-007 NJGT-007/of
	NJGT-007/to NJGT-008 NJGT-008/signed NJGT-009 NJGT-009/approved NJGT-010 NJGT-011 NJGT-014 NJGT-016 NJGT-017 NJGT-018
	NJGT-018/converted NJGT-020 NJGT-022 NJGT-022/approved NJGT-025 NJGT-028 NJGT-030 NJGT-030/products NJGT-031 NJGT-035
	NJGT-039 NJGT-040 NJGT-042 NJGT-042/closed NJGT-047 NJGT-048 NJGT-053 NJGT-053/lists NJGT-054 NJGT-054/paid_in
	NJGT-055 NJGT-057 NJGT-058 NJGT-058/agreements NJGT-058/short NJGT-060 NJGT-060/of NJGT-060/to NJGT-060/below NJGT-061
	NJGT-062 NJGT-062/cases NJGT-063 NJGT-064 NJGT-067 NJGT-068 NJGT-069 NJGT-070 NJSG-007 NJSG-012 NJSG-012/achievements
	NJSG-012/enterprises NJSG-012/all NJSG-013 NJSG-022 NJSG-022/named NJSG-023 NJSG-024 NJSG-024/of NJSG-024/to
	NJSG-024/published NJSG-024/taken NJSG-026 NJSG-027 NJSG-027/findings NJSG-027/universities NJSG-029 NJSG-029/matches
	NJSG-030 NJSG-030/amount NJSG-033 NJSG-035 NJSG-036 NJSG-037 NJSG-038 NJSG-038/approved NJSG-039 NJSG-039/approved
	NJSG-040 NJSG-040/amount NJSG-041 NJSG-041/of NJSG-041/to NJSG-041/empowerment NJSG-041/separate NJSG-041/exemption
	NJSG-041/pay_later NJSG-042 HLJ-005 HLJ-011 HLJ-012 HLJ-012/matched HLJ-017 HLJ-025 HLJ-025/held HLJ-029 NT-001 NT-002
	NT-003 NT-004 NT-007 NT-010`

// withoutDistricts leaves out the districts of whole figures.
func withoutDistricts(values []Value) []Value {
	whole := map[string]bool{}
	for _, f := range strings.Fields(wholeFigures) {
		whole[f] = true
	}
	return slices.DeleteFunc(values, func(v Value) bool {
		return whole[strings.TrimSuffix(v.ID+"/"+v.Measure, "/")] && !slices.Contains([]string{cityCode, provinceCode, ntCode}, v.Region)
	})
}

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
