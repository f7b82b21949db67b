package modeltest

import (
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/project"
	"citykpi/pipeline/warehouse"
)

// Counts lists the models of sql/kpi whose facts a case expects something of: a figure that is not null and not 0 on
// every date, which a model that finds nothing would have as well.
func Counts(p *project.Project, c Case) []string {
	var models []string
	for _, v := range c.Expect.Values {
		if !slices.ContainsFunc(v.Values, func(f *float64) bool { return f != nil && *f != 0 }) {
			continue
		}
		_, lines := linesOf(p, v.ID)
		for _, l := range lines {
			side := v.Measure == "" && (l.Measure == "of" || l.Measure == "to") // a share is counted by both its sides
			if l.Model != "" && (l.Measure == v.Measure || side && lines[0].Model == "") {
				models = append(models, "kpi."+l.Model)
			}
		}
	}
	slices.Sort(models)
	return slices.Compact(models)
}

// Without lists the models of sql/kpi of which no case expects anything.
func Without(p *project.Project, cases []Case) []string {
	var counted, without []string
	for _, c := range cases {
		counted = append(counted, Counts(p, c)...)
	}
	for _, m := range p.Models {
		if strings.HasPrefix(m.Name, "kpi.") && !slices.Contains(counted, m.Name) {
			without = append(without, m.Name)
		}
	}
	slices.Sort(without)
	return without
}

// Of lists the cases of the named models: those that lie beside one, and those that expect a figure it counts. Of a
// model that has neither they are those of the models of sql/kpi that read it. kpi. may be left out of a name.
func Of(p *project.Project, cases []Case, names []string) ([]Case, error) {
	wanted := map[string]bool{}
	for _, name := range names {
		m, err := find(p, name)
		if err != nil {
			return nil, err
		}
		models := []string{m.Name}
		if !slices.ContainsFunc(cases, func(c Case) bool { return c.of(p, m.Name) }) {
			models = nil
			for _, reader := range p.Models.Between(m.Name, kpiModels(p)...) {
				models = append(models, reader.Name)
			}
		}
		found := false
		for _, c := range cases {
			if slices.ContainsFunc(models, func(m string) bool { return c.of(p, m) }) {
				found, wanted[c.File] = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("no case for %s. Try: write sql/%s%s, see sql/TESTING.md",
				m.Name, strings.TrimSuffix(m.File, ".sql"), project.CaseFile)
		}
	}
	return slices.DeleteFunc(slices.Clone(cases), func(c Case) bool { return !wanted[c.File] }), nil
}

func (c Case) of(p *project.Project, model string) bool {
	return c.Model == model || slices.Contains(Counts(p, c), model)
}

func kpiModels(p *project.Project) []string {
	var names []string
	for _, m := range p.Models {
		if strings.HasPrefix(m.Name, "kpi.") {
			names = append(names, m.Name)
		}
	}
	return names
}

// find is the model of a name, or an error with the likely one.
func find(p *project.Project, name string) (warehouse.Model, error) {
	full := name
	if !strings.Contains(name, ".") {
		full = "kpi." + name
	}
	m, ok := p.Models.Find(full)
	if !ok {
		var names []string
		for _, m := range p.Models {
			names = append(names, m.Name)
		}
		hint := ""
		if best := kpi.Nearest(full, names); best != "" {
			hint = fmt.Sprintf(" Did you mean %s?", best)
		}
		return m, fmt.Errorf("no model %s.%s Try: the name of a file of sql/, as in kpi.enterprise_tier", name, hint)
	}
	return m, nil
}
