package demo

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

// rhythm is how often something is done under a commitment.
type rhythm struct {
	ID, Name, Kind, Host string
	Turn                 string // who hosts every third; "": host does
	From                 kpi.Quarter
	Per                  [4]int
	More                 int
	Signed               [2]int // nothing said when both are 0
	Amount               [2]int // 万元
	Skip                 []kpi.Quarter
	As, Second           string // measures
	ByYear               bool   `yaml:"by_year"`
}

// keepLedgers fills the office's two ledgers.
func (c *city) keepLedgers() {
	r := stream(c.seed, "office's ledgers")
	for q := range c.ends {
		for _, h := range stories().Rhythms {
			c.keep(r, h, q)
		}
		if q%6 == 3 {
			c.note(entry{id: "NJ88-038", name: "日期待补的对接会", kind: "对接活动", host: "市科技局", on: c.ends[q], m: -1, fen: -1, spoiled: true})
		}
	}
	for _, chain := range stories().Chains {
		if on := dayIn(r, chain.Year, chain.Month); c.ended(on) {
			c.note(entry{id: "NJ88-036", name: chain.Name + "产业知识产权联盟备案", kind: "备案", host: "市市场监管局", on: on, m: -1, fen: -1})
		}
	}
	for _, m := range stories().Milestones {
		for i, at := range [][2]int{m.Begun, m.Met} {
			if at == ([2]int{}) {
				continue
			}
			if on := dayIn(r, at[0], at[1]); c.ended(on) {
				words := [][]string{{"推进中", "进行中"}, {"完成", "已完成"}}[i]
				c.enter("policy_progress", entry{id: m.ID, kind: pick(r, words), name: m.Evidence, on: on, n: i + 1})
			}
		}
	}
}

func (c *city) note(e entry) {
	e.no = fmt.Sprintf("NJHD%05d", c.next("policy_activity"))
	c.enter("policy_activity", e)
}

// keep does in a quarter what its rhythm says.
func (c *city) keep(r *rng, h rhythm, q int) {
	at := c.quarter(q)
	if at.End().Before(h.From.End()) || h.Per[at.N-1] == 0 || slices.Contains(h.Skip, at) {
		return
	}
	for i := range h.Per[at.N-1] + r.n(h.More+1) {
		a := entry{id: h.ID, name: fmt.Sprintf("%s%s（%d）", at, h.Name, i+1), kind: h.Kind, host: h.Host, m: -1, fen: -1}
		a.on, a.n = c.within(r, q), r.between(5, 60)
		if h.Turn != "" && i%3 == 2 {
			a.host = h.Turn
		}
		if h.Signed != ([2]int{}) {
			a.m = r.between(h.Signed[0], h.Signed[1])
		}
		if h.Amount != ([2]int{}) {
			a.fen = int64(r.between(h.Amount[0], h.Amount[1])) * wan
		}
		c.note(a)
	}
}
