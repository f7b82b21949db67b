package demo

import (
	"fmt"

	"github.com/goccy/go-yaml"

	"citykpi/data"
)

// School is a row of data/schools/<jurisdiction>.yaml.
type School struct {
	Code string `yaml:"code"` // 学校标识码, 10 digits
	Name string `yaml:"name"`
	Kind string `yaml:"kind"`    // university | vocational
	City bool   `yaml:"in_city"` // lies in the jurisdiction
}

const (
	university       = "university"
	vocationalSchool = "vocational"
)

func readSchools() ([]School, error) {
	const file = "schools/320100.yaml"
	raw, err := data.FS.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read data/%s: %w", file, err)
	}
	var doc struct {
		Schools []School `yaml:"schools"`
	}
	if err := yaml.UnmarshalWithOptions(raw, &doc, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("data/%s: %w", file, err)
	}
	return doc.Schools, nil
}
