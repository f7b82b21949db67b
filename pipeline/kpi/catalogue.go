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
var Kinds = []Kind{Stock, Cumulative, AnnualFlow, QuarterSum, Ratio, Constraint, Milestone, Obligation, AwardRule,
	ScorecardItem, ScorecardRule}

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
	// Id of the document, with which the ids of its commitments begin.
	ID     string `yaml:"document" json:"id"`
	Title  string `yaml:"title" json:"title"`           // its title, as it is published
	Short  string `yaml:"short" json:"short,omitempty"` // what officials call it, for columns; left out: its id
	Number string `yaml:"number" json:"number"`         // its number, 文号
	Issuer string `yaml:"issuer" json:"issuer"`         // who published it
	Issued Date   `yaml:"issued" json:"issued"`         // the day it was issued, from which pace is measured
	// 推定: what of issued, issuer and number the document does not say itself, each with the reason for what is written here.
	Assumed map[string]string `yaml:"assumed" json:"assumed"`
	Region  string            `yaml:"region" json:"region"` // code of the jurisdiction
	// in_force: it holds; draft: reported, and nobody is judged by it; superseded: another stands in its place.
	Status       string `yaml:"status" json:"status"`
	SupersededBy string `yaml:"superseded_by" json:"superseded_by"` // id of the document that stands in its place
	// How the points of its scorecard items become grades; left out: it has none.
	Scorecard   *Scorecard   `yaml:"scorecard" json:"scorecard"`
	Commitments []Commitment `yaml:"commitments" json:"commitments"` // what it promises
	Indicators  []Commitment `yaml:"indicators" json:"indicators"`   // what is watched, though nobody promised it
}

// Statuses are those that a document may have.
var Statuses = []string{"in_force", "draft", "superseded"}

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
	ID      string `yaml:"id" json:"id"`           // its id in the catalogue, as NJ88-003; no other commitment has it
	Article string `yaml:"article" json:"article"` // article of the document that says it
	Name    string `yaml:"name" json:"name"`       // its name in lists
	Words   string `yaml:"words" json:"words"`     // a short quotation around the number
	Summary string `yaml:"summary" json:"summary"` // what the rest of the article says, in own words
	// How facts become the value. stock, constraint and milestone look at what holds on a day; cumulative, annual_flow and
	// quarter_sum add up what happened; a ratio is one count as percent of another; an obligation is done again and again;
	// award_rule is money paid under a rule; scorecard_item and scorecard_rule are about points.
	Kind   Kind    `yaml:"kind" json:"kind"`
	Target *Target `yaml:"target" json:"target"` // what was promised; left out: the figure is reported and not judged
	// Unit of the value, where there is no target to carry it.
	Unit string `yaml:"unit" json:"unit"`
	// 预期性 (力争, 预计): reported, and never red.
	Expected bool     `yaml:"expected" json:"expected"`
	Units    []string `yaml:"units" json:"units"` // responsible units, the one that leads first
	// Model that counts it: the name of a file of sql/kpi. Left out: 未接入数据, no data yet.
	Model   string `yaml:"kpi" json:"model"`
	Variant string `yaml:"variant" json:"variant"` // which of the model's variants it counts
	// What is left out of the count: the filters of model and variant, in their words. Left out: they are taken from the model.
	Counts []string `yaml:"counts" json:"counts,omitempty"`
	// Numbers and words of the document that the model counts by, under the names that the model's .yml has for them: {amount: [300000]}.
	Terms map[string][]string `yaml:"terms" json:"terms,omitempty"`
	// Of what adds up: the first day that counts. Left out: the document's day of issue.
	From Date `yaml:"from" json:"from,omitzero"`
	// Of what is counted in one year only: the measure under also that counts every year alike, for 同比.
	Flow   string `yaml:"flow" json:"flow,omitempty"`
	SameAs string `yaml:"same_as" json:"same_as"` // id of an earlier commitment that counts the same
	Of     *Part  `yaml:"of" json:"of"`           // of a ratio: what is counted
	To     *Part  `yaml:"to" json:"to"`           // of a ratio: what that is a share of
	// Of an obligation: by the end of what it is due again. Left out: it has no rhythm.
	Every string `yaml:"every" json:"every"`
	// Where every one of several keeps an obligation or a bound, or a ratio is a share of them: what they are, as 联合体.
	// mart.duty, mart.bound and mart.member tell of each.
	Each       string      `yaml:"each" json:"each,omitempty"`
	Award      *Award      `yaml:"award" json:"award"`           // of an award rule: what it gives
	Points     float64     `yaml:"points" json:"points"`         // of a scorecard item: what it is worth
	Bonus      bool        `yaml:"bonus" json:"bonus"`           // of a scorecard item: its points come on top of the full score
	Conditions []Condition `yaml:"conditions" json:"conditions"` // of a scorecard item: what a year's evidence must show; all must hold
	Decision   string      `yaml:"decision" json:"decision"`     // how what the document leaves open was decided
	Assumed    []string    `yaml:"assumed" json:"assumed"`       // 推定: what the document does not say, printed beside the number
	Also       []Measure   `yaml:"also" json:"also"`             // second figures beside the first
	Pinned     bool        `yaml:"pinned" json:"pinned"`         // a headline card on the dashboard

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
	Name    string `yaml:"measure" json:"measure"` // its name in tables: exclusive; no other of the commitment has it
	Title   string `yaml:"title" json:"title"`     // its name for readers: 互斥口径
	Kind    Kind   `yaml:"kind" json:"kind"`       // how facts become its value; left out: as the commitment's
	Unit    string `yaml:"unit" json:"unit"`       // unit of its value; left out: the commitment's
	Model   string `yaml:"kpi" json:"model"`       // model that counts it; left out: the commitment's
	Variant string `yaml:"variant" json:"variant"` // which of the model's variants it counts
	// Of what adds up: why it counts what was before the document, too. Left out: it does not.
	All    string `yaml:"counts_all" json:"counts_all,omitempty"`
	Breaks bool   `yaml:"breaks" json:"breaks,omitempty"` // it counts what breaks the commitment's bound

	// What is left out of the count, in the words of the model's filters. Left out: they are taken from the model.
	Counts []string `yaml:"counts" json:"counts,omitempty"`
}

// Part is one side of a ratio.
type Part struct {
	Kind    Kind   `yaml:"kind" json:"kind"`       // how facts become this side's value
	Model   string `yaml:"kpi" json:"model"`       // model that counts this side
	Variant string `yaml:"variant" json:"variant"` // which of the model's variants it counts
	// What is left out of the count, in the words of the model's filters. Left out: they are taken from the model.
	Counts []string `yaml:"counts" json:"counts,omitempty"`
	// Of what adds up: why it counts what was before the document, too. Left out: it does not.
	All string `yaml:"counts_all" json:"counts_all,omitempty"`
}

// Award is what a rule gives, as far as the document says it. Payments are held
// against it in mart.award_audit.
type Award struct {
	Rate *float64 `yaml:"rate" json:"rate"` // share of base that is paid, above 0 and up to 1
	Each *float64 `yaml:"each" json:"each"` // 元 for each unit of base, instead of a share of it
	Base string   `yaml:"base" json:"base"` // what rate or each is of: 企业研发总投入
	Cap  *float64 `yaml:"cap" json:"cap"`   // at most so much is paid, in 元
	// What cap and rate hold for. Enterprises are the payees; persons are named; everything else is known by its 项目编号.
	Per     string `yaml:"per" json:"per"`
	PerYear bool   `yaml:"per_year" json:"per_year"` // the cap starts anew each year
	Times   string `yaml:"times" json:"times"`       // how often it may be awarded: once a year, or once; left out: more often
	Months  int    `yaml:"months" json:"months"`     // for so many months it is paid; left out: no window
	// Where the months run from. payment: from the first payment, which is the default. basis: from 起始日, and base counts inside them.
	From       string   `yaml:"from" json:"from"`
	Tier       string   `yaml:"tier" json:"tier"`               // title that the payee must hold when paid; left out: none
	Lead       bool     `yaml:"lead" json:"lead"`               // the payee is who leads the project: tier is asked of the leader
	Grades     []string `yaml:"grades" json:"grades,omitempty"` // an evaluation must have given one of them by then: 优秀
	Conditions []string `yaml:"conditions" json:"conditions"`   // who may have it, in words
	Clauses    []string `yaml:"clauses" json:"clauses"`         // how exports name the rule: 政策条款, or 政策条款 and 项目名称 together
	Twin       string   `yaml:"twin" json:"twin"`               // id of another rule under which the same money is paid once
}

// AwardPer are what a cap may hold for. Enterprises are the payees; persons are
// named; everything else is known by its 项目编号.
var AwardPer = []string{"", "project", "enterprise", "platform", "consortium", "person", "payment"}

// Other words of an award, of which "" is that none is given.
var (
	AwardTimes = []string{"", "year", "once"}
	AwardFrom  = []string{"", "payment", "basis"}
	AwardTiers = []string{"", "innovative", "specialised", "little_giant", "champion"}
)

// Target is what was promised. Exactly one of AtLeast, AtMost or Between is set.
type Target struct {
	AtLeast *float64    `yaml:"at_least" json:"at_least"` // the value must reach this; one of at_least, at_most and between is written
	AtMost  *float64    `yaml:"at_most" json:"at_most"`   // the value must not be above this
	Between *[2]float64 `yaml:"between" json:"between"`   // the value must lie between these two
	// 左右: at_least is met this share below it; 0.1 of 100 is from 90 on.
	Tolerance float64 `yaml:"tolerance" json:"tolerance"`
	Bound     bool    `yaml:"bound" json:"bound"` // of a ratio: it must hold at any time, as a constraint does
	Unit      string  `yaml:"unit" json:"unit"`   // unit of the number: 家, 名, 元
	By        Date    `yaml:"by" json:"by"`       // the last day to reach it; left out: no deadline
	Per       string  `yaml:"per" json:"per"`     // what the target is of: with year it starts anew each year
	// Of a yearly target that comes in batches: the end of what each is due by. Left out: month by month.
	Every         string `yaml:"every" json:"every"`
	FirstFullYear int    `yaml:"first_full_year" json:"first_full_year"` // years before it are reported and not judged
}

// TargetPer is what a target may be of.
var TargetPer = []string{"", "year"}

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
