package dashboard

import (
	"cmp"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// place is how a district stands.
type place struct {
	Region, Short, Code string
	Own                 bool // has a page of its own
	Rank, Move          string
	Value               fig
	Facts               string // the page of the rows behind the value
	Quarter, Year       number
	Share               number

	at kpi.Attainment
}

// places are the districts of a jurisdiction in one item, best first; all amounts in
// the unit of their columns.
type places struct {
	Word          string // what they are called: 区, 地区
	Unit, Differs string // of the values, and of the changes
	Quarter, Year string // what the changes compare
	List          []place
	Rest          *place // what belongs to no place, where the places do not add up to the jurisdiction
	Total         *place // the jurisdiction, where the places and the rest add up to it
	Apart         string // why they do not
}

// placesOf are the districts that have a value.
func (w *site) placesOf(it digest.Item) places {
	regions := w.d.DistrictsOf(it.Doc.Region)
	p := places{Word: placeWord(regions)}
	p.Quarter, p.Year = digest.ChangeWords(it.Kind)
	var at []kpi.Attainment
	var values []*float64
	whole, sum := it.At.Value, 0.0
	for _, r := range regions {
		if a := w.d.At(it.ID, r.Code); a.Value != nil {
			at, values, sum = append(at, a), append(values, a.Value), sum+*a.Value
		}
	}
	adds := it.Kind.Adds() && whole != nil && len(at) > 0 && (kpi.Equal(sum, *whole) || sum < *whole)
	if adds {
		values = append(values, whole)
	}
	scale := figure.ScaleFor(it.UnitName(), values...)
	p.Unit, p.Differs = scale.Unit, figure.DifferenceUnit(scale.Unit)
	for _, a := range at {
		p.List = append(p.List, w.placeOf(it, a, scale))
	}
	slices.SortStableFunc(p.List, func(a, b place) int { return cmp.Compare(*b.at.Value, *a.at.Value) })
	if rest := w.d.Rest(it); rest != nil {
		p.Rest = &place{Region: digest.Undivided, Value: fig{Text: scale.Amount(*rest).Text},
			Share:   shareOf(it, kpi.Attainment{Value: rest}),
			Quarter: inScale(restChange(it.At, at, quarterly), scale), Year: inScale(restChange(it.At, at, yearly), scale)}
	}
	if adds {
		total := w.placeOf(it, it.At, scale)
		total.Share = shareOf(it, it.At)
		p.Total = &total
	}
	if !adds && len(at) > 0 {
		p.Apart = apart(it, p.Word)
	}
	return p
}

// apart says why the regions of an item do not add up to the whole.
func apart(it digest.Item, word string) string {
	switch it.Kind {
	case kpi.Ratio:
		return "各" + word + "为本" + word + "的比例，不相加。"
	case kpi.Constraint:
		return "上下限按各自的数判定，各" + word + "不相加。"
	}
	return "各" + word + "之和不等于全域数，不列合计。"
}

func quarterly(a kpi.Attainment) *kpi.Change { return a.Quarter }
func yearly(a kpi.Attainment) *kpi.Change    { return a.Year }

// restChange is how what belongs to no place moved: as the whole moved, less what the places did;
// nil where one of them cannot be compared.
func restChange(whole kpi.Attainment, places []kpi.Attainment, change func(kpi.Attainment) *kpi.Change) *kpi.Change {
	all := change(whole)
	if all == nil {
		return nil
	}
	rest := kpi.Change{Diff: all.Diff}
	for _, a := range places {
		c := change(a)
		if c == nil {
			return nil
		}
		rest.Diff -= c.Diff
	}
	if kpi.Equal(rest.Diff, 0) {
		rest.Diff = 0
	}
	return &rest
}

func (w *site) placeOf(it digest.Item, a kpi.Attainment, scale figure.Scale) place {
	r := w.regions[a.Region]
	name := r.Name
	if !a.Carried.IsZero() && a.Carried != it.At.Carried { // of an earlier day than the others
		name += "（沿用 " + a.Carried.String() + "）"
	}
	return place{
		Region: name, Short: r.Short, Code: r.Code, Own: w.paged[r.Code], Rank: rankText(a), Move: digest.Move(a.RankMove),
		Value: tallied(a, scale.Amount(*a.Value).Text), Facts: w.factsIn(it, r),
		Quarter: inScale(a.Quarter, scale), Year: inScale(a.Year, scale), Share: shareOf(it, a), at: a,
	}
}

// inScale is 环比 or 同比 in a column that names its unit.
func inScale(c *kpi.Change, s figure.Scale) number {
	if c == nil {
		return number{Text: figure.None}
	}
	text := s.Amount(c.Diff).Text
	switch {
	case c.Diff == 0:
		text = "持平"
	case c.Diff > 0:
		text = "+" + text
	}
	return numberOf(text, &c.Diff)
}

// placeWord is what the regions are called together: 区 where all but functional areas
// are districts of a city.
func placeWord(regions []kpi.Region) string {
	for _, r := range regions {
		if r.Kind != "functional" && !strings.HasSuffix(r.Name, "区") {
			return "地区"
		}
	}
	return "区"
}
