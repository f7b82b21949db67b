package kpi

import (
	"fmt"
	"math"
)

// Attainment is how one commitment stands in one region on one date.
// Pointers are nil where the figure does not exist; rates are in percent,
// gaps in percentage points, amounts in the commitment's unit.
type Attainment struct {
	ID       string
	Region   string
	AsOf     Date
	Value    *float64
	Also     map[string]*float64 // by measure
	Rate     *float64            // 完成率: value / target
	Time     *float64            // 序时进度
	Gap      *float64            // 偏差: Rate - Time
	Due      int                 // of an obligation: periods that have ended since the document was issued, and are known
	Missed   []string            // those of them in which nothing was done: 2025年第三季度, 2025年上半年, 2025年
	Unknown  []string            // periods of which nothing was filed, and nobody knows what was in them
	Members  *EachPeriod         // of a share of several: who is in it on the day, and who is not
	Filed    *EachPeriod         // of what each district files: up to which day, and who has not
	Newest   *EachPeriod         // of what every one of several must do: the newest period that is due
	Periods  []EachPeriod        // and all that are, the oldest first
	Left     *float64            // 还差: target - value, never below 0
	Required *float64            // per quarter, to reach the target in time
	Forecast *float64            // at the deadline
	Method   string              // how Forecast was made, in Chinese
	Quarter  *Change             // 环比
	Year     *Change             // 同比
	Rank     int                 // among the region's siblings, 1 is best; 0: not ranked
	RankMove int                 // places gained since the quarter before
	Verdict  *Verdict            // once the deadline has passed; nil: nothing fell due yet
	Awaits   Date                // a deadline that has passed, and that the data do not reach: nothing is judged by it yet
	Years    []Verdict           // of a yearly target: the years that are over, the oldest first
	Given    []Given             // by closings, on days that are judged otherwise now, the earliest first
	Light    Light
	Cover    Cover
	Data     Date // the figure's own data date: the day up to which what it counts is known
	Source   SourceStatus
	Whole    bool   // 不分区: the figure is the jurisdiction's alone, and this is one of its districts
	Carried  Date   // the data date the figure is carried forward from; zero: it is current
	Lacks    []Lack // what it needs and was never filed, or of what is carried forward, not up to its date
}

// Change is a difference and, where the base is not 0, its percentage.
type Change struct {
	Diff    float64
	Percent *float64
}

func change(now, then *float64) *Change {
	if now == nil || then == nil {
		return nil
	}
	c := &Change{Diff: *now - *then}
	if *then != 0 {
		c.Percent = ptr(c.Diff / *then * 100)
	}
	return c
}

func ptr(f float64) *float64 { return &f }

// TimeProgress is 序时进度 in percent: completed months of the year for a yearly
// target, only whole periods of its rhythm where it has one (a yearly batch is
// late when the year is over, not before), elapsed over total months from the
// month of issue to the deadline otherwise. ok is false where there is no
// deadline to progress to.
func TimeProgress(t Target, issued, asOf Date) (percent float64, ok bool) {
	from, to := issued, t.By
	if t.Per == "year" {
		from, to = Date{asOf.Year, 1, 1}, YearEnd(asOf.Year)
	}
	if to.IsZero() {
		return 0, false
	}
	total := monthIndex(to) - monthIndex(from) + 1
	elapsed := monthIndex(asOf) - monthIndex(from)
	if asOf == asOf.MonthEnd() {
		elapsed++ // a month counts once it is complete
	}
	if months := Rhythms[t.Every]; months > 0 {
		elapsed -= elapsed % months
	}
	return min(100, max(0, float64(100*elapsed)/float64(total))), true
}

func monthIndex(d Date) int { return d.Year*12 + int(d.Month) - 1 }

// Judge is the light of a value against its target and pace.
func (th Thresholds) Judge(c Commitment, asOf Date, value, gap *float64) Light {
	switch {
	case value == nil:
		return NoData
	case c.Target == nil:
		return NoLight
	case c.Target.Per == "year" && asOf.Year < c.Target.FirstFullYear:
		return NoLight
	}
	v := *value
	switch t := c.Target; t.Comparator() {
	case "<=":
		switch {
		case v <= t.Value():
			return Green
		case c.Expected:
			return Orange // 原则上, 一般: told, never red
		}
		return Red
	case "between":
		if v > t.Between[1] && c.Kind == Constraint {
			return Red // of a number to reach, more than the range is no fault
		}
	}
	bound := c.Kind == Constraint || c.Target.Bound
	switch {
	case c.Target.Reached(v) && bound:
		return Green // it holds, and must go on to: nothing is completed
	case c.Target.Reached(v):
		return Met
	}
	if gap == nil && bound {
		return Red // a bound that must hold has no pace to make up
	}
	if gap == nil {
		return NoLight
	}
	return th.light(*gap, c.Expected)
}

// Attain computes how commitment c of doc stands in region on asOf, from the
// values of its lines and how their rows are filed. Targets are the jurisdiction's:
// below it only values, changes and ranks are given.
func Attain(doc Document, c Commitment, region string, asOf Date, s Series, cover Cover, th Thresholds) Attainment {
	key := Key{ID: c.ID, Region: region}
	a := Attainment{ID: c.ID, Region: region, AsOf: asOf, Value: s.At(key, asOf), Light: NoLight, Cover: cover, Data: cover.known(asOf)}
	if c.Flow != "" && c.Target != nil && a.Data.After(c.Target.By) {
		a.Data = c.Target.By
	}
	for _, m := range c.Also {
		if a.Also == nil {
			a.Also = map[string]*float64{}
		}
		a.Also[m.Name] = s.At(Key{c.ID, m.Name, region}, asOf)
	}
	a.changes(c, s)
	if region != doc.Region {
		if a.Value == nil {
			a.Light = NoData
		}
		return a
	}
	switch c.Kind {
	case Milestone:
		a.Light = stageLight(c.Target, a.Value)
		a.conclude(c, s)
		return a
	case Obligation:
		a.obligation(doc, c, s, th)
		return a
	case Constraint:
		if c.Each != "" { // it binds each of them, not what they have together: see JudgeEach
			if a.Value == nil {
				a.Light = NoData
			}
			return a
		}
	}
	if c.Target != nil {
		a.measure(*c.Target, c.Starts(doc), c, s)
	}
	a.Light = th.Judge(c, asOf, a.Value, a.Gap)
	a.conclude(c, s)
	return a
}

// QuarterBefore is how a commitment of doc that stands as now does stood at the end of the quarter before, by what is known now.
func (s *Snapshot) QuarterBefore(doc Document, c Commitment, now Attainment) Attainment {
	was := Attain(doc, c, now.Region, QuarterOf(now.AsOf).Add(-1).End(), s.Series, now.Cover, s.Lights)
	was.JudgeEach(doc, c, s.Duties, s.Lights)
	was.DateVerdict(c, s.Crossings[c.ID])
	return was
}

// conclude puts the verdict in the place of the pace where a deadline has passed, and what
// tells whether it was kept could have come.
func (a *Attainment) conclude(c Commitment, s Series) {
	line, owed := a.Cover.since(s[Key{ID: c.ID, Region: a.Region}]), a.Cover.owed(a.AsOf)
	for _, v := range c.years(line, a.AsOf) {
		switch {
		case a.untold(c, v):
			a.Awaits = v.Deadline
		case !v.Deadline.After(owed):
			a.Years = append(a.Years, v)
		}
	}
	if n := len(a.Years); n > 0 && a.Years[n-1].Deadline == a.AsOf {
		v := a.Years[n-1]
		a.Verdict = &v
	}
	if v := c.verdict(line, a.AsOf); v != nil {
		if a.untold(c, *v) {
			a.Awaits = v.Deadline
		} else {
			a.Verdict = v
		}
	}
	switch t := c.Target; {
	case a.Value == nil:
	case a.Verdict != nil:
		a.Light = a.Verdict.Light()
	case !a.Awaits.IsZero() && (t.Per == "" || a.Awaits == a.AsOf):
		a.Light, a.Gap, a.Required = Awaited, nil, nil
	}
}

// untold reports whether a verdict rests on a value that was only carried on to its day, or on a year of
// which a period was not filed. What was reached before and cannot be lost needs no more data.
func (a *Attainment) untold(c Commitment, v Verdict) bool {
	lasts := c.Kind == Cumulative || c.Kind == AnnualFlow || c.Kind == Milestone
	if lasts && v.Outcome == InTime {
		return false
	}
	return a.Data.Before(v.Deadline) || !a.Cover.tells(v.Deadline) || c.Kind == AnnualFlow && !a.Cover.tellsYear(v.Deadline)
}

// FiledBy takes who of those that each file a part of the figure has filed. What is short while some have not
// is no verdict: theirs may complete it.
func (a *Attainment) FiledBy(p *EachPeriod) {
	a.Filed = p
	v := a.Verdict
	if p == nil || len(p.Not) == 0 || v == nil || v.Outcome == InTime || v.Deadline != p.End {
		return
	}
	if n := len(a.Years); n > 0 && a.Years[n-1].Deadline == v.Deadline {
		a.Years = a.Years[:n-1]
	}
	a.Awaits, a.Verdict = v.Deadline, nil
	a.Light, a.Gap, a.Required = Awaited, nil, nil
}

func (a *Attainment) measure(t Target, issued Date, c Commitment, s Series) {
	on := a.AsOf
	if t.Per == "" {
		on = a.Cover.owed(a.AsOf)
	}
	progress, dated := TimeProgress(t, issued, on)
	if dated {
		a.Time = &progress
	}
	if a.Value == nil || t.Value() == 0 {
		return
	}
	a.Rate = ptr(*a.Value * 100 / t.Value()) // in this order whole numbers stay what they are: 44 of 40 is 110
	if t.Comparator() == "<=" {
		return // a ceiling has no pace
	}
	a.Left = ptr(max(0, t.Value()-*a.Value))
	if !dated {
		return
	}
	a.Gap = ptr(*a.Rate - progress)
	if t.Every != "" {
		return // batches have no pace to carry on
	}
	deadline := t.By
	if t.Per == "year" {
		deadline = YearEnd(a.AsOf.Year)
	}
	quarters := float64(monthIndex(deadline)-monthIndex(a.AsOf)) / 3
	if quarters <= 0 {
		return
	}
	if *a.Left > 0 {
		a.Required = ptr(math.Ceil(*a.Left / math.Ceil(quarters)))
	}
	a.forecast(t, c, s, progress, quarters)
}

// Shortfall is what is missing to the target, nil where nothing is: it is reached, or asks for no amount.
func (a Attainment) Shortfall() *float64 {
	if a.Light.Done() || a.Left == nil || *a.Left == 0 {
		return nil
	}
	return a.Left
}

// forecast carries the pace of the past four quarters on to the deadline, or,
// for a yearly target, the pace of the year so far.
func (a *Attainment) forecast(t Target, c Commitment, s Series, progress, quarters float64) {
	if t.Per == "year" {
		if progress > 0 {
			a.Forecast, a.Method = ptr(math.Round(*a.Value/progress*100)), "按本年序时进度外推"
		}
		return
	}
	then := QuarterOf(a.AsOf).Add(-4).End()
	before := s.At(Key{ID: c.ID, Region: a.Region}, then)
	if before == nil || a.AsOf != QuarterOf(a.AsOf).End() || !a.Cover.Reaches(then) {
		return
	}
	a.Forecast, a.Method = ptr(math.Round(*a.Value+(*a.Value-*before)/4*quarters)), "按近四个季度平均增量外推"
}

// changes are 环比 and 同比, between dates that the figure's data cover alike: a level is
// compared with the level a quarter and a year before; a flow compares the quarter's
// own flow with the quarter before, and the flow so far with the same months of the
// year before. What is reported once a year has no quarter before, and where nothing was
// filed for the other date, or for part of the months of a flow, there is no change.
func (a *Attainment) changes(c Commitment, s Series) {
	if a.Value == nil {
		return // what has no value has not risen or fallen
	}
	q := a.compared()
	if a.Data != q.End() && a.Data == a.AsOf {
		return
	}
	key, kind := Key{ID: c.ID, Region: a.Region}, c.Kind
	at := func(n int) *float64 { return s.At(key, q.Add(n).End()) }
	filed := func(n int) bool {
		from, end := q.Add(n).End(), q.Add(n).End()
		switch {
		case c.Flow != "": // what is filed of it adds up already
		case kind == AnnualFlow:
			from = Date{end.Year, 1, 1}
		case kind == QuarterSum:
			from = q.Add(n).Start()
		}
		return a.Cover.reachesAll(from, end)
	}
	switch flow := (Key{ID: c.ID, Measure: c.Flow, Region: a.Region}); {
	case !filed(0) || !filed(-4):
	case c.Flow == "":
		a.Year = change(at(0), at(-4))
	default:
		a.Year = change(s.At(flow, q.End()), s.At(flow, q.Add(-4).End()))
	}
	switch {
	case a.Cover.Every == "year" || c.Flow != "" || !a.Cover.Reaches(q.End()) || !a.Cover.Reaches(q.Add(-1).End()):
	case kind == AnnualFlow:
		flow := func(n int) *float64 {
			now, then := at(n), at(n-1)
			if now == nil || q.Add(n).N == 1 {
				return now
			}
			if then == nil {
				return nil
			}
			return ptr(*now - *then)
		}
		a.Quarter = change(flow(0), flow(-1))
	default:
		a.Quarter = change(at(0), at(-1))
	}
}

// compared is the quarter whose end is compared with others: of data that reach into one the last that is whole.
func (a *Attainment) compared() Quarter {
	q := QuarterOf(a.Data)
	if a.Data != q.End() && a.Data != a.AsOf {
		q = q.Add(-1)
	}
	return q
}

// stageLight judges a milestone before its deadline: completed, under way, or not begun.
func stageLight(t *Target, stage *float64) Light {
	switch {
	case stage == nil:
		return NoData
	case *stage >= 2:
		return Met
	case t == nil || t.By.IsZero():
		return NoLight
	case *stage >= 1:
		return Green
	}
	return Yellow
}

// obligation judges the newest period that has ended: what was missed before stays in
// the record, and nobody can make it up. Without a rhythm there is nothing to judge.
func (a *Attainment) obligation(doc Document, c Commitment, s Series, th Thresholds) {
	if a.Value == nil {
		a.Light = NoData
		return
	}
	periods, unknown := periodsOf(doc, c, s[Key{ID: c.ID, Region: a.Region}], a.Cover, a.AsOf)
	a.Unknown = unknown
	if len(periods) == 0 {
		a.Light = NoLight
		return
	}
	for _, p := range periods {
		a.Due++
		if p.Done <= 0 {
			a.Missed = append(a.Missed, p.Name)
		}
	}
	share := 0.0
	if periods[len(periods)-1].Done > 0 {
		share = 100
	}
	a.Rate, a.Gap = &share, ptr(share-100)
	a.Light = th.light(*a.Gap, c.Expected)
}

// Period is one period an obligation was due in, and how much was done in it.
type Period struct {
	Name string // 2025年第三季度, 2025年上半年, 2025年
	End  Date
	Done float64
}

// Periods are those that have ended since the document was issued, from the first
// quarter that is computed; none where the obligation has no rhythm. Of a period that was
// not filed it is only known that something was done, never that nothing was.
func Periods(doc Document, c Commitment, line map[Date]float64, cover Cover, asOf Date) []Period {
	list, _ := periodsOf(doc, c, line, cover, asOf)
	return list
}

func periodsOf(doc Document, c Commitment, line map[Date]float64, cover Cover, asOf Date) (list []Period, unknown []string) {
	length := Rhythms[c.Every] / 3 // in quarters
	if length == 0 {
		return nil, nil
	}
	first := QuarterOf(doc.Issued.AddDays(-1)).Add(1) // the first that begins on or after the issue
	for (first.N-1)%length != 0 {
		first = first.Add(1)
	}
	for q := first; !q.Add(length - 1).End().After(asOf); q = q.Add(length) {
		end := q.Add(length - 1).End()
		after, ok := line[end]
		if !ok {
			continue
		}
		p := Period{periodName(q, length), end, after - line[q.Add(-1).End()]}
		if p.Done <= 0 && !cover.knows(q.Start(), end) {
			unknown = append(unknown, p.Name)
			continue
		}
		list = append(list, p)
	}
	return list, unknown
}

func periodName(q Quarter, length int) string {
	switch length {
	case 4:
		return fmt.Sprintf("%d年", q.Year)
	case 2:
		return fmt.Sprintf("%d年%s半年", q.Year, []string{"上", "上", "下", "下"}[q.N-1])
	}
	return q.Chinese()
}

// Rank numbers regions by value, best first, equal values sharing a place.
// Regions without a value are not ranked.
func Rank(values map[string]*float64) map[string]int {
	ranks := map[string]int{}
	for region, v := range values {
		if v == nil {
			continue
		}
		place := 1
		for _, o := range values {
			if o != nil && *o > *v {
				place++
			}
		}
		ranks[region] = place
	}
	return ranks
}
