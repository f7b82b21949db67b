package demo

import "slices"

func (u njUniversity) in(*city) int { return 0 }

func (u njUniversity) row(*city) row {
	return row{rejected: len(u.school.Code) != 10, values: values{"university_code": u.school.Code, "university_name": u.school, "listed_on": u.listed,
		"reform_on": later(u.reform), "disclosure_on": later(u.disclosure), "zone_from": later(u.zoneFrom), "zone_to": later(u.zoneTo)}}
}

func (s njStreet) in(*city) int { return 0 }

func (s njStreet) row(*city) row {
	return row{values: values{"street_code": s.code, "street_name": s.name, "district": districtName(s.region), "listed_on": s.listed,
		"opened_on": later(s.opened), "closed_on": later(s.closed)}}
}

func (l njLarge) in(c *city) int { return c.handedIn(c.ends[l.q]) }

func (l njLarge) row(c *city) row {
	return row{values: values{"year": l.year, "enterprise_code": c.code(l.firm), "enterprise_name": l.name, "district": l.district}}
}

func (i njInstitution) in(c *city) int { return c.handedIn(i.filed) }

func (i njInstitution) row(*city) row {
	return row{values: values{"filing_no": i.no, "filed_on": i.filed, "revoked_on": later(i.revoked)}.of("enterprise", i.at)}.about(i.at)
}

func (f njFund) in(c *city) int { return c.handedIn(f.on) }

func (f njFund) row(*city) row {
	return row{rejected: f.paid > f.committed, values: values{"fund_no": f.no, "name": f.name, "kind": f.kind, "registered_on": f.on,
		"committed": f.committed, "paid_in": f.paid}}
}

func (i njInvestment) in(c *city) int { return c.handedIn(i.on) }

func (i njInvestment) row(c *city) row {
	return row{values: values{"investment_no": i.no, "fund_no": c.conversion.funds[i.fund].no, "project": i.project, "district": i.district,
		"invested_on": i.on, "amount": i.amount, "cooperation": i.joint, "demonstration": i.model}.of("enterprise", i.at)}
}

func (l njLicence) in(c *city) int { return c.handedIn(l.on) }

func (l njLicence) row(*city) row {
	declared := l.licensee == ""
	return row{values: values{"record_no": l.no, "kind": map[bool]string{true: "declaration", false: "licence"}[declared], "patent_no": l.patent,
		"holder_name": l.holder, "licensee_name": l.licensee, "recorded_on": l.on, "fee": blank(l.fee, declared)}}
}

func (i njIncome) in(c *city) int { return c.handedIn(i.on) }

func (i njIncome) row(*city) row {
	return row{rejected: i.reward > i.net, values: values{"distribution_no": i.no, "unit_name": i.unit, "achievement": i.achievement,
		"distributed_on": i.on, "local": i.local, "net_income": i.net, "reward": i.reward}}
}

func (e njEmpowerment) in(c *city) int { return c.handedIn(e.on) }

func (e njEmpowerment) row(*city) row {
	owned := e.years == 0
	return row{values: values{"agreement_no": e.no, "unit_name": e.unit, "achievement": e.achievement,
		"mode": map[bool]string{true: "ownership", false: "use"}[owned], "years": blank(e.years, owned), "signed_on": e.on}}
}

func (e njEntry) in(c *city) int { return c.handedIn(e.on) }

func (e njEntry) row(*city) row {
	return row{values: values{"entry_no": e.no, "kind": e.kind, "title": e.title, "owner_name": e.owner, "entered_on": e.on, "left_on": later(e.left)}}
}

func (i njIncubated) in(c *city) int { return c.handedIn(i.on) }

func (i njIncubated) row(*city) row {
	return row{values: values{"institution_name": i.institution, "manner": i.manner, "entered_on": i.on,
		"district": i.district}.of("enterprise", i.at)}.about(i.at)
}

func (a njApplication) in(c *city) int { return c.handedIn(a.on) }

func (a njApplication) row(*city) row {
	return row{values: values{"application_no": a.no, "tier": map[bool]string{true: "little_giant", false: "specialised"}[a.giant],
		"recommended_on": a.on, "district": a.district, "cooperating": a.cooperating, "joint": a.joint}.of("enterprise", a.at)}
}

func (s njSpinoff) in(c *city) int { return c.handedIn(s.on) }

func (s njSpinoff) row(*city) row {
	return row{values: values{"university_name": s.school, "enterprise_name": s.firm, "founded_on": s.on, "district": districtName(s.region)}}
}

func (a njActivity) in(c *city) int { return c.handedIn(a.on) }

func (a njActivity) row(*city) row {
	return row{rejected: a.noDate, values: values{"activity_no": a.no, "commitment_id": a.id, "name": a.name, "kind": a.kind,
		"held_on": dateOr(a.on, a.noDate), "host": a.host, "enterprises": blank(a.enterprises, a.enterprises < 0),
		"signed": blank(a.signed, a.signed < 0), "amount": blank(a.amount, a.amount < 0)}}
}

func (m njMilestone) in(c *city) int { return c.handedIn(m.on) }

func (m njMilestone) row(*city) row {
	return row{rejected: m.rank < 0, values: values{"commitment_id": m.id, "stage": m.stage, "reached_on": m.on, "evidence": m.evidence}}
}

// conversionExports are the ledgers of conversion: whole rolls, or all that happened since the files before.
func (c *city) conversionExports() []export {
	v := &c.conversion
	files := slices.Concat(filed(c, "large_industry", v.large), filed(c, "fund_investment", v.investments), filed(c, "open_licence", v.licences),
		filed(c, "empowerment", v.empowerments), filed(c, "incubated_enterprise", v.incubated), filed(c, "tier_application", v.applications),
		filed(c, "university_spinoff", v.spinoffs), filed(c, "policy_activity", v.activities))
	before := endless
	for _, q := range v.filesPerTopic {
		end := c.ends[q]
		changed := func(d day) bool { return d != 0 && c.handedIn(d) == q }
		known := filtered(v.universities, func(u njUniversity) bool { return u.listed <= end })
		known = append(known, njUniversity{school: School{Code: "413201", Name: "南京示例筹建学院"}, listed: end - 100}) // its code is too short
		funds, incomes, stages := filedIn(c, v.funds, q), filedIn(c, v.incomes, q), filedIn(c, v.milestones, q)
		if len(funds) > 0 { // more has been paid in than was promised: rejected
			funds = append(funds, njFund{no: "JJ9001", name: "南京示例" + fundConcept + "（待核）", kind: fundConcept, on: end - 5, committed: yi, paid: 2 * yi})
		}
		if len(incomes) > 0 { // gross income entered as reward: rejected
			bad := incomes[0]
			bad.no, bad.reward = bad.no+"B", bad.net+1_000_000
			incomes = append(incomes, bad)
		}
		if len(stages) > 0 { // a word the ledger does not know
			stages = append(stages, njMilestone{id: "NJGT-017", stage: "拟启动", evidence: "“编制池”试点设想", on: end, rank: -1})
		}
		files = slices.Concat(files, fileOf(c, "university_measure", q, known), fileOf(c, "service_centre", q, v.streets),
			fileOf(c, "industry_fund", q, funds), fileOf(c, "conversion_income", q, incomes), fileOf(c, "policy_progress", q, stages),
			fileOf(c, "rd_institution", q, filtered(v.institutions, func(i njInstitution) bool { return changed(i.filed) || changed(i.revoked) })),
			fileOf(c, "technology_library", q, filtered(v.entries, func(e njEntry) bool { // what entered since the file before, or left
				return e.in(c) == q || e.on <= before && e.left > before && e.left <= end
			})))
		before = end
	}
	return files
}
