package dashboard

import (
	"slices"

	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
	"citykpi/reports/figure"
)

// documentView is the page of one policy document.
type documentView struct {
	ID, Title, Number, Issuer, Issued, Status string
	Draft                                     bool
	Total                                     int
	Counts                                    []count
	Articles                                  []article
	Indicators                                []line
	Assumed                                   []string
}

// article is one article with what it promises and, where awards were paid
// under it, how much.
type article struct {
	Name  string
	Lines []line
	Paid  string
}

// documents writes the list of policy documents, the jurisdiction's own first, and
// one page for each.
func (w *site) documents() error {
	var all []documentView
	own := w.d.Snapshot.Region.Code
	sorted := slices.Clone(w.d.Snapshot.Documents)
	slices.SortStableFunc(sorted, func(a, b kpi.Document) int { return boolOrder(a.Region == own) - boolOrder(b.Region == own) })
	for _, doc := range sorted {
		v := w.document(doc)
		all = append(all, v)
		err := w.put(page{
			file: documentPage(doc.ID), title: doc.Title, template: "document", data: v,
			crumbs: []link{{Href: "documents.html", Title: "政策文件"}, crumbOf(doc, "")},
		})
		if err != nil {
			return err
		}
	}
	return w.put(page{file: "documents.html", title: "政策文件", template: "documents", data: all})
}

// statuses of a document as readers know them.
var statuses = map[string]string{"in_force": "现行有效", "draft": "征求意见稿，只报告不考核", "superseded": "已废止"}

func (w *site) document(doc kpi.Document) documentView {
	v := documentView{
		ID: doc.ID, Title: doc.Title, Number: doc.Number, Issuer: doc.Issuer, Issued: doc.Issued.Chinese(),
		Status: statuses[doc.Status], Draft: doc.Status == "draft", Total: len(doc.Commitments), Assumed: doc.Assumptions(),
	}
	paid := map[string]float64{}
	for _, a := range w.detail.Awards {
		paid[a.Rule] += a.Amount
	}
	lights, sums := map[kpi.Light]int{}, map[string]float64{}
	for _, it := range w.items() {
		if it.Doc.ID != doc.ID {
			continue
		}
		l := newLine(w.d, it)
		if !slices.ContainsFunc(doc.Commitments, func(c kpi.Commitment) bool { return c.ID == it.ID }) {
			v.Indicators = append(v.Indicators, l)
			continue
		}
		lights[it.Light()]++
		name := word(digest.ArticleName(it.Article), "未列条款")
		i := slices.IndexFunc(v.Articles, func(a article) bool { return a.Name == name })
		if i < 0 {
			i = len(v.Articles)
			v.Articles = append(v.Articles, article{Name: name})
		}
		v.Articles[i].Lines = append(v.Articles[i].Lines, l)
		sums[name] += paid[it.ID]
	}
	for i, a := range v.Articles {
		if sum := sums[a.Name]; sum > 0 {
			v.Articles[i].Paid = "累计兑付 " + figure.Quantity(&sum, figure.Yuan).String()
		}
	}
	v.Counts = countsOf(lights, documentPage(doc.ID), "articles")
	return v
}

// countsOf are the lights in legend order, what has none last; each leads to the
// commitments that show it, in a section of a page.
func countsOf(lights map[kpi.Light]int, file, section string) []count {
	var counts []count
	for _, l := range append(slices.Clone(kpi.Lights), kpi.NoLight) {
		if l == kpi.Awaited && lights[l] == 0 {
			continue // a column of its own only where there is something to ask for
		}
		b := newBadge(l)
		counts = append(counts, count{b, lights[l], where(file, section, "light", b.Key)})
	}
	return counts
}
