package dashboard

import (
	"cmp"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/chart"
	"citykpi/reports/digest"
)

// payoutSeries is one series per article in the order of the articles; those beyond
// what the palette can tell apart, the smallest, are merged.
func payoutSeries(d *digest.Digest, t digest.PayoutTable, quarters []kpi.Quarter) []chart.Series {
	totals := map[string]float64{}
	for _, a := range t.Articles {
		for _, q := range quarters {
			totals[a] += t.Cell(q, a).Amount
		}
	}
	own := slices.Clone(t.Articles)
	if len(own) > chart.MaxSeries+1 {
		slices.SortStableFunc(own, func(a, b string) int { return cmp.Compare(totals[b], totals[a]) })
		own = own[:chart.MaxSeries]
	}
	var series []chart.Series
	rest := chart.Series{Name: chart.Rest, Values: make([]float64, len(quarters))}
	for _, a := range t.Articles {
		s := rest
		if slices.Contains(own, a) {
			s = chart.Series{Name: articleCalled(d, a), Values: make([]float64, len(quarters))}
			series = append(series, s)
		}
		for n, q := range quarters {
			s.Values[n] += t.Cell(q, a).Amount
		}
	}
	if len(own) < len(t.Articles) {
		series = append(series, rest)
	}
	return series
}

// articleCalled is 第四条 市级重大科技专项: an article and what it pays for. Where the
// same number stands in several documents in force, all of them are named.
func articleCalled(d *digest.Digest, article string) string {
	var documents, rules []string
	for _, it := range d.Commitments {
		if it.Award == nil || it.Article != article {
			continue
		}
		rules = append(rules, it.Name)
		if !slices.Contains(documents, it.Doc.Called()) {
			documents = append(documents, it.Doc.Called())
		}
	}
	name := digest.ArticleName(article)
	if len(documents) > 1 {
		name = strings.Join(documents, "、") + " " + name
	}
	if len(rules) == 0 {
		return name
	}
	return name + " " + firstWords(rules[0])
}

// firstWords are the words of a name before its first comma, at most a line in a legend.
func firstWords(name string) string {
	const most = 8
	if i := strings.IndexAny(name, "，（"); i > 0 {
		name = name[:i]
	}
	if letters := []rune(name); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return name
}
