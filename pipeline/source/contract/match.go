package contract

import (
	"path"
	"slices"
)

// Claims reports whether one of the contract's patterns fits the file name.
func (c *Contract) Claims(name string) bool {
	for _, glob := range c.Files {
		if ok, _ := path.Match(glob, name); ok {
			return true
		}
	}
	return false
}

// UnitMayStandIn reports whether a unit of money is looked for in a header, a title or the contract.
func (c *Contract) UnitMayStandIn(place string) bool {
	return len(c.UnitFrom) == 0 || slices.Contains(c.UnitFrom, place)
}
