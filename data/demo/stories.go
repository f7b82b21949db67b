package demo

import (
	"embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"

	"citykpi/pipeline/kpi"
)

//go:embed figures.yaml stories
var tables embed.FS

// story is stories/*.yaml, which say what each list means: what happens besides what is drawn by lot, and where.
type story struct {
	Plans          map[kpi.Quarter]plan
	Products       map[kpi.Quarter]int
	Rhythms        []rhythm
	Chains, Funds  []monthly
	Milestones     []milestone
	Stages         []milestone
	ProvinceStages []milestone `yaml:"province_stages"`
	Activities     []struct {
		ID, Name, Kind    string
		Each, Signed, Wan int
	}
	Platforms     []platformPlan
	ParkPlatforms []platformPlan `yaml:"park_platforms"`
	Consortia     []ntPlan
	Districts     []district
	Trades        []trade
	Prefectures   []district
	NTDistricts   []district `yaml:"nt_districts"`

	ProvinceSchools []located `yaml:"province_schools"`
	PilotParks      []located `yaml:"pilot_parks"`
	NamedParks      []located `yaml:"named_parks"`
	StandInParks    []int     `yaml:"stand_in_parks"`
	Clusters        []located
	Tracks          []located

	AwardRules   []awardRule             `yaml:"award_rules"`
	AwardStories map[string][]awardStory `yaml:"award_stories"`
	CalmAwards   []struct {
		Rule      string
		Pay, Base int
	} `yaml:"calm_awards"`
	Budgeted []struct {
		Article, Unit string
		Percent       int64
	}
	Promised []promise
}

// monthly is what begins in a month; a fund's amounts are in 亿元.
type monthly struct {
	Name, Kind      string
	Year, Month     int
	Committed, Paid int64
}

// milestone is what is begun and met in a year and month, or reached on a day or in a quarter of a plan.
type milestone struct {
	ID, Stage, Words, Evidence string
	Begun, Met                 [2]int
	Quarter, Reached           int
	On                         kpi.Date
}

type platformPlan struct {
	Kind, Words string
	Before      int
	Yearly      []int
}

// located is what lies in a district, prefecture or park, by its place among them.
type located struct {
	Name, Level            string
	District, Region, Park int
	Quarter, Firms         int
}

// district is a place values are reported for, with what the generator needs of it.
type district struct {
	Code, Name, Short, Park string
	ParkFull                string `yaml:"park_full"`
	Office                  int32
	OldOffice               string `yaml:"old_office"`
	Firms, Strength         int
	Streets                 []string
}

func districts() []district { return stories().Districts }

// awardRule is a rule money is paid under.
type awardRule struct {
	ID, Article, Project string
	Low, High            int // 万元, of what most of the money is paid for
}

type trade struct {
	Word, Industry, Scope string
	Strength              int
}

// promise is how much was promised, and by the end of which quarter.
type promise struct {
	ID     string
	Target float64
	By     kpi.Quarter
	OfYear bool `yaml:"of_year"`
}

var stories = sync.OnceValue(func() *story {
	var s story
	for _, file := range []string{"stories/plans.yaml", "stories/places.yaml", "stories/awards.yaml"} {
		embedded(file, &s)
	}
	return &s
})

// embedded reads a file that is part of the program; that it can be read every test of the demo shows.
func embedded(file string, into any) {
	raw, err := tables.ReadFile(file)
	if err == nil {
		err = yaml.UnmarshalWithOptions(raw, into, yaml.Strict())
	}
	if err != nil {
		panic(fmt.Sprintf("data/demo/%s: %v", file, err))
	}
}

// tier is a level of the SME gradient, or the champion's, which stands apart.
type tier uint8

const (
	innovative tier = iota
	specialised
	littleGiant
	champion
	tierCount
)

// plan is how the full-size city stands at the end of a quarter, and how many person events it brings.
type plan struct {
	Stock                            [tierCount]int
	Firms, Universities, Managers    int
	Placed, Deputies, Served, Taught int
}

// planned is the plan of a quarter; outside the years planned the nearest one, adrift.
func planned(q kpi.Quarter) plan {
	plans := stories().Plans
	if p, ok := plans[q]; ok {
		return p
	}
	first, last := kpi.Quarter{Year: 2022, N: 3}, kpi.Quarter{Year: 2026, N: 3}
	if q.End().Before(first.End()) {
		return plans[first]
	}
	return plans[last]
}
