package dashboard

import (
	"fmt"
	"html/template"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// card is a headline card; an empty part is left out and leaves no hole.
type card struct {
	ID, Name            string
	Light               badge
	Value, Unit, Target string
	Kind                string // what the figure counts: 期末存量, 年内累计
	Rate                string
	Bullet, Spark       template.HTML
	Missing             string
	Changes             []changed
	Lead, LeadFull      string
	Data                string
	From, To            string // the periods the sparkline spans
	Assumed             string // the 推定 behind the figure
	Restated            string // what was published of it and what it is now, by closed quarter
}

// changed is one figure under the bar; Class says which and in which direction.
type changed struct{ Name, Text, Class string }

// sparkQuarters is how far back a sparkline goes.
const sparkQuarters = 8

func (v *view) headline(d *digest.Digest) {
	periods := sparkPeriods(d.AsOf())
	for _, it := range d.Pinned() {
		v.Cards = append(v.Cards, newCard(d, it, periods))
	}
	v.CardsPerRow, v.CardsRest = cardsPerRow(len(v.Cards))
}

// cardsPerRow is three or four, whichever leaves fewer cards over for the last
// row, and how many those are; they share the row's width.
func cardsPerRow(n int) (perRow, rest int) {
	if (3-n%3)%3 < (4-n%4)%4 {
		return 3, n % 3
	}
	return 4, n % 4
}

func newCard(d *digest.Digest, it digest.Item, periods []kpi.Date) card {
	value, owner := figure.Quantity(it.At.Value, it.UnitName()), d.Owner(it)
	c := card{
		ID: it.ID, Name: it.Name, Light: badgeOf(it), Value: value.Text, Unit: value.Unit,
		Lead: owner.Short, LeadFull: owner.Full, Data: d.DataNote(it),
		Assumed: strings.Join(it.Doubts(), "；"), Restated: restatedNote(d, it),
	}
	if it.Target != nil {
		c.Target = strings.TrimSuffix(digest.TargetText(it), " "+value.Unit) // the unit stands once
	}
	if it.At.Value == nil {
		c.Missing = missing(it.At)
		return c
	}
	c.Kind = digest.Counts(it.Kind)
	if it.At.Rate != nil && !it.Ceiling() {
		c.Rate = figure.Percent(it.At.Rate)
		c.Bullet = bullet(it)
	}
	c.Changes = changes(it)
	c.From, c.To = periodName(periods[0]), periodName(periods[len(periods)-1])
	c.Spark = sparkOf(d.Series(it.ID, it.At.Region), it.Kind, periods)
	return c
}

func missing(a kpi.Attainment) string {
	switch a.Source {
	case kpi.SourceMissing:
		if lacks := digest.Lacking(a); lacks != "" {
			return lacks
		}
		return "责任单位尚未报送数据"
	case kpi.SourceNone:
		return "尚未接入数据来源"
	}
	return "截至日期无数据"
}

func bullet(it digest.Item) template.HTML {
	target := it.Target.Value()
	var pace *float64
	label := fmt.Sprintf("完成率 %s", figure.Percent(it.At.Rate))
	if it.At.Time != nil {
		at := target * *it.At.Time / 100
		pace = &at
		label += "，序时进度 " + figure.Percent(it.At.Time)
	}
	return chart.Bullet(*it.At.Value, target, pace, it.Light(), label)
}

func changes(it digest.Item) []changed {
	var out []changed
	if it.At.Time != nil && it.At.Rate != nil && !it.Ceiling() && !it.Light().Done() && it.At.Verdict == nil {
		out = append(out, changed{"序时", figure.Percent(it.At.Time), "pace"})
	}
	quarter, year := digest.ChangeWords(it.Kind)
	if it.At.Quarter != nil {
		change := figure.Change(it.At.Quarter, it.UnitName(), it.At.Value)
		out = append(out, changed{quarter, change, "quarter " + figure.Direction(it.At.Quarter)})
	}
	if it.At.Year != nil {
		out = append(out, changed{year, figure.Change(it.At.Year, it.UnitName(), it.At.Value), "year " + figure.Direction(it.At.Year)})
	}
	return out
}

// sparkPeriods are the eight newest quarter ends; where the as-of date is no
// quarter end it stands for the quarter that has begun.
func sparkPeriods(asOf kpi.Date) []kpi.Date {
	q, periods := kpi.QuarterOf(asOf), make([]kpi.Date, sparkQuarters)
	for i := range periods {
		periods[i] = q.Add(i - sparkQuarters + 1).End()
	}
	periods[sparkQuarters-1] = asOf
	return periods
}

// periodName is 2026Q3 for a quarter end and the date for any other day.
func periodName(on kpi.Date) string {
	if kpi.QuarterOf(on).End() == on {
		return kpi.QuarterOf(on).String()
	}
	return on.String()
}
