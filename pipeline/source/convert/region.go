package convert

import (
	"unicode/utf8"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/parse"
)

// resolveRegion finds the row's place: the bureau's own column first, whatever
// the contract's order says next, and the jurisdiction itself in the end.
func (c *Converter) resolveRegion() {
	found := int16(-1)
	for _, from := range c.regions {
		v := &c.vectors[from.column]
		if v.isNull(c.n) {
			continue
		}
		text := v.text(c.n)
		switch from.kind {
		case contract.ByDistrict:
			if found = c.districtIndex(text); found < 0 {
				c.fail(from.column, parse.Problem{Rule: "region.unknown", Reason: "不是本市已知的区、园区或功能区"})
				found = c.jurisdiction
			}
		case contract.ByAddress:
			if code, ok := c.places.Address(text); ok {
				found = c.places.Number(code)
			}
		case contract.ByCode:
			if code, ok := c.places.Code(text); ok {
				found = c.places.Number(code)
			}
		}
		if found >= 0 {
			break
		}
	}
	if found < 0 {
		found = c.jurisdiction
	}
	c.region.setInt16(c.n, found)
}

const rememberedDistricts = 1 << 14

func (c *Converter) districtIndex(text []byte) int16 {
	seen := c.lastDistricts.of(text)
	if !seen.is(text) {
		seen.keep(text, c.findDistrict(text))
	}
	return seen.index
}

func (c *Converter) findDistrict(text []byte) int16 {
	if i, ok := c.districts[string(text)]; ok {
		return i
	}
	index := int16(-1)
	if code, ok := c.places.District(string(text)); ok {
		index = c.places.Number(code)
	}
	if len(c.districts) < rememberedDistricts && utf8.RuneCount(text) < 64 {
		c.districts[string(text)] = index
	}
	return index
}
