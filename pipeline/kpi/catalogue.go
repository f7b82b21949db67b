// Package kpi is the catalogue of commitments and their arithmetic: targets,
// periods, pace and lights. It is pure: no clock, no files, no database; the
// standard library only. Everything else hands it values and gets values back.
package kpi

import "slices"

import "cmp"

// Kind says how facts become a value. See Commitment.Kind.
type Kind string

const (
	Stock         Kind = "stock"          // facts whose interval covers the date
	Cumulative    Kind = "cumulative"     // facts whose event lies on or before the date
	AnnualFlow    Kind = "annual_flow"    // facts whose event lies in the year, up to the date
	QuarterSum    Kind = "quarter_sum"    // facts whose event lies in the quarter, up to the date
	Ratio         Kind = "ratio"          // Of as a percentage of To, each a count of its own
	Constraint    Kind = "constraint"     // a bound on what holds on the date, as of a stock
	Milestone     Kind = "milestone"      // the stage reached: 0 未启动, 1 推进中, 2 完成
	Obligation    Kind = "obligation"     // done again and again: how often up to the date; Every says when it is due
	AwardRule     Kind = "award_rule"     // money paid under the rule up to the date, in 元
	ScorecardItem Kind = "scorecard_item" // who earned an item's points at the latest evaluation
	ScorecardRule Kind = "scorecard_rule" // whom a rule about the points applies to since then
)

// Kinds are those a policy file may name.
var Kinds = []Kind{Stock, Cumulative, AnnualFlow, QuarterSum, Ratio, Constraint, Milestone, Obligation, AwardRule, ScorecardItem, ScorecardRule}

// Interval reports whether the kind counts intervals that cover the date;
// Event whether it counts events up to it.
func (k Kind) Interval() bool {
	return k == Stock || k == Constraint || k == Milestone || k == ScorecardItem || k == ScorecardRule
}
func (k Kind) Event() bool {
	return k == Cumulative || k == AnnualFlow || k == QuarterSum || k == Obligation || k == AwardRule
}

// Rhythms are what happens again and again may be due by, and their months.
var Rhythms = map[string]int{"quarter": 3, "half_year": 6, "year": 12}

// Stages are the words for a milestone's values.
var Stages = []string{"未启动", "推进中", "完成"}

// Stage is the word for a milestone's value.
func Stage(value float64) string {
	return Stages[max(0, min(len(Stages)-1, int(value)))]
}

// Document is one policy document and what it commits to.
type Document struct {
	ID           string            `yaml:"document" json:"id"`
	Title        string            `yaml:"title" json:"title"`
	Short        string            `yaml:"short" json:"short,omitempty"` // as officials call it; see Called
	Number       string            `yaml:"number" json:"number"`
	Issuer       string            `yaml:"issuer" json:"issuer"`
	Issued       Date              `yaml:"issued" json:"issued"`
	Assumed      map[string]string `yaml:"assumed" json:"assumed"`             // 推定 about issued, issuer or number: which, and why
	Region       string            `yaml:"region" json:"region"`               // code of the jurisdiction
	Status       string            `yaml:"status" json:"status"`               // in_force | draft | superseded
	SupersededBy string            `yaml:"superseded_by" json:"superseded_by"` // the document in its place
	Scorecard    *Scorecard        `yaml:"scorecard" json:"scorecard"`         // how points become grades; nil: the document has none
	Commitments  []Commitment      `yaml:"commitments" json:"commitments"`
	Indicators   []Commitment      `yaml:"indicators" json:"indicators"` // watched, but nobody promised them
}

// Draft reports whether the document is not in force yet: what it names is reported,
// and nobody is judged by it.
func (d Document) Draft() bool { return d.Status == "draft" }

// Called is the document's short title, its id where it has none.
func (d Document) Called() string { return cmp.Or(d.Short, d.ID) }

// Assumable are what of a document itself may be assumed.
var Assumable = []string{"issued", "issuer", "number"}

// Assumptions are the document's own 推定 in the order of Assumable.
func (d Document) Assumptions() []string {
	var list []string
	for _, k := range Assumable {
		if why := d.Assumed[k]; why != "" {
			list = append(list, why)
		}
	}
	return list
}

// Commitment is one thing a document promises.
type Commitment struct {
	ID         string      `yaml:"id" json:"id"` // of the catalogue: NJ88-003
	Article    string      `yaml:"article" json:"article"`
	Name       string      `yaml:"name" json:"name"`
	Words      string      `yaml:"words" json:"words"` // a short quoted phrase around the number
	Summary    string      `yaml:"summary" json:"summary"`
	Kind       Kind        `yaml:"kind" json:"kind"`
	Target     *Target     `yaml:"target" json:"target"`
	Unit       string      `yaml:"unit" json:"unit"`         // of the value, when there is no target to carry it
	Expected   bool        `yaml:"expected" json:"expected"` // 预期性 (力争, 预计): reported, never red
	Units      []string    `yaml:"units" json:"units"`       // responsible units, lead first
	Model      string      `yaml:"kpi" json:"model"`         // sql/kpi/<model>.sql; empty: 未接入数据
	Variant    string      `yaml:"variant" json:"variant"`
	Counts     []string    `yaml:"counts" json:"counts,omitempty"` // the filters of model and variant, in their words
	From       Date        `yaml:"from" json:"from,omitzero"`      // of what adds up: the first day that counts; absent: the document's
	Flow       string      `yaml:"flow" json:"flow,omitempty"`     // of what is counted in one year only: the measure that counts every year alike, for 同比
	SameAs     string      `yaml:"same_as" json:"same_as"`         // an earlier commitment that counts the same
	Of         *Part       `yaml:"of" json:"of"`                   // of a ratio: what is counted
	To         *Part       `yaml:"to" json:"to"`                   // and what it is a share of
	Every      string      `yaml:"every" json:"every"`             // of an obligation: quarter | half_year | year; "": no rhythm
	Each       string      `yaml:"each" json:"each,omitempty"`     // of an obligation or a bound that every one of several keeps, and of a share of them: what they are, 联合体; see mart.duty, mart.bound and mart.member
	Award      *Award      `yaml:"award" json:"award"`             // of an award rule
	Points     float64     `yaml:"points" json:"points"`           // of a scorecard item
	Bonus      bool        `yaml:"bonus" json:"bonus"`             // its points come on top of the hundred
	Conditions []Condition `yaml:"conditions" json:"conditions"`   // of a scorecard item: all must hold
	Decision   string      `yaml:"decision" json:"decision"`       // how ambiguity was decided
	Assumed    []string    `yaml:"assumed" json:"assumed"`         // 推定, printed beside the number
	Also       []Measure   `yaml:"also" json:"also"`               // second figures beside the first
	Pinned     bool        `yaml:"pinned" json:"pinned"`           // a headline card on the dashboard

	Document string `yaml:"-" json:"document"`
	ByRegion bool   `yaml:"-" json:"by_region,omitempty"` // each district files its own report
	Whole    bool   `yaml:"-" json:"whole,omitempty"`     // 不分区: its facts belong to no district
	File     string `yaml:"-" json:"-"`                   // the policy file, for errors
	Line     int    `yaml:"-" json:"-"`
}

// ValueUnit is the unit of the value: 家, 名, 元.
func (c Commitment) ValueUnit() string {
	if c.Target != nil {
		return c.Target.Unit
	}
	return c.Unit
}

// CountsFrom is the first day that counts: of what adds up or is done again and again, and of a share of such,
// the document's own day unless the commitment says otherwise; zero for every other kind.
func (c Commitment) CountsFrom(d Document) Date {
	if c.Of != nil && c.To != nil {
		return cmp.Or(c.SideFrom(d, *c.Of), c.SideFrom(d, *c.To))
	}
	return c.from(d, c.Kind, "")
}

// SideFrom is the first day that a side of a ratio counts.
func (c Commitment) SideFrom(d Document, p Part) Date { return c.from(d, p.Kind, p.All) }

// MeasureFrom is the first day that a second figure counts.
func (c Commitment) MeasureFrom(d Document, m Measure) Date {
	return c.from(d, cmp.Or(m.Kind, c.Kind), m.All)
}

func (c Commitment) from(d Document, kind Kind, all string) Date {
	if all != "" || !kind.AddsUp() {
		return Date{}
	}
	return cmp.Or(c.From, d.Issued)
}

// AddsUp reports whether a kind counts all that happened since some day.
func (k Kind) AddsUp() bool { return k == Cumulative || k == Obligation }

// Start is from when on figures of a commitment that add up count.
type Start struct {
	Of   string // 技术经理人: a second figure that counts otherwise than the first; "": the first
	From Date
	All  string // why it counts all there is; "": from the day on
}

// CountedFrom lists from when on the figures of a commitment count that add up, each that differs from the first.
func (c Commitment) CountedFrom(d Document) []Start {
	var first Start
	var list []Start
	if c.Model == "" && c.Of == nil {
		return nil // nothing is counted
	}
	if first.From = c.CountsFrom(d); c.Of != nil && first.From.IsZero() {
		first.All = c.Of.All
	}
	if first != (Start{}) {
		list = append(list, first)
	}
	for _, m := range c.Also {
		s := Start{From: c.MeasureFrom(d, m), All: m.All}
		if s != first && s != (Start{}) {
			s.Of = m.Title
			list = append(list, s)
		}
	}
	return list
}

// Starts is the day the pace runs from: that from which it counts, else the document's.
func (c Commitment) Starts(d Document) Date { return cmp.Or(c.CountsFrom(d), d.Issued) }

// Provisional reports whether any part of the definition is 推定.
func (c Commitment) Provisional() bool { return len(c.Assumed) > 0 }

// Measure is a second figure of a commitment: the exclusive count beside the
// nested one, heads beside person-times.
type Measure struct {
	Name    string `yaml:"measure" json:"measure"` // ascii: exclusive
	Title   string `yaml:"title" json:"title"`     // 互斥口径
	Kind    Kind   `yaml:"kind" json:"kind"`       // default: the commitment's
	Unit    string `yaml:"unit" json:"unit"`       // default: the commitment's
	Model   string `yaml:"kpi" json:"model"`       // default: the commitment's
	Variant string `yaml:"variant" json:"variant"`
	All     string `yaml:"counts_all" json:"counts_all,omitempty"` // of what adds up: why it counts what was before the document, too
	Breaks  bool   `yaml:"breaks" json:"breaks,omitempty"`         // it counts what breaks the commitment's bound

	Counts []string `yaml:"counts" json:"counts,omitempty"`
}

// Part is one side of a ratio.
type Part struct {
	Kind    Kind     `yaml:"kind" json:"kind"`
	Model   string   `yaml:"kpi" json:"model"`
	Variant string   `yaml:"variant" json:"variant"`
	Counts  []string `yaml:"counts" json:"counts,omitempty"`
	All     string   `yaml:"counts_all" json:"counts_all,omitempty"` // of what adds up: why it counts what was before the document, too
}

// Award is what a rule gives, as far as the document says it. Payments are held
// against it in mart.award_audit.
type Award struct {
	Rate       *float64 `yaml:"rate" json:"rate"`               // share of Base, 0 to 1; nil: none given
	Each       *float64 `yaml:"each" json:"each"`               // 元 for each unit of Base instead of a share of it
	Base       string   `yaml:"base" json:"base"`               // of what: 企业研发总投入
	Cap        *float64 `yaml:"cap" json:"cap"`                 // at most, in 元; nil: none given
	Per        string   `yaml:"per" json:"per"`                 // one of AwardPer: what Cap and Rate hold for
	PerYear    bool     `yaml:"per_year" json:"per_year"`       // the cap starts anew each year
	Times      string   `yaml:"times" json:"times"`             // how often it may be awarded: year: once a year, once: ever; "": more often
	Months     int      `yaml:"months" json:"months"`           // window; 0: none
	From       string   `yaml:"from" json:"from"`               // payment: Months run from the first payment (default); basis: from 起始日, and Base counts inside them
	Tier       string   `yaml:"tier" json:"tier"`               // the payee must hold it when paid: specialised; "": anybody
	Lead       bool     `yaml:"lead" json:"lead"`               // the payee is who leads the project: Tier is asked of the leader
	Grades     []string `yaml:"grades" json:"grades,omitempty"` // an evaluation must have given one of them by then: 优秀
	Conditions []string `yaml:"conditions" json:"conditions"`   // who may have it, in words
	Clauses    []string `yaml:"clauses" json:"clauses"`         // how exports name the rule: 政策条款, or 政策条款 and 项目名称 together
	Twin       string   `yaml:"twin" json:"twin"`               // the same money in another rule: paid once
}

// AwardPer are what a cap may hold for. Enterprises are the payees; persons are
// named; everything else is known by its 项目编号.
var AwardPer = []string{"", "project", "enterprise", "platform", "consortium", "person", "payment"}

// Target is what was promised. Exactly one of AtLeast, AtMost or Between is set.
type Target struct {
	AtLeast       *float64    `yaml:"at_least" json:"at_least"`
	AtMost        *float64    `yaml:"at_most" json:"at_most"`
	Between       *[2]float64 `yaml:"between" json:"between"`
	Tolerance     float64     `yaml:"tolerance" json:"tolerance"` // 左右: at_least is met this share below it; 0.1: from 90 of 100 on
	Bound         bool        `yaml:"bound" json:"bound"`         // must hold at any time, as a constraint does: of a ratio
	Unit          string      `yaml:"unit" json:"unit"`
	By            Date        `yaml:"by" json:"by"`                           // deadline; zero: none
	Per           string      `yaml:"per" json:"per"`                         // "year": the target starts anew each year
	Every         string      `yaml:"every" json:"every"`                     // of a yearly target that comes in batches: due at the end of each quarter | half_year | year; "": month by month
	FirstFullYear int         `yaml:"first_full_year" json:"first_full_year"` // years before it are reported, not judged
}

// Comparator is >=, <= or between.
func (t Target) Comparator() string {
	switch {
	case t.AtMost != nil:
		return "<="
	case t.Between != nil:
		return "between"
	}
	return ">="
}

// Value is the number to reach: the lower bound of a range.
func (t Target) Value() float64 {
	switch {
	case t.AtLeast != nil:
		return *t.AtLeast
	case t.AtMost != nil:
		return *t.AtMost
	case t.Between != nil:
		return t.Between[0]
	}
	return 0
}

// High is the upper bound of a range, nil otherwise.
func (t Target) High() *float64 {
	if t.Between == nil {
		return nil
	}
	return &t.Between[1]
}

// Region is a place numbers are reported for.
type Region struct {
	Code   string   `yaml:"code" json:"code"`     // GB/T 2260, or the registering office's code of a functional area
	Name   string   `yaml:"name" json:"name"`     // 江宁区
	Short  string   `yaml:"short" json:"short"`   // 江宁
	Kind   string   `yaml:"kind" json:"kind"`     // province | city | district | functional | park
	Parent string   `yaml:"parent" json:"parent"` // "" for a jurisdiction
	Alias  []string `yaml:"alias" json:"alias"`   // other words for it in lists and addresses
	Codes  []string `yaml:"codes" json:"codes"`   // older or office codes that mean it
	Tile   [2]int   `yaml:"tile" json:"tile"`     // column and row in the tile map
}

// Reports reports whether numbers are given for the region: a jurisdiction, or
// one of its districts and functional areas. Parks count in their district.
func (r Region) Reports(all []Region) bool {
	if r.Parent == "" {
		return true
	}
	for _, p := range all {
		if p.Code == r.Parent {
			return p.Parent == "" && r.Kind != "park"
		}
	}
	return false
}

// Districts lists the reporting regions right below a jurisdiction, in their order.
func Districts(all []Region, jurisdiction string) []Region {
	var list []Region
	for _, r := range all {
		if r.Parent == jurisdiction && r.Reports(all) {
			list = append(list, r)
		}
	}
	return list
}

// OnceEach are those of Districts that are counted once each: a park reports through the district that holds it.
func OnceEach(all []Region, jurisdiction string) []Region {
	return slices.DeleteFunc(Districts(all, jurisdiction), func(r Region) bool { return r.Kind == "park" })
}
