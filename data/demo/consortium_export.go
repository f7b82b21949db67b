package demo

import (
	"cmp"
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

func (k *consortium) row(*city) row {
	return row{values: values{"consortium_no": k.No, "consortium_name": k.name, "industry": k.Industry, "leader_name": k.leading(),
		"company_name": k.company, "company_code": k.code, "company_founded_on": k.on - 60, "company_closed_on": later(k.shut),
		"recognised_on": k.on, "revoked_on": later(k.gone), "district": stories().NTDistricts[k.District].Name}}
}

// leading is the firm that leads it.
func (k *consortium) leading() string { return "南通" + k.Leader + "股份有限公司" }

// row is a firm of a consortium, or a person of its committee.
func (v membership) row(*city) row {
	return row{rejected: v.spoiled, values: values{"consortium_no": v.of.No, "member_name": v.name, "member_code": v.no,
		"role": map[bool]string{true: "龙头企业", false: "成员企业"}[v.leader], "has_centre": v.centre, "joined_on": v.joined,
		"left_on": later(v.left), "expert_no": v.no, "expert_name": v.name, "appointed_on": v.joined, "ended_on": later(v.left)}}
}

func (v teamExpert) row(c *city) row {
	line := v.membership.row(c)
	line.values["team_no"], line.values["university_name"], line.values["well_known"] = v.team, v.university, v.known
	return line
}

func (v cooperation) row(*city) row {
	return row{values: values{"contract_no": v.no, "consortium_no": v.of.No, "project": v.project, "kind": contractKinds[v.kind],
		"enterprise_name": v.of.leading(), "university_name": "示例理工大学", "signed_on": v.signed, "filed_on": later(v.filed),
		"amount": v.amount, "fee": v.fee}}
}

// payment is that of a contract.
type payment cooperation

func (v payment) row(*city) row {
	return row{values: values{"payment_no": "ZF" + v.no, "contract_no": v.no, "paid_on": v.paid, "amount": v.pay}}
}

func (v proof) row(*city) row {
	return row{rejected: v.spoiled, values: values{"evidence_no": v.no, "consortium_no": v.of.No, "year": v.year, "kind": v.kind,
		"subject": v.subject, "name": v.name, "quantity": v.quantity,
		"amount": blank(v.amount, v.amount < 0), "on_date": dateOr(v.on, v.spoiled)}}
}

func (g grant) in(c *city) int { return c.quarterOf(g.on) }

func (g grant) row(*city) row {
	return row{values: values{"payment_no": g.no, "consortium_no": g.of.No, "year": g.year, "paid_on": g.on, "amount": g.amount}}
}

// verdict is a line of the experts' table.
type verdict struct {
	of     *consortium
	year   int
	item   string
	on     day
	points string
	reason string
}

func (v verdict) row(*city) row {
	return row{values: values{"consortium_no": v.of.No, "year": v.year, "item": v.item, "evaluated_on": v.on,
		"points": v.points, "reason": v.reason}}
}

// yearList is a list of a year, as it stood at its end.
func yearList[T told](c *city, name string, year int, things []T) export {
	k := c.looks[name]
	return sheet(c, k, fmt.Sprintf("%s_%d", k.Path, year), kpi.YearEnd(year), k.form(c, 0, year), things)
}

// consortiumExports are 南通's files: every list once a year, as it stood at the
// year's end; subsidies in the quarter they were paid.
func (c *city) consortiumExports() []export {
	m := c.consortia()
	files := filed(c, "consortium_subsidy", m.grants)
	for _, y := range m.years {
		end := dayOf(kpi.YearEnd(y))
		joined := func(v membership) bool { return v.of.on <= end && year(v.joined) <= y }
		var firms, committees []membership
		var experts []teamExpert
		for _, k := range m.all {
			firms, committees = append(firms, filtered(k.members, joined)...), append(committees, filtered(k.committee, joined)...)
			experts = append(experts, filtered(k.teams, func(v teamExpert) bool { return joined(v.membership) })...)
		}
		bad := m.all[0].members[0] // its code does not check
		bad.name, bad.no, bad.leader, bad.spoiled = "南通示例试加盟有限公司", wrongCheck(bad.no), false, true
		var payments []payment
		for _, v := range m.contracts {
			if year(v.paid) == y {
				payments = append(payments, payment(v))
			}
		}
		if known := filtered(m.all, func(k *consortium) bool { return k.on <= end }); len(known) > 0 {
			files = append(files, yearList(c, "consortium", y, known))
		}
		files = append(files, yearList(c, "consortium_member", y, append(firms, bad)), yearList(c, "consortium_team", y, experts),
			yearList(c, "consortium_committee", y, committees), yearList(c, "consortium_payment", y, payments),
			yearList(c, "consortium_contract", y, filtered(m.contracts, func(v cooperation) bool {
				return year(v.signed) == y || year(v.signed) == y-1 && v.filed > end-366
			})),
			yearList(c, "consortium_evidence", y, filtered(m.proofs, func(v proof) bool { return v.year == y })),
			yearList(c, "consortium_review", y, m.verdicts(y)))
	}
	return files
}

func year(d day) int { return d.date().Year }

func (m *consortia) verdicts(y int) []verdict {
	var list []verdict
	for _, k := range m.all {
		if on, ok := k.reviews[y]; ok {
			list = append(list, verdict{of: k, year: y, item: "总评", on: on})
		}
	}
	m.words(func(k *consortium, year int, item string, w ntWord) {
		if year == y {
			list = append(list, verdict{k, y, "NT-" + item, k.reviews[y], yuan(int64(w.Points), 2), w.Reason})
		}
	})
	slices.SortStableFunc(list, func(a, b verdict) int { return cmp.Compare(a.of.No, b.of.No) })
	return list
}
