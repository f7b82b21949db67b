package demo

import (
	"fmt"
	"slices"
)

func (v event) in(*city) int     { return v.listed }
func (v manager) in(*city) int   { return v.listed }
func (v agreement) in(*city) int { return v.listed }

// row is one about a person at a firm, with what else its list says.
func (v event) row(as string, more values) row {
	more["person_no"], more["person_name"] = v.no, v.person
	return row{values: more.of(as, v.at), turn: int(v.on), rejected: v.rejected()}.about(v.at)
}

// day is the row's, which may not exist.
func (v event) day() cell { return dateOr(v.on, v.noDate) }

func (v placement) row(*city) row {
	return v.event.row("employer", values{"school_name": v.school, "school_code": v.school.Code, "insured_on": v.day(),
		"occupation": v.occupation, "skill_level": v.level})
}

func (v deputy) row(*city) row {
	return v.event.row("enterprise", values{"university_name": v.school, "university_code": v.school.Code, "signed_on": v.day(),
		"term_from": v.on + termFrom, "term_to": v.on + termTo, "renewal": v.renewal, "row_action": v.action, "replaces_signed_on": v.was})
}

func (v professorship) row(*city) row {
	return v.event.row("enterprise", values{"university_name": v.school, "appointed_on": v.day(), "term_to": v.on.threeYears()})
}

func (v service) row(*city) row {
	return v.event.row("enterprise", values{"role": v.role, "university_name": v.school, "started_on": v.day(), "ended_on": v.ended})
}

func (v manager) row(*city) row {
	return row{rejected: v.noDate, values: values{"certificate_no": v.certificate, "person_no": v.no, "person_name": v.person,
		"trained_on": v.trained, "recognised_on": dateOr(v.on, v.noDate), "level": v.level, "employer_name": v.employer,
		"district": v.district}}
}

func (v agreement) row(*city) row {
	return row{rejected: v.at.wrong, values: values{"agreement_no": v.no, "university_name": v.school, "university_code": v.school.Code,
		"signed_on": v.on, "valid_to": v.validTo, "subject": v.subject, "guideline": v.guideline}.of("enterprise", v.at)}.about(v.at)
}

// peopleExports are the files about persons and agreements.
func (c *city) peopleExports() []export {
	return slices.Concat(c.placementExports(), filed(c, "technical_deputy", c.deputies), filed(c, "industry_professor", c.professors),
		filed(c, "doctoral_service", c.services), filed(c, "technology_manager", c.managers),
		filed(c, "school_enterprise_agreement", c.agreements))
}

// placementUnits file the same list, each for the vocational schools it runs: a city's
// figure has rows of several units. The contract names the first.
var placementUnits = [2]string{"市人社局", "市教育局"}

func (v placement) filer() string {
	code := v.school.Code
	return placementUnits[code[len(code)-1]%2]
}

// placementExports repeat a few rows, as happens when lists are pasted together.
func (c *city) placementExports() []export {
	var files []export
	for q := range c.ends {
		rows := filedIn(c, c.placements, q)
		r := stream(c.seed, fmt.Sprint("placements again ", q))
		for i := range len(rows) {
			if r.chance(6) {
				rows = append(rows, rows[i])
			}
		}
		for _, unit := range placementUnits {
			if own := filtered(rows, func(v placement) bool { return v.filer() == unit }); len(own) > 0 {
				k := *c.looks["skilled_worker_placement"]
				k.Path = unit + "/" + k.Name
				files = append(files, sheet(c, &k, k.named(c, q), c.quarter(q).End(), k.form(c, q, 0), own))
			}
		}
	}
	return files
}
