package demo

// conversionLedgers are those of Nanjing's two documents on transferring results.
var conversionLedgers = []entryLedger{
	{look: "university_measure", says: "no name on later0 later1 later2 later3"},
	{look: "service_centre", says: "no name district on later0 later1"},
	{look: "large_industry", says: "n code firm district"},
	{look: "rd_institution", says: "no on later0 firm code", names: true},
	{look: "industry_fund", says: "no name kind on fen fen2"},
	{look: "fund_investment", says: "no host name district on fen yes0 yes1 firm code"},
	{look: "open_licence", says: "no kind name host firm on fen"},
	{look: "conversion_income", says: "no host name on yes0 fen fen2"},
	{look: "empowerment", says: "no host name kind m on"},
	{look: "technology_library", says: "no kind name host on later0"},
	{look: "incubated_enterprise", says: "host kind on district firm code", names: true},
	{look: "tier_application", says: "no kind on district yes0 yes1 firm code"},
	{look: "university_spinoff", says: "host firm on district"},
	{look: "policy_activity", says: "no id name kind on host n m fen"},
	{look: "policy_progress", says: "id kind on name"},
}

// doubleHighLedgers are those of the “双高协同” plan that are filed quarter by quarter.
var doubleHighLedgers = []entryLedger{
	{look: "software_revenue", says: "district on fen n"},
	{look: "industry_cluster", says: "name kind district on n fen"},
	{look: "deeds", says: "no id name kind on m fen"},
	{look: "stages", says: "id kind on name"},
}

// conversionExports are the ledgers of conversion: whole rolls, or all that began or ended since the files before.
func (c *city) conversionExports() []export {
	var files []export
	for _, q := range c.filesPerTopic {
		for _, l := range conversionLedgers {
			entries := filtered(c.ledgers[l.look], func(e entry) bool {
				if l.look == "university_measure" || l.look == "service_centre" {
					return e.on <= c.ends[q]
				}
				return c.handedIn(e.on) == q || e.later[0] != 0 && c.handedIn(e.later[0]) == q
			})
			files = append(files, fileOf(c, l.look, q, l.lines(c.withRejected(l.look, q, entries)))...)
		}
	}
	return files
}

// withRejected adds an entry that its contract does not take.
func (c *city) withRejected(ledger string, q int, entries []entry) []entry {
	end := c.ends[q]
	switch {
	case ledger == "university_measure": // its code is too short
		return append(entries, entry{no: "413201", name: "南京示例筹建学院", on: end - 100, bad: true})
	case len(entries) == 0:
	case ledger == "industry_fund": // more has been paid in than was promised
		name := "南京示例" + fundConcept + "（待核）"
		return append(entries, entry{no: "JJ9001", name: name, kind: fundConcept, on: end - 5, fen: yi, fen2: 2 * yi, bad: true})
	case ledger == "conversion_income": // gross income entered as reward
		e := entries[0]
		e.no, e.fen2, e.bad = e.no+"B", e.fen+1_000_000, true
		return append(entries, e)
	case ledger == "policy_progress": // a word the ledger does not know
		return append(entries, entry{id: "NJGT-017", kind: "拟启动", name: "“编制池”试点设想", on: end, bad: true})
	}
	return entries
}
