package demo

import (
	"fmt"
	"slices"

	"citykpi/pipeline/kpi"
)

// smeList is one announced list of the industry bureau, complete with what is wrong in it.
type smeList struct {
	path     string
	form     form
	saved    kpi.Date
	rows     []smeRow
	noCodes  bool
	withEnds bool // has 有效期至
}

// smeRow is one row of a list.
type smeRow struct {
	at        mention
	tier      tier
	on, to    day    // to 0: the cell is empty
	title     string // as written
	batch     string
	district  string
	action    string // of a row about another: 作废
	otherTier bool   // names a title outside the four tiers: rejected
	noDate    bool   // names a day that does not exist: rejected
}

// tierWords are the words the bureau has used for each tier.
var tierWords = [tierCount][]string{
	innovative:  {"创新型中小企业", "创新型"},
	specialised: {"专精特新中小企业", "省级专精特新中小企业"},
	littleGiant: {"专精特新“小巨人”企业", "专精特新小巨人企业", "国家级专精特新“小巨人”企业"},
	champion:    {"制造业单项冠军企业", "制造业单项冠军", "单项冠军"},
}

// announce puts the recognitions on lists: one of old titles, then per quarter one
// per tier for the new ones and one for the re-checked.
func (c *city) announce() {
	r := stream(c.seed, "lists")
	before := c.start(0) - 1
	c.list(r, smeList{path: fmt.Sprintf("市工信局/专精特新企业存量名单_%s", compact.write(before)), saved: before.date(), form: form{CSV: "utf8"}}, 0,
		func(rec recognition) bool { return rec.listed == -1 })
	for q := range c.ends {
		end := c.quarter(q).End()
		for t := range tierCount {
			c.list(r, c.tierList(q, t), q, func(rec recognition) bool { return rec.listed == q && rec.tier == t && !rec.recheck })
		}
		l := smeList{path: c.named("市工信局/梯度培育企业复核名单", q, false), saved: end, withEnds: true}
		l.form.CSV = []string{"utf8", "gb18030"}[q%2]
		if q%3 == 0 {
			l.form = form{Titles: []string{fmt.Sprintf("%s优质中小企业复核通过名单", c.quarter(q).Chinese())}, Numbered: true}
		}
		c.list(r, l, q, func(rec recognition) bool { return rec.listed == q && rec.recheck })
	}
}

// tierList is the workbook a quarter's new titles of one tier come in.
func (c *city) tierList(q int, t tier) smeList {
	end := c.quarter(q).End()
	l := smeList{saved: end, form: form{Numbered: true, Total: q%2 == 0}}
	l.form.Titles = []string{fmt.Sprintf("%s%s认定名单", c.quarter(q).Chinese(), tierWords[t][0])}
	switch t {
	case innovative:
		l.path = c.named("创新型中小企业名单", q, false)
		l.withEnds = q%2 == 1
		if q%5 == 2 {
			l.form = form{CSV: "gb18030"}
		}
	case specialised:
		l.path, l.noCodes, l.withEnds = c.named("专精特新中小企业名单", q, true), q%3 == 1, q%2 == 1
		l.form.Titles = append(l.form.Titles, fmt.Sprintf("（截至%s）", end.Chinese()))
		if c.quarter(q) == (kpi.Quarter{Year: 2024, N: 3}) {
			l.path = "专精特新中小企业名单_第七批" // only the title says when
		}
	case littleGiant:
		l.path, l.noCodes, l.withEnds = c.named("专精特新小巨人企业名单", q, false), q%4 == 0, true
	case champion:
		l.path, l.withEnds = c.named("制造业单项冠军企业名单", q, true), true
		if c.quarter(q) == (kpi.Quarter{Year: 2024, N: 1}) {
			l.path, l.form.Titles = "制造业单项冠军企业名单_第八批", []string{"制造业单项冠军企业（第八批）"} // only its rows say when
		}
	}
	l.path = "市工信局/" + l.path
	return l
}

// list writes the selected recognitions on l, adds what spoils it, and keeps it.
func (c *city) list(r *rng, l smeList, q int, selects func(recognition) bool) {
	for _, rec := range c.recognitions {
		if selects(rec) {
			l.rows = append(l.rows, c.smeRow(r, &l, rec, q))
		}
	}
	if len(l.rows) == 0 {
		return
	}
	c.spoil(r, &l, q)
	c.lists = append(c.lists, l)
}

func (c *city) smeRow(r *rng, l *smeList, rec recognition, q int) smeRow {
	row := smeRow{at: c.mentionOf(r, rec.firm, q), tier: rec.tier, on: rec.on, batch: round(kpi.QuarterOf(rec.on.date()))}
	row.district = writeDistrict(r, c.at(rec.firm, q).region, false)
	switch old := c.oldNumber(rec.firm); {
	case l.noCodes:
		row.at.code = ""
	case old != "" && q%4 == 3 && r.chance(600):
		row.at.code = old
	}
	if rec.explicit || l.withEnds && r.chance(800) {
		row.to = rec.to
	}
	return row
}

// spoil adds rows that must not count: doubles of earlier rows, names nobody knows or
// two firms bear, wrong codes, titles of no tier and impossible dates.
func (c *city) spoil(r *rng, l *smeList, q int) {
	sample := l.rows[r.n(len(l.rows))]
	n := len(l.rows)
	for range n/70 + r.n(2) {
		l.rows = append(l.rows, l.rows[r.n(n)])
	}
	add := func(m mention, change func(*smeRow)) {
		row := smeRow{at: m, tier: sample.tier, on: sample.on, batch: sample.batch, district: sample.district}
		if l.noCodes {
			row.at.code = ""
		}
		if m.firm < 0 && c.announced(row) {
			return // the truth counts such rows by file, each name once
		}
		change(&row)
		l.rows = append(l.rows, row)
	}
	as := func(*smeRow) {}
	for range n/120 + r.n(2) {
		add(c.stranger(r, q), as)
	}
	ordinary := c.employers[q].ordinary
	if len(ordinary) > 0 && !l.noCodes {
		for range n/200 + r.n(2) {
			add(c.miscoded(pick(r, ordinary), q), as)
		}
	}
	if len(ordinary) > 0 && r.chance(350) {
		add(c.mentionOf(r, pick(r, ordinary), q), func(row *smeRow) { row.otherTier = true })
	}
	if len(ordinary) > 0 && r.chance(350) {
		add(c.mentionOf(r, pick(r, ordinary), q), func(row *smeRow) { row.noDate = true })
	}
	if twins := c.twins(); len(twins) > 0 && r.chance(500) {
		if e := pick(r, twins); c.exists(e, sample.on) && c.exists(c.twin[e], sample.on) {
			add(mention{firm: -1, means: e, name: c.name(e, q), kind: homonym}, func(row *smeRow) { row.district = "" })
		}
	}
	shuffle(r, l.rows[n:])
}

// announced reports whether an earlier list has the row's name for the tier and day.
func (c *city) announced(row smeRow) bool {
	return slices.ContainsFunc(c.lists, func(l smeList) bool {
		return slices.ContainsFunc(l.rows, func(v smeRow) bool {
			return v.at.name == row.at.name && v.tier == row.tier && v.on == row.on
		})
	})
}

// twins lists the firms that bear another's name, in order.
func (c *city) twins() []int32 {
	var list []int32
	for e := range int32(len(c.firms)) {
		if _, ok := c.twin[e]; ok {
			list = append(list, e)
		}
	}
	return list
}

func (c *city) smeExport(l smeList) export {
	k := c.looks["sme_tier_recognition"]
	if !l.withEnds {
		k = k.without("valid_to")
	}
	if l.noCodes {
		k = k.without("enterprise_code")
	}
	r := stream(c.seed, "words of "+l.path)
	var word [tierCount]string
	for t := range word {
		word[t] = pick(r, tierWords[t])
	}
	for i, v := range l.rows {
		if l.rows[i].title = word[v.tier]; v.otherTier {
			l.rows[i].title = "瞪羚企业"
		}
	}
	return sheet(c, k, l.path, l.saved, l.form, l.rows)
}

func (v smeRow) row(*city) row {
	return row{rejected: v.at.wrong || v.otherTier || v.noDate, values: values{"tier": v.title, "recognised_on": dateOr(v.on, v.noDate),
		"valid_to": v.to, "batch": v.batch, "district": v.district, "row_action": v.action}.of("enterprise", v.at)}.about(v.at)
}
