package source

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"citykpi/pipeline/source/contract"
	"citykpi/pipeline/source/json"
	"citykpi/pipeline/source/refusal"
)

// Match finds the contract a file answers. The file's name proposes: of the
// contracts whose patterns fit, the one whose required and key columns are all
// in the header is taken. If no pattern fits, the header alone decides, and
// note says so. The error wraps refusal.ErrNoContract or refusal.ErrTwoContracts, or is what
// reading the file's top refused.
func Match(contracts []*contract.Contract, f *File) (c *contract.Contract, note string, err error) {
	var named []*contract.Contract
	for _, c := range contracts {
		if c.Claims(f.Name) || f.alone && c.Claims(f.outer) {
			named = append(named, c)
		}
	}
	if len(named) > 0 {
		c, err := matchNamed(named, f)
		return c, "", err
	}
	found, fits, err := fitting(contracts, f)
	switch {
	case err != nil:
		return nil, "", err
	case len(found) == 1:
		return found[0], fmt.Sprintf("no contract's file pattern fits the name; "+
			"%s is taken because the header has all its columns", found[0].Source), nil
	case len(found) > 1:
		return nil, "", two(f, found, "the header fits all of them and the name none")
	}
	return nil, "", none(f, contracts, fits)
}

// matchNamed chooses among the contracts that claim the file's name.
func matchNamed(named []*contract.Contract, f *File) (*contract.Contract, error) {
	if len(named) == 1 {
		return named[0], nil // Inspect says which column is missing
	}
	found, fits, err := fitting(named, f)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, two(f, found, "the name and the header fit all of them")
	}
	return nil, none(f, named, fits)
}

// fitting lists the contracts whose required and key columns are all in the file's header.
func fitting(contracts []*contract.Contract, f *File) (found []*contract.Contract, fits map[*contract.Contract]headerFit, err error) {
	fits = map[*contract.Contract]headerFit{}
	var absent error
	for _, c := range contracts {
		tables, err := f.tables(c)
		if errors.Is(err, refusal.ErrNoSheet) || errors.Is(err, refusal.ErrNoRecords) {
			absent = err
			continue // another contract's sheet
		}
		if err != nil {
			return nil, nil, err
		}
		h := tables[0].fit
		fits[c] = h
		if h.matched > 0 && len(missingColumns(c, h.at)) == 0 {
			found = append(found, c)
		}
	}
	if len(fits) == 0 {
		return nil, nil, absent
	}
	return found, fits, nil
}

func two(f *File, contracts []*contract.Contract, why string) error {
	var names []string
	for _, c := range contracts {
		names = append(names, fmt.Sprintf("%s (%s)", c.Source, c.Name))
	}
	return f.refuse(refusal.ErrTwoContracts, strings.Join(names, " and ")+": "+why,
		"rename the file after one of them, or narrow `files` in its contract")
}

// none names the contract that comes nearest: the one with the fewest columns
// missing, then the one with the most present.
func none(f *File, contracts []*contract.Contract, fits map[*contract.Contract]headerFit) error {
	var near *contract.Contract
	var missing []string
	for _, c := range contracts {
		m := missingColumns(c, fits[c].at)
		if fits[c].matched == 0 {
			continue
		}
		if near == nil || len(m) < len(missing) || len(m) == len(missing) && fits[c].matched > fits[near].matched {
			near, missing = c, m
		}
	}
	if near == nil {
		if what, try := f.otherShape(); what != "" {
			return f.refuse(refusal.ErrNoRecords, what, try)
		}
		detail := "neither the name nor any header is known"
		if tables, err := f.tables(contracts[0]); err == nil {
			detail += "; " + f.firstLine(contracts[0].Format, tables[0].preview)
		}
		return f.refuse(refusal.ErrNoContract, detail, "write a contract for it in data/sources/")
	}
	col := near.Column(missing[0])
	return f.refuse(refusal.ErrNoContract,
		fmt.Sprintf("nearest is %s (%s), but column %s (%s) is missing", near.Source, near.Name, col.CN[0], col.Name),
		"add the header to cn of "+contractFile(near)+", or write a contract for the file")
}

// otherShape says as what a text keeps its table, if not as lines or records, and what to do; "" if it is none of these.
func (f *File) otherShape() (what, try string) {
	if f.Kind != JSON && f.Kind != CSV {
		return "", ""
	}
	promised := slices.Contains(extensions[JSON], strings.ToLower(filepath.Ext(f.Name)))
	return json.OtherShape(f.headText(f.textEncoding()), f.Kind == JSON || promised)
}
