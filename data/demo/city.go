package demo

import (
	"cmp"
	"slices"

	"citykpi/pipeline/kpi"
)

// never is the export index of something that does not happen.
const never = int8(127)

// status is what the registry says of an enterprise.
type status uint8

const (
	active status = iota
	cancelled
	revoked
	movedOut
)

// display says where an export shows the district of an enterprise.
type display uint8

const (
	byColumn  display = iota // in 所属区, and mostly in the address too
	byAddress                // only in the address
	byCode                   // only in the credit code's office
	nowhere                  // not at all: such firms take no part in anything
)

// firm is one enterprise. Exports are numbered from 0 at the first quarter end.
type firm struct {
	established day
	office      int32 // registering office inside the credit code
	first       int8  // export it is first listed in
	ends        int8  // export from which on it is not active any more
	drops       int8  // export from which on it is not listed any more
	gap         int8  // one export that leaves it out by mistake
	moves       int8  // export from which on it sits in movedTo
	renames     int8  // export from which on it has its second name
	region      uint8
	movedTo     uint8
	ending      status
	shown       display
	inPark      bool
	apart       bool // takes part in nothing but the registry
}

// city is everything that happened. It is built once by build and only read then.
type city struct {
	seed  uint64
	first kpi.Quarter
	ends  []day // quarter ends, the dates of the exports

	formerly bool // figures are those of the definitions the last quarter was closed with, see former
	scale    float64
	firms    []firm

	nameStride, nameOffset uint64
	twin                   map[int32]int32 // firms that bear another firm's name
	heir                   map[int32]int32 // firms that bear the name another had first
	bears                  map[int32]bool  // firms with a real part, never damaged in an export

	recognitions []recognition
	byFirm       map[int32][]int32 // recognitions of a firm, as indices
	mistaken     *recognition      // on a list of the last quarter, and withdrawn after that was closed
	employers    []employers       // by quarter

	placements []placement
	deputies   []deputy
	professors []professorship
	services   []service
	managers   []manager
	agreements []agreement
	contracts  []contract
	payouts    []payout
	bases      []basis
	lists      []smeList
	schools    []School
	parks      doubleHigh

	ledgers       map[string][]entry // of conversion, by look
	filesPerTopic []int              // quarters at whose end they are handed in

	heilongjiang *province

	looks map[string]*look // of its exports
	chars *charset         // they are written in
}

func (c *city) start(q int) day { return dayOf(c.quarter(q).Start()) }

func (c *city) quarter(q int) kpi.Quarter { return c.first.Add(q) }

// scaled is a count of the full-size city in a city of this size.
func (c *city) scaled(n, least int) int { return max(least, int(float64(n)*c.scale+0.5)) }

// build makes the city of o: enterprises first, then what happens to them.
func build(o Options, schools []School) *city {
	c := &city{seed: uint64(o.Seed), first: o.First, schools: schools, scale: min(1, float64(o.Enterprises)/60000),
		twin: map[int32]int32{}, heir: map[int32]int32{}, bears: map[int32]bool{}, byFirm: map[int32][]int32{},
		ledgers: map[string][]entry{}}
	for q := o.First; !q.End().After(o.Last.End()); q = q.Add(1) {
		c.ends = append(c.ends, dayOf(q.End()))
	}
	c.settle(o.Enterprises)
	c.recognise()
	c.findEmployers()
	c.announce()
	c.employ()
	c.agree()
	c.transact()
	c.cooperate()
	c.grant()
	c.convert()
	c.heilongjiang = c.buildProvince()
	c.sellAbroad()
	c.amend()
	return c
}

// settle founds the enterprises and decides their fates.
func (c *city) settle(n int) {
	r := stream(c.seed, "enterprises")
	c.nameOffset = r.next() % nameSpace()
	for c.nameStride = 1_000_003; gcd(c.nameStride, nameSpace()) != 1; c.nameStride += 2 {
	}
	c.firms = make([]firm, n)
	shares := make([]int, len(districts()))
	for i, d := range districts() {
		shares[i] = d.Firms
	}
	for e := range c.firms {
		c.firms[e] = c.found(r, shares)
	}
	c.nameTwins(r)
	c.successors(r)
}

func (c *city) found(r *rng, shares []int) firm {
	f := firm{region: uint8(draw(r, shares)), gap: never, moves: never, renames: never, ends: never, drops: never}
	last := len(c.ends) - 1
	if r.chance(880) || last == 0 {
		f.established = c.start(0) - day(20+r.n(400)+r.n(110)*r.n(110))
	} else { // founded while we watch
		q := r.between(0, last)
		f.established = c.start(q) + day(r.n(int(c.ends[q]-c.start(q))+1))
		f.first = int8(q)
		if q < last && r.chance(30) {
			f.first++ // the export was late in noticing
		}
	}
	f.office = officeFor(r, f.region)
	f.inPark = districts()[f.region].Park != "" && r.chance(280)
	if f.region == 5 && f.inPark && r.chance(500) {
		f.office = 320192
	}
	c.fate(r, &f, last)
	f.shown = shownFor(r, &f)
	f.apart = f.shown == nowhere
	return f
}

// fate decides at most one ending and, for the living, a move, a new name or a gap.
func (c *city) fate(r *rng, f *firm, last int) {
	from := int(f.first) + 2
	if from > last {
		return
	}
	switch k := r.n(1000); {
	case k < 85:
		f.ends, f.ending = int8(r.between(from, last)), cancelled
		f.drops = f.ends + 2
	case k < 115:
		f.ends, f.ending = int8(r.between(from, last)), revoked
	case k < 140:
		f.ends, f.ending = int8(r.between(from, last)), movedOut
		f.drops = f.ends + 1
	case k < 190:
		f.moves = int8(r.between(from, last))
		f.movedTo = uint8((int(f.region) + 1 + r.n(len(districts())-1)) % len(districts()))
	case k < 270:
		f.renames = int8(r.between(from, last))
	case k < 278:
		f.gap = int8(r.between(from, last))
	}
}

func officeFor(r *rng, region uint8) int32 {
	if region == jiangbei {
		return []int32{320191, 320111, 320116, 320193, 320100}[draw(r, []int{50, 18, 12, 6, 14})]
	}
	return []int32{districts()[region].Office, 320100, 320000}[draw(r, []int{91, 8, 1})]
}

// officeRegion is the district the office in a credit code speaks for, -1 for the
// city's and the province's own offices.
func officeRegion(office int32) int {
	switch office {
	case 320191, 320193:
		return jiangbei
	case 320192:
		return 5
	}
	for i, d := range districts() {
		if d.Office == office {
			return i
		}
	}
	return -1
}

func shownFor(r *rng, f *firm) display {
	switch k := r.n(1000); {
	case k < 80:
		return byAddress
	case k < 110 && officeRegion(f.office) == int(f.region) && f.moves == never:
		return byCode
	case k == 999 && officeRegion(f.office) < 0 && f.moves == never:
		return nowhere
	}
	return byColumn
}

// nameTwins gives a few firms the name of another: a list that names them without
// a code cannot be resolved.
func (c *city) nameTwins(r *rng) {
	for range c.scaled(8, 1) {
		a, b := int32(r.n(len(c.firms))), int32(r.n(len(c.firms)))
		fa, fb := &c.firms[a], &c.firms[b]
		usual := func(f *firm) bool { return !f.apart && f.gap == never && f.first == 0 && f.renames == never }
		if a == b || !usual(fa) || !usual(fb) {
			continue
		}
		fa.apart, fb.apart = true, true
		c.twin[b] = a
	}
}

// name is the enterprise's registered name at export q.
func (c *city) name(e int32, q int) string { return nameAt(c.nameNumber(e, q)) }

func (c *city) nameNumber(e int32, q int) uint64 {
	if a, ok := c.twin[e]; ok {
		e = a
	}
	if a, ok := c.heir[e]; ok {
		return (uint64(a)*c.nameStride + c.nameOffset) % nameSpace()
	}
	n := uint64(e)
	if int(c.firms[e].renames) <= q {
		n += uint64(len(c.firms)) // second names come after all first ones
		first := (uint64(e)*c.nameStride + c.nameOffset) % nameSpace()
		second := (n*c.nameStride + c.nameOffset) % nameSpace()
		words := uint64(len(stories().Trades))
		return second - second%words + first%words // a new name, the old trade
	}
	return (n*c.nameStride + c.nameOffset) % nameSpace()
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// state is what export q says of a firm.
type state struct {
	listed bool
	status status
	region int
}

func (s state) active() bool { return s.listed && s.status == active }

func (c *city) at(e int32, q int) state {
	f := &c.firms[e]
	i := int8(q)
	s := state{listed: f.first <= i && i < f.drops && i != f.gap, region: int(f.region)}
	if f.ends <= i {
		s.status = f.ending
	}
	if f.moves <= i {
		s.region = int(f.movedTo)
	}
	return s
}

// endedOn is the day the registry gives for the end of a firm.
func (c *city) endedOn(f *firm) day { return c.sinceIn(f, f.ends) }

// sinceIn is the day the registry gives for what befell a firm in the quarter of an export.
func (c *city) sinceIn(f *firm, q int8) day { return c.start(int(q)) + day(30+int(f.established)%40) }

// on is what the registry says of a firm on a day: the last export not after it, and of what
// happened since then the day that the next one gives for a founding or an end. Before the
// first export that export speaks for every day since the firm was founded.
func (c *city) on(e int32, d day) state {
	q, exact := slices.BinarySearch(c.ends, d)
	if !exact {
		q--
	}
	if q < 0 {
		if s := c.at(e, 0); c.firms[e].established <= d {
			return s
		}
		return state{}
	}
	s, f, next := c.at(e, q), &c.firms[e], q+1
	if exact || next == len(c.ends) || !c.at(e, next).listed {
		return s
	}
	switch {
	case int(f.first) == next && c.ends[q] < f.established && f.established <= d:
		return c.at(e, next)
	case int(f.ends) == next && c.endedOn(f) <= d:
		s.status = f.ending
	}
	return s
}

// settled reports whether nothing happened to a firm in quarter q that would make
// its state on a day of the quarter a matter of opinion.
func (c *city) settled(e int32, q int) bool {
	f := &c.firms[e]
	if f.apart || f.established >= c.start(q) || !c.at(e, q).listed {
		return false
	}
	if q == 0 {
		return true
	}
	return c.at(e, q) == c.at(e, q-1) && int(f.renames) != q
}

// candidates lists firms in the order in which they get a part in the story: by
// chance, but the stronger the district and the trade, the sooner. In a very large
// registry only a sample competes: the policy's firms do not multiply with it.
func (c *city) candidates() []int32 {
	type entry struct {
		e   int32
		key uint64
	}
	every := uint64(1 + len(c.firms)/200_000)
	var order []entry
	for e := range c.firms {
		f := &c.firms[e]
		h := mix(c.seed ^ mix(uint64(e)+0x5eed))
		if f.apart || h%every != 0 {
			continue
		}
		weight := uint64(districts()[f.region].Strength * tradeAt(c.nameNumber(int32(e), 0)).Strength)
		order = append(order, entry{int32(e), (h >> 24) / weight})
	}
	slices.SortFunc(order, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.e, b.e))
	})
	pool := make([]int32, len(order))
	for i, o := range order {
		pool[i] = o.e
	}
	return pool
}
