package kpi

import (
	"fmt"
	"strings"
	"time"
)

// Snapshot is everything a reader of one release may print, as plain values:
// reports are written from it and never open the database.
type Snapshot struct {
	Title       string // of the dashboard: 南京市政策承诺指标调度
	Release     Release
	Region      Region   // the jurisdiction: 320100 南京市
	Districts   []Region // its districts and functional areas, in code order
	Regions     []Region // every region of every jurisdiction, parks included
	Documents   []Document
	Attainments []Attainment          // at Release.AsOf: every commitment and indicator, for the jurisdiction and its districts
	Before      map[string]Attainment // how each stood in the jurisdiction at the end of the quarter before, by what is known now
	Series      Series                // every value at every quarter end and at Release.AsOf
	Duties      []Duty                // of what every one of several must do: who had to, and who did
	Crossings   map[string][]Crossing // by commitment: the days on which its value passed its target, the oldest first
	Contracts   []ContractCell
	Payouts     []PayoutCell
	Findings    []AwardFinding    // of the audit of awards, on payments by the as-of date
	Scorecards  []ScorecardResult // evaluations by the as-of date, by holder and year
	Submissions []Submission
	Calendar    []CalendarRow // who filed what for the last periods, the rows of a unit together
	Held        []Held        // files that wait to be confirmed
	Checks      []Check
	Restated    []Restatement
	Lights      Thresholds          // the lights were judged by
	Answers     map[string][]string // KPI model → sources it reads
	Runs        []RunRecord         // those before this one, the newest first
	Jobs        []JobRun            // what was scheduled by then, the newest first
	Sentences   map[string]string   // commitment → the sentence it stands in, where the original is installed
}

// Restatement is a figure of a closed quarter that the data known since then changes.
type Restatement struct {
	Quarter Quarter  `json:"quarter"`
	ID      string   `json:"id"`
	Measure string   `json:"measure"`
	Region  string   `json:"region_code"`
	Old     *float64 `json:"old"` // as published; nil: there was none
	New     *float64 `json:"new"`
	Cause   Cause    `json:"cause"`
	Came    int64    `json:"facts_came"`    // entities that count now and did not
	Went    int64    `json:"facts_went"`    // entities that counted and do no more
	Changed int64    `json:"facts_changed"` // entities that count for something else than they did

	Corrected int64 `json:"facts_corrected"` // of all of them: for a row that was replaced
	Withdrawn int64 `json:"facts_withdrawn"` // for a row that was withdrawn; the rest is what became known late
	Turned    bool  `json:"verdict_turned"`  // its verdict, as published with the figure, is another now
}

// Reasons are the causes as readers see them: each with how many entities it has where there are
// several, and that the verdict is another one now.
func (r Restatement) Reasons() string {
	words := r.Cause.Chinese()
	all := r.Came + r.Went + r.Changed
	if late := all - r.Corrected - r.Withdrawn; r.Cause != ChangedDefinition && all > max(late, r.Corrected, r.Withdrawn) {
		var each []string
		for _, of := range []struct {
			cause Cause
			n     int64
		}{{CorrectedData, r.Corrected}, {WithdrawnData, r.Withdrawn}, {LateData, late}} {
			if of.n > 0 {
				each = append(each, fmt.Sprintf("%s %d 条", of.cause.Chinese(), of.n))
			}
		}
		words = strings.Join(each, "、")
	}
	if r.Old == nil && r.New != nil && *r.New == 0 && all == 0 {
		words += "（关账时无此数，现已报送，计为零）"
	}
	if r.Turned {
		words += "；到期结论随之改变"
	}
	return words
}

// RestatedOf are the restated figures of a commitment in a region, "" in all: quarter by quarter, of each
// figure the whole before its places.
func (s *Snapshot) RestatedOf(id, region string) []Restatement {
	list := []Restatement{}
	for _, r := range s.Restated {
		if r.ID == id && (region == "" || r.Region == region) {
			list = append(list, r)
		}
	}
	return list
}

// Cause says why a published figure changed.
type Cause string

const (
	LateData          Cause = "late_data"          // what was filed before stands; more became known
	CorrectedData     Cause = "corrected_data"     // rows that counted were replaced
	WithdrawnData     Cause = "withdrawn_data"     // rows that counted were withdrawn, and none replaced
	ChangedDefinition Cause = "changed_definition" // the commitment or its model reads differently now
)

// Causes are all there are, in the order in which they are listed.
var Causes = []Cause{LateData, CorrectedData, WithdrawnData, ChangedDefinition}

// Chinese is the cause as readers see it.
func (c Cause) Chinese() string {
	return map[Cause]string{LateData: "迟报数据", CorrectedData: "更正数据", WithdrawnData: "撤销数据", ChangedDefinition: "口径调整"}[c]
}

// Release names one immutable release.
type Release struct {
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"created_at"`
	AsOf      Date      `json:"as_of"`
	KnownAt   time.Time `json:"known_at"`
	Until     time.Time `json:"known_until,omitzero"` // files that came later were left out; zero: none were
	Beside    string    `json:"beside,omitempty"`     // what reports say of a release that does not serve: 旁列版本，…
	Today     Date      `json:"today"`                // what is open or overdue is so since so many days before this one
}

// Key names one line of values. Measure is "" for the commitment's own figure.
type Key struct {
	ID      string // commitment or indicator
	Measure string
	Region  string
}

// Series holds values by line and date. A missing date is "no data", never 0.
type Series map[Key]map[Date]float64

// At is the value of a line on a date, nil when there is none.
func (s Series) At(k Key, d Date) *float64 {
	if v, ok := s[k][d]; ok {
		return &v
	}
	return nil
}

// ContractCell is one cell of the technology-contract table: contracts
// registered in a quarter by kind and district, amounts in 元. Region is the
// jurisdiction for what belongs to no district: all cells add up to the city.
type ContractCell struct {
	Quarter    Quarter
	Region     string
	Kind       string // 技术开发, 技术转让, 技术许可, 技术咨询, 技术服务
	Contracts  int
	Amount     float64 // 合同成交额
	TechAmount float64 // 技术交易额
}

// PayoutCell is award money paid in a quarter under an article, in 元; regions as in ContractCell.
type PayoutCell struct {
	Quarter Quarter
	Region  string
	Article string
	Payouts int
	Payees  int
	Amount  float64
}

// Submission is how a bureau's source stands at the as-of date.
type Submission struct {
	Source    string // contract: tech_contract
	Name      string // 技术合同认定登记
	Bureau    string
	Region    string // the jurisdiction whose source it is; "": the release's own
	Status    SourceStatus
	Due       Date // when the period of the as-of date was due
	DataDate  Date // of the newest batch
	File      string
	Batches   int
	Read      int64
	Loaded    int64
	Rejected  int64
	Dropped   int64
	Unmatched int64 // loaded rows whose enterprise is not resolved
}

// Lack is a source that a figure needs and that was never filed, or not up to the figure's date.
type Lack struct {
	Source string `json:"source"` // contract: tech_contract
	Name   string `json:"name"`   // 技术合同认定登记
	Bureau string `json:"bureau"`
	Filed  Date   `json:"data_date,omitzero"` // up to which it was; zero: never
}

// SourceStatus says what stands behind a figure.
type SourceStatus string

const (
	SourceReady   SourceStatus = "ready"   // every source covers the as-of date
	SourceStale   SourceStatus = "stale"   // a source is older: the figure is carried forward
	SourceMissing SourceStatus = "missing" // a contract exists, no batch was ever loaded
	SourceNone    SourceStatus = "none"    // 未接入数据: nothing is configured to answer it
)

// Chinese is the status as readers see it.
func (s SourceStatus) Chinese() string {
	switch s {
	case SourceReady:
		return "已报送"
	case SourceStale:
		return "沿用旧数"
	case SourceMissing:
		return "未报送"
	}
	return "未接入数据"
}

// Check is one data check of a release and how many rows failed it.
type Check struct {
	Name     string      `json:"name"`
	Title    string      `json:"title"` // in Chinese, for readers of reports
	Kind     string      `json:"kind"`  // contract | model | reconciliation
	Status   CheckStatus `json:"status"`
	Rows     int64       `json:"rows"` // rows that fail
	Blocking bool        `json:"blocking"`
	Detail   string      `json:"detail,omitempty"`
}

// CheckStatus is how a check ended.
type CheckStatus string

// A check that found rows has failed where it blocks a release, and else warned.
const (
	CheckPassed CheckStatus = "passed"
	CheckWarned CheckStatus = "warned"
	CheckFailed CheckStatus = "failed"
)
