package project

import (
	"cmp"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
)

// lineOf is a figure of a commitment: its own, a measure's, or a side of a ratio.
type lineOf struct {
	of, model, variant string
	counts             *[]string
}

// figures lists what a commitment has counted.
func figures(c *kpi.Commitment) []lineOf {
	var list []lineOf
	if c.Model != "" {
		list = append(list, lineOf{"", c.Model, c.Variant, &c.Counts})
	}
	if c.Of != nil && c.To != nil {
		list = append(list, lineOf{"of: ", c.Of.Model, c.Of.Variant, &c.Of.Counts}, lineOf{"to: ", c.To.Model, c.To.Variant, &c.To.Counts})
	}
	for i := range c.Also {
		m := &c.Also[i]
		list = append(list, lineOf{m.Name + ": ", cmp.Or(m.Model, c.Model), m.Variant, &m.Counts})
	}
	return list
}

// whole reports whether a commitment's own figure belongs to no district.
func (v *policyCheck) whole(c kpi.Commitment) bool {
	of := func(model, variant string) bool {
		m, ok := v.models.Find("kpi." + model)
		return ok && m.Whole(variant)
	}
	if c.Of != nil && c.To != nil {
		return of(c.Of.Model, c.Of.Variant) || of(c.To.Model, c.To.Variant) // a side without districts leaves none to the ratio
	}
	return of(c.Model, c.Variant)
}

// counts holds what a commitment says it counts against the filters its model applies,
// both ways. One that says nothing counts what the model does.
func (v *policyCheck) counts(c *kpi.Commitment) {
	c.Whole = v.whole(*c)
	if m, ok := v.models.Find("kpi." + c.Model); ok {
		c.ByRegion = m.ByRegion(c.Variant)
	}
	for _, f := range figures(c) {
		m, ok := v.models.Find("kpi." + f.model)
		if !ok {
			continue // model complains
		}
		applied := m.Counts(m.Ending(f.variant), c.Terms)
		if *f.counts == nil {
			*f.counts = applied
			continue
		}
		for _, says := range *f.counts {
			if !slices.Contains(applied, says) {
				v.bad(*c, "%scounts %q, which sql/%s does not hold rows to. Try: one of %q, or a filter there", f.of, says, m.File, applied)
			}
		}
		for _, says := range applied {
			if !slices.Contains(*f.counts, says) {
				v.bad(*c, "%ssql/%s leaves out what is not %q, and the commitment does not say so. Try: counts: [%s]",
					f.of, m.File, says, strings.Join(applied, ", "))
			}
		}
	}
}
