// Package snapshottest makes snapshots for the tests of the reports: a full city,
// one with hostile names, one with a single quarter, one where nothing is
// connected, and none at all. Attainments come from kpi.Attain, so that what the
// reports print is what the pipeline would have computed.
package snapshottest

import (
	"math"
	"slices"
	"time"

	"citykpi/pipeline/kpi"
)

// AsOf is the as-of date of every snapshot here; Quarter is the quarter it ends.
var (
	AsOf    = kpi.Date{Year: 2026, Month: time.September, Day: 30}
	Quarter = kpi.QuarterOf(AsOf)
	first   = kpi.Quarter{Year: 2022, N: 3}
)

const city = "320100"

// Full is a city with every light, every kind and seventeen quarters.
func Full() *kpi.Snapshot { return build(readCity(), first) }

// OneQuarter is a city whose history is the as-of quarter alone.
func OneQuarter() *kpi.Snapshot { return build(readCity(), Quarter) }

// Unconnected is a city with all its commitments and no source behind any.
func Unconnected() *kpi.Snapshot {
	c := readCity()
	for i, l := range c.Lines {
		c.Lines[i] = line{Commitment: l.Commitment, Carried: l.Carried, Indicator: l.Indicator, Source: kpi.SourceNone}
	}
	s := build(c, first)
	s.Contracts, s.Payouts, s.Submissions, s.Calendar, s.Checks = nil, nil, nil, nil, nil
	return s
}

// OneDistrict is a city that reports by a single district.
func OneDistrict() *kpi.Snapshot {
	s := build(readCity(), first)
	only := codes[0]
	s.Districts = slices.DeleteFunc(s.Districts, func(r kpi.Region) bool { return r.Code != only })
	s.Attainments = slices.DeleteFunc(s.Attainments, func(a kpi.Attainment) bool { return a.Region != city && a.Region != only })
	for k := range s.Series {
		if k.Region != city && k.Region != only {
			delete(s.Series, k)
		}
	}
	return s
}

// Empty is a release without documents, districts or data.
func Empty() *kpi.Snapshot {
	return &kpi.Snapshot{Release: release(), Region: jurisdiction()}
}

// HostileNames are what a name may hold at worst.
var HostileNames = []string{
	`</script><script>window.hacked=1</script>`,
	`__f__window.hacked=2__f__`,
	`" onmouseover="window.hacked=3`,
	`=HYPERLINK("http://evil.example","点我")`,
	`<img src=x onerror=window.hacked=4>`,
	"\u200e\u2060\"\u3000＝HYPERLINK(\"http://evil.example\")",
	"甲\u2028乙\u2029丙 & {b|{c}} ${window.hacked=5}",
}

// Hostile is Full with a hostile name in every place a name can stand.
func Hostile() *kpi.Snapshot {
	s := Full()
	name := func(i int) string { return HostileNames[i%len(HostileNames)] }
	doc := &s.Documents[0]
	doc.Title = name(0)
	for i := range doc.Commitments {
		c := &doc.Commitments[i]
		c.Name, c.Decision, c.Words, c.Units = name(i), name(i+1), name(i+2), []string{name(i + 3)}
		c.Assumed = []string{name(i + 4)}
	}
	for i := range s.Districts {
		s.Districts[i].Name, s.Districts[i].Short = name(i), name(i)
	}
	for i := range s.Contracts {
		if s.Contracts[i].Kind == "技术服务" {
			s.Contracts[i].Kind = name(0)
		}
	}
	for i := range s.Payouts {
		if s.Payouts[i].Article == "8" {
			s.Payouts[i].Article = name(4)
		}
	}
	for i := range s.Submissions {
		s.Submissions[i].Name, s.Submissions[i].Bureau = name(i), name(i+1)
	}
	s.Calendar, s.Held = calendar(s.Submissions), held(name(1), name(2))
	for i := range s.Checks {
		s.Checks[i].Name, s.Checks[i].Detail = name(i), name(i+2)
	}
	return s
}

func jurisdiction() kpi.Region {
	return kpi.Region{Code: city, Name: "南京市", Short: "南京", Kind: "city"}
}

func release() kpi.Release {
	at := time.Date(2026, 10, 15, 18, 3, 0, 0, time.UTC)
	return kpi.Release{ID: "2026-10-16T0203-5f1c9a", CreatedAt: at, AsOf: AsOf, KnownAt: at,
		Today: kpi.Date{Year: 2026, Month: 10, Day: 16}}
}

func build(c cityFile, from kpi.Quarter) *kpi.Snapshot {
	s := &kpi.Snapshot{
		Release: release(), Region: jurisdiction(),
		Districts: c.Districts, Series: kpi.Series{}, Submissions: c.Submissions, Checks: c.Checks,
		Before: map[string]kpi.Attainment{}, Lights: kpi.DefaultThresholds,
	}
	s.Calendar = calendar(s.Submissions)
	doc := kpi.Document{
		ID: "NJ88", Title: "南京市深化校企协同创新建设培育专精特新企业示范城市的若干政策措施", Number: "宁政发〔2022〕88号",
		Issuer: "南京市人民政府", Issued: kpi.Date{Year: 2022, Month: time.September, Day: 1}, Region: city, Status: "in_force",
	}
	for _, l := range c.Lines {
		l.Commitment.Document = doc.ID
		if l.Indicator {
			doc.Indicators = append(doc.Indicators, l.Commitment)
		} else {
			doc.Commitments = append(doc.Commitments, l.Commitment)
		}
		fill(s, l, from)
	}
	s.Documents = []kpi.Document{doc}
	attain(s, doc, c.Lines)
	money(s, from)
	return s
}

// fill writes the city's values and splits them over the districts.
func fill(s *kpi.Snapshot, l line, from kpi.Quarter) {
	path := l.path()
	if path == nil {
		return
	}
	for i, on := range kpi.QuarterEnds(first.Start(), AsOf) {
		if on.Before(from.End()) {
			continue
		}
		value := path(i)
		put(s, l.Commitment.ID, "", city, on, value)
		for _, m := range l.Commitment.Also {
			put(s, l.Commitment.ID, m.Name, city, on, math.Round(value*0.7))
		}
		if l.CityOnly {
			continue
		}
		left := value
		for n, w := range weights {
			part := math.Round(value * w)
			if n == len(weights)-1 {
				part = left
			}
			left -= part
			put(s, l.Commitment.ID, "", codes[n], on, part)
		}
	}
}

func put(s *kpi.Snapshot, id, measure, region string, on kpi.Date, value float64) {
	k := kpi.Key{ID: id, Measure: measure, Region: region}
	if s.Series[k] == nil {
		s.Series[k] = map[kpi.Date]float64{}
	}
	s.Series[k][on] = value
}

func attain(s *kpi.Snapshot, doc kpi.Document, all []line) {
	for _, l := range all {
		a := kpi.Attain(doc, l.Commitment, city, AsOf, s.Series, kpi.Cover{Until: l.Carried}, kpi.DefaultThresholds)
		a.Source, a.Carried = l.Source, l.Carried
		if a.Source == "" {
			a.Source = kpi.SourceReady
		}
		s.Attainments = append(s.Attainments, a)
		s.Before[a.ID] = s.QuarterBefore(doc, l.Commitment, a)
		now, before := map[string]*float64{}, map[string]*float64{}
		for _, code := range codes {
			k := kpi.Key{ID: l.Commitment.ID, Region: code}
			now[code], before[code] = s.Series.At(k, AsOf), s.Series.At(k, Quarter.Add(-1).End())
		}
		place, was := kpi.Rank(now), kpi.Rank(before)
		for _, code := range codes {
			d := kpi.Attain(doc, l.Commitment, code, AsOf, s.Series, kpi.Cover{Until: l.Carried}, kpi.DefaultThresholds)
			d.Source, d.Rank = a.Source, place[code]
			if was[code] > 0 && place[code] > 0 {
				d.RankMove = was[code] - place[code]
			}
			s.Attainments = append(s.Attainments, d)
		}
	}
}
