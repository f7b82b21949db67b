package dashboard

import (
	"citykpi/pipeline/kpi"
	"citykpi/reports/digest"
)

// ruleName is a rule as lists have it: 市级重大科技专项（NJ88-012）; its id where no
// document knows it.
func (w *site) ruleName(id string) string {
	if it, ok := w.rule(id); ok {
		return it.Name + "（" + id + "）"
	}
	return id
}

// rule is a commitment of any document by its id.
func (w *site) rule(id string) (digest.Item, bool) {
	it, ok := w.rules[id]
	return it, ok
}

// called is what officials call a document, its id where it is not known.
func (w *site) called(id string) string {
	for _, doc := range w.d.Snapshot.Documents {
		if doc.ID == id {
			return doc.Called()
		}
	}
	return id
}

// crumbOf leads to a document by what officials call it.
func crumbOf(doc kpi.Document, href string) link {
	return link{Href: href, Title: doc.Called(), Note: doc.ID + " 《" + doc.Title + "》"}
}
