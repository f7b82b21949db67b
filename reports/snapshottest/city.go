package snapshottest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"math"

	"citykpi/pipeline/kpi"
)

// city.json has the city's districts, what it promised, what its bureaus filed, and the checks that ran.
//
//go:embed city.json
var cityJSON []byte

type cityFile struct {
	Districts   []kpi.Region
	Submissions []kpi.Submission
	Checks      []kpi.Check
	Lines       []line
}

// readCity reads city.json anew: snapshots are changed by those who ask for them.
func readCity() cityFile {
	var c cityFile
	if err := decode(cityJSON, &c); err != nil {
		panic(err)
	}
	return c
}

func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// line is one commitment and the city's values at every quarter end, by one of the ways below; none: no data.
type line struct {
	Commitment kpi.Commitment
	Source     kpi.SourceStatus
	Carried    kpi.Date
	CityOnly   bool `json:"city_only"`
	Indicator  bool

	Grow   []float64 // from, to
	Ramp   []float64 // from, by how much a quarter, and the parts of one it is rounded to: 10, 100
	Yearly []float64 // in a whole year, in this one
	Steps  []float64 // by the years' ends
	Sum    string    // contracts or payouts
}

// path is the value of the i-th quarter since 2022Q3, or nil without data.
func (l line) path() func(i int) float64 {
	switch {
	case l.Grow != nil:
		return grow(l.Grow[0], l.Grow[1])
	case l.Ramp != nil:
		return func(i int) float64 { return math.Round((l.Ramp[0]+l.Ramp[1]*float64(i))*l.Ramp[2]) / l.Ramp[2] }
	case l.Yearly != nil:
		return yearly(l.Yearly[0], l.Yearly[1])
	case l.Steps != nil:
		return steps(l.Steps...)
	case l.Sum == "contracts":
		return contractAmount
	case l.Sum == "payouts":
		return payoutAmount
	}
	return nil
}

// grow is a straight rise from a at 2022Q3 to b at the as-of quarter, with a ripple.
func grow(a, b float64) func(int) float64 {
	return func(i int) float64 {
		v := a + (b-a)*float64(i)/16
		if i < 16 {
			v += math.Sin(float64(i)*1.7) * (b - a) / 60
		}
		return math.Round(v)
	}
}

// yearly is a flow that starts anew each year and reaches full in a whole year;
// this year it reaches now by the as-of quarter.
func yearly(full, now float64) func(int) float64 {
	return func(i int) float64 {
		q := first.Add(i)
		if q.Year == AsOf.Year {
			return math.Round(now * float64(q.N) / 3)
		}
		return math.Round(full * (0.8 + 0.06*float64(q.Year-2022)) * float64(q.N) / 4)
	}
}

// steps are a level by the year's end, from 2022 on; the last is that of the last two
// quarters.
func steps(levels ...float64) func(int) float64 {
	return func(i int) float64 {
		if i == 16 || i == 15 {
			return levels[len(levels)-1]
		}
		return levels[min((i+2)/4, len(levels)-2)]
	}
}

func contractAmount(i int) float64 {
	return math.Round((1.62e10 + 5.1e8*float64(i) + 2.3e9*math.Cos(float64(i)*math.Pi/2)))
}

func payoutAmount(i int) float64 {
	return math.Round(3.1e7 + 2.2e6*float64(i) + 9e6*math.Sin(float64(i)))
}

// codes and weights split a city's value; the last district takes the rest.
var (
	codes = []string{
		"320115", "320191", "320113", "320111", "320106", "320114", "320104", "320116", "320105", "320117", "320102", "320118",
	}
	weights = []float64{0.24, 0.18, 0.11, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.035, 0.025, 0.02}
)

// money writes contract and payout cells whose quarters add up to the lines above.
func money(s *kpi.Snapshot, from kpi.Quarter) {
	type share struct {
		of    string
		share float64
	}
	kinds := []share{{"技术服务", 0.44}, {"技术开发", 0.36}, {"技术转让", 0.12}, {"技术咨询", 0.05}, {"技术许可", 0.03}}
	articles := []share{{"2", 0.34}, {"3", 0.21}, {"4", 0.15}, {"8", 0.12}, {"10", 0.08}, {"12", 0.06}, {"15", 0.04}}
	for i := range 17 {
		q := first.Add(i)
		if q.End().Before(from.End()) {
			continue
		}
		for _, k := range kinds {
			for n, code := range codes[:4] {
				amount := contractAmount(i) * k.share * []float64{0.4, 0.3, 0.2, 0.1}[n]
				s.Contracts = append(s.Contracts, kpi.ContractCell{Quarter: q, Region: code, Kind: k.of,
					Contracts: 20 + int(amount/2e7), Amount: amount, TechAmount: amount * 0.82})
			}
		}
		for _, a := range articles {
			amount := payoutAmount(i) * a.share
			s.Payouts = append(s.Payouts, kpi.PayoutCell{Quarter: q, Region: city, Article: a.of,
				Payouts: 3 + int(amount/4e5), Payees: 2 + int(amount/5e5), Amount: amount})
		}
	}
}
