package dashboard

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/show"
)

// names collects the enterprises facts name, and the commitments whose pages
// list them.
type names struct {
	mu   sync.Mutex
	seen map[[2]string]map[string]bool // credit code and name → commitments
}

func newNames() *names { return &names{seen: map[[2]string]map[string]bool{}} }

// creditCode is the length of what tells an enterprise; people are not looked for.
const creditCode = 18

// add takes one fact of a commitment.
func (n *names) add(commitment string, f kpi.Fact) {
	if !f.Now || len(f.EntityID) != creditCode || f.Name == "" {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	key := [2]string{f.EntityID, f.Name}
	if n.seen[key] == nil {
		n.seen[key] = map[string]bool{}
	}
	n.seen[key][commitment] = true
}

// search writes the two lists the search box reads: pages, small, and the names
// behind the figures, read when somebody types.
func (w *site) search() error {
	var pages [][]string // title, what it is, file, further words
	for _, l := range w.frame.pages {
		pages = append(pages, []string{l.Title, "页面", l.Href, ""})
	}
	for _, d := range w.d.Snapshot.Documents {
		pages = append(pages, []string{d.Title, "政策文件 " + d.ID, documentPage(d.ID), d.Number})
	}
	at := map[string]int{}
	commitments := [][2]string{}
	for _, it := range w.items() {
		at[it.ID] = len(commitments)
		commitments = append(commitments, [2]string{it.Name, commitmentPage(it.ID)})
		pages = append(pages, []string{it.Name, "事项 " + it.ID, commitmentPage(it.ID), strings.Join(it.Units, " ")})
	}
	for _, u := range w.units {
		pages = append(pages, []string{u.Name, "责任单位", unitPage(u.Name), ""})
	}
	for _, a := range w.areas {
		for _, r := range a.Districts {
			pages = append(pages, []string{r.Name, a.Of.Name, districtPage(r.Code), r.Code})
		}
	}
	if err := w.script("search.js", "citykpi.pages(", pages); err != nil {
		return err
	}
	entries := [][]any{}
	for key, in := range w.names.seen {
		var places []int
		for id := range in {
			places = append(places, at[id])
		}
		slices.Sort(places)
		entries = append(entries, []any{key[0], key[1], places})
	}
	slices.SortFunc(entries, func(a, b []any) int {
		return strings.Compare(a[0].(string)+a[1].(string), b[0].(string)+b[1].(string))
	})
	return w.script("names.js", "citykpi.names(", []any{commitments, entries})
}

// script writes a value as a call that any page can read from a disk.
func (w *site) script(name, call string, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return os.WriteFile(filepath.Join(w.dir, "data", name), []byte(call+string(show.JSON(raw))+")\n"), 0o644)
}
