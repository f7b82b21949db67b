package demo

import (
	"fmt"
	"strings"
)

// mention is how a bureau's row names an enterprise.
type mention struct {
	firm  int32 // -1: nobody could say which enterprise is meant
	means int32 // which it is all the same, where kind says that there is one
	name  string
	code  string // credit code, 15-digit number or ""
	kind  string // of a name that is not the registered one, or that two firms bear
	wrong bool   // the code's check character is wrong: the row is rejected
}

// event is what the rows about persons have in common.
type event struct {
	no     string // internal person number
	person string
	at     mention
	on     day
	listed int  // quarter whose file carries the row
	noDate bool // the row names a day that does not exist: rejected
}

// sameDay reports two events of one person on one day: nobody could say which was first.
func (v event) sameDay(w event) bool { return v.no == w.no && v.on == w.on }

func (v event) rejected() bool { return v.at.wrong || v.noDate }

// known reports whether the row is accepted and its enterprise resolved.
func (v event) known() bool { return !v.rejected() && v.at.firm >= 0 }

// mentionOf names a firm the way a bureau does in quarter q: with or without its
// code, now and then by a former name or with other brackets and spaces.
func (c *city) mentionOf(r *rng, e int32, q int) mention {
	c.bears[e] = true
	m := mention{firm: e, name: c.name(e, q)}
	if r.chance(700) {
		m.code = c.code(e)
	}
	if c.firms[e].renames != never && r.chance(250) {
		m.name = c.name(e, len(c.ends)-1-r.n(len(c.ends))) // its name at some time
	}
	if r.chance(80) {
		m.name, m.kind = disguise(r, m.name), otherWriting
	}
	own := rng{mix(r.state)}
	rewrite(&own, &m)
	if old := c.oldNumber(e); m.code == "" && old != "" && own.chance(100) {
		m.code = old
	}
	return m
}

// disguise writes a name as another hand would: half-width brackets, stray spaces.
func disguise(r *rng, name string) string {
	switch r.n(3) {
	case 0:
		return strings.NewReplacer("（", "(", "）", ")").Replace(name)
	case 1:
		return name + " "
	}
	runes := []rune(name)
	return string(runes[:2]) + "　" + string(runes[2:])
}

// miscoded names a firm by a code that does not check.
func (c *city) miscoded(e int32, q int) mention {
	c.bears[e] = true
	return mention{firm: e, name: c.name(e, q), code: wrongCheck(c.code(e)), wrong: true}
}

// outsider is a firm of another city: its code checks, but no registry export has it.
func (c *city) outsider(r *rng) mention {
	place := pick(r, []struct {
		name   string
		office int
	}{{"苏州", 320505}, {"镇江", 321102}, {"合肥", 340104}, {"杭州", 330106}, {"扬州", 321003}})
	code := creditCode(fmt.Sprintf("91%06d%s", place.office, orgCode(fmt.Sprintf("MA%06d", r.n(1_000_000)))))
	name := place.name + "外地" + pick(r, brandFirst) + pick(r, brandSecond) + tradeWord(r) + "有限公司"
	return mention{firm: -1, name: name, code: code}
}

// unknown is a name the registry has never held, without a code.
func unknown(r *rng) mention {
	return mention{firm: -1, name: "南京查无" + pick(r, brandFirst) + pick(r, brandSecond) + tradeWord(r) + "有限公司"}
}

// employer chooses the firm of a person's row: mostly one that counts, otherwise one
// of the clear cases that do not.
func (c *city) employer(r *rng, q int, counting bool) mention {
	m := &c.employers[q]
	if counting && len(m.recognised) > 0 {
		return c.mentionOf(r, pick(r, m.recognised), q)
	}
	switch k := r.n(100); {
	case k < 20 && len(m.lapsed) > 0:
		return c.mentionOf(r, pick(r, m.lapsed), q)
	case k < 35 && len(m.revoked) > 0:
		return c.mentionOf(r, pick(r, m.revoked), q)
	case k < 75 && len(m.ordinary) > 0:
		return c.mentionOf(r, pick(r, m.ordinary), q)
	case k < 85:
		return c.outsider(r)
	case k < 92 && len(m.recognised) > 0:
		return c.miscoded(pick(r, m.recognised), q)
	}
	return c.stranger(r, q)
}

// resident chooses a firm that is registered and active, recognised or not, for the
// KPIs that ask no more than that.
func (c *city) resident(r *rng, q int, counting bool) mention {
	m := &c.employers[q]
	switch {
	case counting && len(m.recognised) > 0 && r.chance(600):
		return c.mentionOf(r, pick(r, m.recognised), q)
	case counting && len(m.ordinary) > 0:
		return c.mentionOf(r, pick(r, m.ordinary), q)
	case len(m.revoked) > 0 && r.chance(400):
		return c.mentionOf(r, pick(r, m.revoked), q)
	case r.chance(150) && len(m.recognised) > 0:
		return c.miscoded(pick(r, m.recognised), q)
	}
	return c.outsider(r)
}

// within is a working day of quarter q, a little unevenly spread as life is.
func (c *city) within(r *rng, q int) day {
	span := int(c.ends[q]-c.start(q)) + 1
	return c.start(q) + day(r.n(span))
}

// filed is the quarter whose file carries a row of quarter q: some come one late.
func (c *city) filed(r *rng, q int) int {
	if q+1 < len(c.ends) && r.chance(12) {
		return q + 1
	}
	return q
}
