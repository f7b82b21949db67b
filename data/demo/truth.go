package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
)

// Truth is truth.json, in its order: what the pipeline must find in the files.
type Truth struct {
	Values        []Value         `json:"values"`     // of the commitments
	Measures      []Value         `json:"measures"`   // second figures of the commitments
	Indicators    []Value         `json:"indicators"` // watched without a promise
	Files         []FileTruth     `json:"files"`
	Rejects       []FileRows      `json:"rejects"`        // files with rows that break their contract
	Unmatched     []Unmatched     `json:"unmatched"`      // accepted rows, each key once, whose enterprise nobody can tell
	Loaded        []FileRows      `json:"loaded"`         // accepted rows, those with a key of before included
	Names         []FileNames     `json:"names"`          // accepted rows that name an enterprise without a good credit code
	Corrections   []Correction    `json:"corrections"`    // rows that withdraw or replace others
	Restatements  []Restated      `json:"restatements"`   // of the last quarter, closed before what came late
	AwardFindings []AwardFinding  `json:"award_findings"` // what the audit of payouts must find, and nothing else
	Budgets       []Budget        `json:"budgets"`        // of the last export's year, and what was paid of them
	Awaited       []Awaited       `json:"awaited"`        // deadlines that have passed and of which nobody has filed
	Verdicts      []Verdict       `json:"verdicts"`       // of what was due before the last day
	Subjects      []SubjectPeriod `json:"subjects"`       // of what every one of several must do
	Obligations   []Obligation    `json:"obligations"`    // of what is due again and again, by the province's ledgers
	Filings       []Filing        `json:"filings"`        // how bureaus kept to the last periods of their sources
	Unjustified   []Unjustified   `json:"unjustified"`    // points of experts without a reason
	Adjusted      []Adjusted      `json:"adjusted"`       // and those that count for one
	Scorecards    []Scorecard     `json:"scorecards"`     // of 南通's consortia, by year
}

// sorted puts every figure where truth.json has it.
func sorted(values []Value) Truth {
	var t Truth
	for _, v := range values {
		switch {
		case v.Measure != "":
			t.Measures = append(t.Measures, v)
		case strings.HasPrefix(v.ID, "NJ-"):
			t.Indicators = append(t.Indicators, v)
		default:
			t.Values = append(t.Values, v)
		}
	}
	return t
}

// All lists the figures of commitments, their measures and the indicators.
func (t Truth) All() []Value { return slices.Concat(t.Values, t.Measures, t.Indicators) }

// Value is one figure of a commitment or indicator.
type Value struct {
	ID      string   `json:"id"`
	Measure string   `json:"measure,omitempty"` // absent: the main figure
	Region  string   `json:"region_code"`
	AsOf    kpi.Date `json:"as_of"`
	Value   float64  `json:"value"` // 元 for amounts, exact to the fen
}

// at is which figure it is.
func (v Value) at() Value { return Value{ID: v.ID, Measure: v.Measure, Region: v.Region, AsOf: v.AsOf} }

// FileTruth is what must become of one file's rows: Rows are those below the header
// without footers; Rejected of them break the contract, Repeated have the key of an
// earlier accepted row of the file.
type FileTruth struct {
	File      string `json:"file"` // below var/inbox
	Source    string `json:"source"`
	Rows      int    `json:"rows"`
	Rejected  int    `json:"rejected"`
	Repeated  int    `json:"repeated"`
	Footers   int    `json:"footers"`
	Unmatched int    `json:"-"`

	DataDate kpi.Date `json:"data_date"`
	Arrives  kpi.Date `json:"arrives"` // the day the office takes it in

	names []Named
	late  bool // it comes after the last quarter was closed
}

// FileRows is a count of rows of one file.
type FileRows struct {
	File string `json:"file"`
	Rows int    `json:"rows"`
}

// Unmatched is a count of rows of one source.
type Unmatched struct {
	Source string `json:"source"`
	Rows   int    `json:"rows"`
}

// values computes the figures of every KPI from the city's events.
func (c *city) values() []Value {
	l := c.ledger()
	l.tiers()
	l.everRecognised()
	l.persons()
	l.certified()
	l.signed()
	l.sums()
	l.transferred()
	l.paidUnder()
	l.doubleHigh()
	l.moved()
	l.furthered()
	province := *c.heilongjiang
	province.city = c // which may be another than it was made with
	return withoutDistricts(slices.Concat(inOrder(l.list()), inOrder(c.consortiumValues()), province.values()))
}

// ledger is one of the city's own figures.
func (c *city) ledger() *ledger {
	l := &ledger{city: c, ends: c.ends, regions: []string{cityCode}}
	for _, d := range districts() {
		l.regions = append(l.regions, d.Code)
	}
	return l
}

// inOrder sorts figures by commitment, measure, region and date.
func inOrder(values []Value) []Value {
	slices.SortFunc(values, func(a, b Value) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Region, b.Region), a.AsOf.Compare(b.AsOf))
	})
	return values
}

// backlogs are the sums of a year whose ledgers are first filed when what they tell of is long past.
var backlogs = map[string]string{
	"HLJ-016": "technology_sme", "NJ88-010": "incubated_enterprise",
	"NJ88-011": "tier_application", "NJ88-050": "policy_activity", "NJGT-028": "policy_activity",
}

// sinceFiled leaves out what nobody knows: such sums before their ledgers were filed, and before the first
// of what those tell.
func sinceFiled(values []Value, files []FileTruth) []Value {
	begun := map[string]kpi.Date{}
	earliest := func(of string, on kpi.Date) {
		if first, ok := begun[of]; !ok || on.Before(first) {
			begun[of] = on
		}
	}
	for _, v := range values {
		if v.Value != 0 {
			earliest(v.ID+" "+v.Measure, v.AsOf)
		}
	}
	for _, f := range files {
		for id, source := range backlogs {
			if f.Source == source {
				for _, measure := range []string{"", "of", "to", "cases", "events", "funding"} {
					earliest(id+" "+measure, f.DataDate)
				}
			}
		}
	}
	return slices.DeleteFunc(values, func(v Value) bool {
		first, told := begun[v.ID+" "+v.Measure]
		return backlogs[v.ID] != "" && told && v.AsOf.Before(first)
	})
}

var tierIDs = [tierCount]string{innovative: "NJ88-003", specialised: "NJ88-004", littleGiant: "NJ88-005", champion: "NJ88-006"}

// tiers are the stocks: firms active at a quarter end with a recognition valid that
// day, nested, and apart from that by their highest tier.
func (l *ledger) tiers() {
	var nested, only [tierCount]*line
	for t := range tierCount {
		nested[t] = l.open(tierIDs[t], "")
		if t != champion {
			only[t] = l.open(tierIDs[t], "exclusive")
		}
	}
	for e, list := range l.byFirm {
		for q, end := range l.ends {
			s := l.on(e, end)
			if !s.active() {
				continue
			}
			var held [tierCount]bool
			for _, i := range list {
				if rec := l.recognitions[i]; rec.valid(end) {
					held[rec.tier] = true
				}
			}
			if held[champion] {
				nested[champion].count(s.region, q, 1)
			}
			highest := -1
			for t := innovative; t < champion; t++ {
				if held[t] {
					highest = int(t)
				}
			}
			if highest >= 0 {
				only[highest].count(s.region, q, 1)
			}
			for t := range highest + 1 {
				nested[t].count(s.region, q, 1)
			}
		}
	}
}

// everRecognised counts firms from the day of their first recognition at exactly a
// tier, in the district they were in then, whatever became of them.
func (l *ledger) everRecognised() {
	var ever [tierCount]*line
	for t := range tierCount {
		ever[t] = l.open(tierIDs[t], "ever")
	}
	for e, list := range l.byFirm {
		var first [tierCount]day
		for _, i := range list {
			if rec := l.recognitions[i]; first[rec.tier] == 0 || rec.on < first[rec.tier] {
				first[rec.tier] = rec.on
			}
		}
		for t, on := range first {
			if on != 0 {
				l.onwards(ever[t], l.on(e, on).region, on, 1)
			}
		}
	}
}

// happening is an event that counts, for counting persons once a year.
type happening struct {
	person string
	on     day
	region int
}

// oncePerYear counts each person at the first event of each year.
func (l *ledger) oncePerYear(n *line, events []happening) {
	slices.SortStableFunc(events, func(a, b happening) int { return cmp.Compare(a.on, b.on) })
	seen := map[string]bool{}
	for _, v := range events {
		if k := fmt.Sprint(v.person, " ", year(v.on)); !seen[k] {
			seen[k] = true
			l.restOfYear(n, v.region, v.on)
		}
	}
}

// inCity is the happening of an event whose firm is registered and active on the day;
// with tier, it must also hold a specialised or little-giant recognition then.
func (l *ledger) inCity(v event, tier bool) (happening, bool) {
	if !v.known() {
		return happening{}, false
	}
	s := l.on(v.at.firm, v.on)
	if !s.active() || tier && !l.recognised(v.at.firm, v.on) {
		return happening{}, false
	}
	return happening{v.no, v.on, s.region}, true
}

// counted are the happenings of events, of those at firms with a title alone where that is asked.
func counted[T any](l *ledger, events []T, titled bool, of func(T) event, keep func(T) bool) []happening {
	var list []happening
	for _, v := range events {
		if h, ok := l.inCity(of(v), titled); ok && keep(v) {
			list = append(list, h)
		}
	}
	return list
}

func (l *ledger) persons() {
	deputy := func(renewed bool) []happening {
		return counted(l, l.deputies, false, func(v deputy) event { return v.event }, func(v deputy) bool {
			return !v.gone && v.action != voided && (v.renewal == "是") == renewed
		})
	}
	served := func(titled bool) []happening {
		return counted(l, l.services, titled, func(v service) event { return v.event }, func(v service) bool { return v.role != otherRole })
	}
	l.oncePerYear(l.open("NJ88-028", ""), counted(l, l.placements, true, func(v placement) event { return v.event },
		func(v placement) bool { return v.school.City && v.school.Kind == vocationalSchool }))
	l.oncePerYear(l.open("NJ88-020", ""), deputy(false))
	l.oncePerYear(l.open("NJ88-022", ""), counted(l, l.professors, true, func(v professorship) event { return v.event },
		func(professorship) bool { return true }))
	l.oncePerYear(l.open("NJ88-025", ""), served(true))
	l.oncePerYear(l.open("NJ88-025", "any_firm"), served(false))
	for n, list := range map[*line][]happening{l.open("NJ88-020", "renewals"): deputy(true), l.open("NJ88-025", "visits"): served(true)} {
		for _, h := range list {
			l.restOfYear(n, h.region, h.on)
		}
	}
}

// schemeBegins is the day of 宁政发〔2022〕88号: what its cumulative commitments count
// happened since.
var schemeBegins = calendar(2022, 9, 1)

// certified counts technology managers from their first certificate on.
func (l *ledger) certified() {
	n := l.open("NJ88-023", "")
	list := slices.Clone(l.managers)
	slices.SortStableFunc(list, func(a, b manager) int { return cmp.Compare(a.on, b.on) })
	seen := map[string]bool{}
	for _, m := range list {
		if !m.noDate && !seen[m.no] {
			seen[m.no] = true
			if m.on >= schemeBegins {
				l.onwards(n, m.region, m.on, 1)
			}
		}
	}
}

// signed are the agreements: firms by their first agreement signed while recognised,
// universities and agreements by their first day.
func (l *ledger) signed() {
	firms, universities, agreements := l.open("NJ88-001", ""), l.open("NJ88-002", ""), l.open("NJ88-002", "agreements")
	list := slices.Clone(l.agreements)
	slices.SortStableFunc(list, func(a, b agreement) int { return cmp.Compare(a.on, b.on) })
	seenFirm, seen := map[int32]bool{}, map[string]bool{}
	for _, a := range list {
		if a.on < schemeBegins {
			continue
		}
		if l.agrees(a) && !seenFirm[a.at.firm] {
			seenFirm[a.at.firm] = true
			l.onwards(firms, l.on(a.at.firm, a.on).region, a.on, 1)
		}
		if a.at.wrong {
			continue
		}
		if !seen[a.school.Code] {
			seen[a.school.Code] = true
			l.onwards(universities, -1, a.on, 1)
		}
		if !seen[a.no] {
			seen[a.no] = true
			l.onwards(agreements, -1, a.on, 1)
		}
	}
}

// sums are the quarters' contracts and payouts. Of a contract number the row known
// last counts; rows whose technical part exceeds the whole were never accepted.
func (l *ledger) sums() {
	amount, technical, number, paid := l.money("NJ-TC01", ""), l.money("NJ-TC02", ""), l.open("NJ-TC03", ""), l.money("NJ-AP01", "")
	for _, k := range l.lastKnown() {
		q := l.quarterOf(k.on)
		amount.count(k.region, q, k.amount)
		technical.count(k.region, q, k.technical)
		number.count(k.region, q, 1)
	}
	for _, p := range l.payouts {
		paid.count(p.region, l.quarterOf(p.on), p.amount)
	}
}

// lastKnown are the contracts that were accepted, each as the row known last has it.
func (c *city) lastKnown() []contract {
	last := map[string]int{}
	for i, k := range c.contracts {
		if k.rejected() {
			continue
		}
		if j, ok := last[k.no]; !ok || c.contracts[j].listed <= k.listed {
			last[k.no] = i
		}
	}
	list := make([]contract, 0, len(last))
	for i, k := range c.contracts {
		if j, ok := last[k.no]; ok && i == j {
			list = append(list, k)
		}
	}
	return list
}

func (c *city) quarterOf(d day) int {
	q, _ := slices.BinarySearch(c.ends, d)
	return q
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
			sold := d.at.firm == k.buyer.firm && d.school.Name == k.seller.name && d.on+termFrom <= k.signed && k.signed <= d.on+termTo
			if d.gone || d.action == voided || !d.known() || !sold {
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
