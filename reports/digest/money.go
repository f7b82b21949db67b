package digest

import (
	"cmp"
	"slices"
	"strconv"

	"citykpi/pipeline/kpi"
)

// ContractSum is technology contracts added up over a quarter, a kind or a
// district; amounts in 元.
type ContractSum struct {
	Contracts  int
	Amount     float64
	TechAmount float64
}

func (s *ContractSum) add(c kpi.ContractCell) {
	s.Contracts += c.Contracts
	s.Amount += c.Amount
	s.TechAmount += c.TechAmount
}

// ContractQuarter is the contracts of one quarter.
type ContractQuarter struct {
	Quarter kpi.Quarter
	ContractSum
}

// ContractQuarters adds the cells up by quarter, in time order, up to the as-of
// date. Cells are disjoint: a contract stands in exactly one.
func (d *Digest) ContractQuarters() []ContractQuarter {
	sums := map[kpi.Quarter]*ContractSum{}
	var quarters []kpi.Quarter
	for _, c := range d.Snapshot.Contracts {
		if c.Quarter.Start().After(d.AsOf()) {
			continue
		}
		if sums[c.Quarter] == nil {
			sums[c.Quarter] = &ContractSum{}
			quarters = append(quarters, c.Quarter)
		}
		sums[c.Quarter].add(c)
	}
	slices.SortFunc(quarters, compareQuarters)
	var out []ContractQuarter
	for _, q := range quarters {
		out = append(out, ContractQuarter{q, *sums[q]})
	}
	return out
}

// contractKinds is the order of the Civil Code; what else occurs follows.
var contractKinds = []string{"技术开发", "技术转让", "技术许可", "技术咨询", "技术服务"}

// ContractKind is the contracts of one kind in a quarter.
type ContractKind struct {
	Kind string
	ContractSum
}

// ContractKinds adds the cells of a quarter up by kind.
func (d *Digest) ContractKinds(q kpi.Quarter) []ContractKind {
	sums := map[string]*ContractSum{}
	var kinds []string
	for _, c := range d.Snapshot.Contracts {
		if c.Quarter != q {
			continue
		}
		if sums[c.Kind] == nil {
			sums[c.Kind] = &ContractSum{}
			kinds = append(kinds, c.Kind)
		}
		sums[c.Kind].add(c)
	}
	slices.SortFunc(kinds, func(a, b string) int {
		return cmp.Or(cmp.Compare(kindOrder(a), kindOrder(b)), cmp.Compare(a, b))
	})
	var out []ContractKind
	for _, k := range kinds {
		out = append(out, ContractKind{k, *sums[k]})
	}
	return out
}

func kindOrder(kind string) int {
	if i := slices.Index(contractKinds, kind); i >= 0 {
		return i
	}
	return len(contractKinds)
}

// PayoutSum is award money added up; Payees are not added up, since one payee
// may stand in several cells.
type PayoutSum struct {
	Payouts int
	Amount  float64
}

// PayoutTable is award money by quarter and article.
type PayoutTable struct {
	Quarters []kpi.Quarter // in time order, every quarter between the first and the last
	Articles []string      // in number order
	cells    map[payoutKey]PayoutSum
}

type payoutKey struct {
	quarter kpi.Quarter
	article string
}

// Payouts arranges the payout cells up to the as-of date. Cells are disjoint.
func (d *Digest) Payouts() PayoutTable {
	t := PayoutTable{cells: map[payoutKey]PayoutSum{}}
	for _, c := range d.Snapshot.Payouts {
		if c.Quarter.Start().After(d.AsOf()) {
			continue
		}
		k := payoutKey{c.Quarter, c.Article}
		sum := t.cells[k]
		sum.Payouts += c.Payouts
		sum.Amount += c.Amount
		t.cells[k] = sum
		if !slices.Contains(t.Quarters, c.Quarter) {
			t.Quarters = append(t.Quarters, c.Quarter)
		}
		if !slices.Contains(t.Articles, c.Article) {
			t.Articles = append(t.Articles, c.Article)
		}
	}
	slices.SortFunc(t.Quarters, compareQuarters)
	slices.SortFunc(t.Articles, compareArticles)
	if n := len(t.Quarters); n > 0 {
		first, last := t.Quarters[0], t.Quarters[n-1]
		t.Quarters = nil
		for q := first; compareQuarters(q, last) <= 0; q = q.Add(1) {
			t.Quarters = append(t.Quarters, q)
		}
	}
	return t
}

// Cell is what was paid in a quarter under an article.
func (t PayoutTable) Cell(q kpi.Quarter, article string) PayoutSum {
	return t.cells[payoutKey{q, article}]
}

// Quarter is what was paid in a quarter under every article.
func (t PayoutTable) Quarter(q kpi.Quarter) PayoutSum {
	var sum PayoutSum
	for _, a := range t.Articles {
		c := t.Cell(q, a)
		sum.Payouts += c.Payouts
		sum.Amount += c.Amount
	}
	return sum
}

func compareQuarters(a, b kpi.Quarter) int {
	return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.N, b.N))
}

// compareArticles orders numbers by size and puts words after them.
func compareArticles(a, b string) int {
	x, errA := strconv.Atoi(a)
	y, errB := strconv.Atoi(b)
	switch {
	case errA == nil && errB == nil:
		return cmp.Compare(x, y)
	case errA == nil:
		return -1
	case errB == nil:
		return 1
	}
	return cmp.Compare(a, b)
}
