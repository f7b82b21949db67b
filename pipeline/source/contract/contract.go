// Package contract says what one bureau's export must look like (Contract), reads it from its YAML (Parse) and finds what is
// wrong with it.
package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/personal"

	"github.com/apache/arrow-go/v18/arrow"
)

// Type is what a column's cells mean.
//
// A text is kept as it is filed, unless it tells one thing from others (isCode): a column of the key, one
// with a pattern, one of personal numbers, or one whose header ends in 号 or 码. Such a code is kept as codes are
// compared, so that the same one is the same row: ＮＪ－０１２ and NJ–012 are NJ-012. Letters, digits and
// signs of ASCII are narrow, a dash of any length between two of them is the hyphen, blanks are gone;
// case stays, as AB-1 and ab-1 may be two. Where a blank or a line end may as well part two codes, the row is
// rejected, and so it is for a letter that only looks Latin. 无, 未知 and NA in a column of names or codes are no value.
type Type string

const (
	Text           Type = "text"
	Name           Type = "name"            // of one organisation: brackets and widths unified, no blanks; two on two lines are rejected
	CreditCode     Type = "credit_code"     // 统一社会信用代码, or the older 15-, 13- and 11-character numbers: narrow, capitals, no blanks
	RegistrationNo Type = "registration_no" // 注册号, likewise
	Category       Type = "category"        // one of Column.Values
	DateType       Type = "date"
	Integer        Type = "integer"
	Money          Type = "money" // in 元, two decimals
	Decimal        Type = "decimal"
	Boolean        Type = "boolean"
)

// Free reports whether cells of the type may hold any text.
func (t Type) Free() bool {
	return t == Text || t == Name || t == RegistrationNo || t == CreditCode
}

// Types are those a contract may name.
var Types = []Type{Text, Name, CreditCode, RegistrationNo, Category, DateType, Integer, Money, Decimal, Boolean}

// Modes: a snapshot replaces the one before it, an append adds to it.
const (
	Snapshot = "snapshot"
	Append   = "append"
)

// Contract is what one bureau's export must look like: data/sources/<source>.yaml.
type Contract struct {
	Source       string   `json:"source"`
	Name         string   `json:"name"`
	Bureau       string   `json:"bureau"`
	Jurisdiction string   `json:"jurisdiction"` // whose bureau it is: 320600; "": the installation's own
	Files        []string `json:"files"`        // globs on the file's base name
	Mode         string   `json:"mode"`
	Key          []string `json:"key"` // natural key, canonical column names
	Due          Due      `json:"due"`
	// Of an append: whole, if each file is the list as it stands; year, if its figures are those since the year began.
	Covers   string   `json:"covers,omitempty"`
	HoldIf   HoldIf   `json:"hold_if"`
	DataDate []string `json:"data_date"` // in order of trust: file_name, title, or a date column (its largest value)
	Search   int      `json:"search"`    // header.search_rows: the header stands within so many rows
	Unit     string   `json:"unit"`      // of money, where neither header nor title says one
	UnitFrom []string `json:"unit_from"` // header, title, contract: where a unit of money may stand
	Format   Format   `json:"format"`
	Pull     *Pull    `json:"pull,omitempty"` // nil: files are mailed in
	Columns  []Column `json:"columns"`        // in the order of the file
	Rules    []Rule   `json:"rules"`
	Region   []string `json:"region"` // region.from: where the row's place is looked for, in order
	Version  string   `json:"-"`      // changes when, and only when, the contract's meaning does
	File     string   `json:"-"`
	Levels   int      `json:"-"` // rows that its headers may take

	index   map[string]int
	schema  *arrow.Schema
	ownHold bool
}

// Due is how often an export must come and within how many days after the period's end.
type Due struct {
	Every      string `json:"every"` // month | quarter | year
	WithinDays int    `json:"within_days"`
}

// What Covers says of a contract whose every file is the list as it stands, or has the year from its beginning.
const (
	Whole     = kpi.TellsAll
	YearSoFar = kpi.TellsYear
)

// HoldIf asks for a batch to be held back until somebody confirms it. Zero: never.
type HoldIf struct {
	RowsFallBy    float64 `json:"rows_fall_by"`             // share of the batch before it: 0.3
	Unchanged     bool    `json:"unchanged,omitempty"`      // its rows are those of the batch before it
	PeriodCovered bool    `json:"period_covered,omitempty"` // its data date is covered by another batch
}

// Holds is when a batch is held back: what the contract says, and where it says
// nothing what suits its kind. A register that lost a third of its rows, a list that
// lost half, was cut off; what happened in a period never is what happened in the one
// before. A list may well stay as it was, and what happens may well become rare.
func (c *Contract) Holds() HoldIf {
	switch {
	case c.Pull != nil && c.Pull.Watermark != "":
		return HoldIf{} // only changes come, few or many
	case c.ownHold:
		return c.HoldIf
	case c.Pull != nil:
		return HoldIf{RowsFallBy: 0.3}
	case c.Mode == Snapshot:
		return HoldIf{RowsFallBy: 0.3, Unchanged: true, PeriodCovered: true}
	case c.Covers == Whole:
		return HoldIf{RowsFallBy: 0.5, PeriodCovered: true}
	}
	return HoldIf{Unchanged: true, PeriodCovered: true}
}

// Format overrides what sniffing finds. Empty: sniff.
type Format struct {
	Encoding  string `json:"encoding"` // utf-8 | gb18030
	Delimiter string `json:"delimiter"`
	Sheet     string `json:"sheet"` // a name or a pattern; where there are several, the first

	Sheets []string `json:"sheets,omitempty"` // the others
	Path   string   `json:"path,omitempty"`   // of JSON: the member that holds the records, as in data.list
}

// Wanted are the names and patterns of the sheets that are wanted; none: whichever has the columns.
func (f Format) Wanted() []string {
	if f.Sheet == "" {
		return nil
	}
	return append([]string{f.Sheet}, f.Sheets...)
}

// Column is one column of the contract.
type Column struct {
	Name     string   `json:"name"` // canonical
	CN       []string `json:"cn"`   // headers it may have, most trusted first
	Type     Type     `json:"type"`
	Required bool     `json:"required"`
	Pattern  string   `json:"pattern"`
	Like     string   `json:"like,omitempty"` // what the pattern asks for, in words for the bureau
	Low      string   `json:"low"`            // lower bound as written; "" none
	High     string   `json:"high"`           // upper bound, or data_date; "" none
	Values   []Value  `json:"values"`
	Personal string   `json:"personal"`            // name | id | phone | party: personal data, masked wherever it leaves the lake
	Unit     string   `json:"unit"`                // of this money column
	Foreign  bool     `json:"foreign"`             // keep amounts in foreign currency in <name>_foreign and <name>_currency
	Months   bool     `json:"months,omitempty"`    // a day may be known to the month only; <name>_precision says so
	FillDown bool     `json:"fill_down,omitempty"` // a cell merged over several rows counts for each of them

	// What Parse makes of the above.
	Keys          []string       `json:"-"` // what the headers in CN are matched by, see fold.HeaderKey
	Form          *regexp.Regexp `json:"-"` // Pattern; nil: none
	LowDate       kpi.Date       `json:"-"` // zero: none
	HighDate      kpi.Date       `json:"-"` // zero: none
	HighIsDataDay bool           `json:"-"`
	LowNum        *int64         `json:"-"` // in the column's scale; nil: none
	HighNum       *int64         `json:"-"` // likewise
}

// Value is one allowed category and the words that mean it.
type Value struct {
	Canonical string   `json:"canonical"`
	Words     []string `json:"words"`
}

// Rule rejects a row when a comparison holds.
type Rule struct {
	ID     string `json:"id"`
	When   string `json:"when"`   // "tech_amount > amount": column OP column, or column OP literal
	Column string `json:"column"` // the cell to blame
	CN     string `json:"cn"`     // the reason the bureau reads

	// What Parse makes of When.
	Left  int    `json:"-"` // a column
	Op    string `json:"-"` // ==, !=, <, <=, > or >=
	Right int    `json:"-"` // a column; -1: a literal
	Text  string `json:"-"` // literal of a text or category column
	Value int64  `json:"-"` // literal of the other types, in the left column's scale

	line int // where it stands
}

// DataDay is the upper bound that stands for the batch's data date.
const DataDay = "data_date"

// Provenance columns follow the contract's own in every schema.
const (
	RegionColumn = "region_code"
	BatchColumn  = "batch_id"
	SheetColumn  = "sheet"
	RowColumn    = "row_no"
)

// Index is the index in Columns of a column, by its canonical name; ok is false if there is none.
func (c *Contract) Index(name string) (i int, ok bool) {
	i, ok = c.index[name]
	return i, ok
}

// Column finds a column by its canonical name, nil if there is none.
func (c *Contract) Column(name string) *Column {
	if i, ok := c.Index(name); ok {
		return &c.Columns[i]
	}
	return nil
}

var (
	MoneyType   = &arrow.Decimal128Type{Precision: 20, Scale: parse.MoneyScale}
	decimalType = &arrow.Decimal128Type{Precision: 24, Scale: parse.DecimalScale}
)

// Schema is the shape of every batch of the contract: its columns in order, a
// money column that keeps foreign currency followed by <name>_foreign and
// <name>_currency, a date column that keeps months by <name>_precision; then region_code if the contract derives one; then
// sheet and row_no (the row's number as a person sees it, from 1, header
// included). Which batch a row is of, its file's folder says. Words that repeat are plain texts, not dictionaries: these
// are not faster into Parquet, and DuckDB keeps the first dictionary of a
// column it sees for the whole scan.
func (c *Contract) Schema() *arrow.Schema { return c.schema }

func (c *Contract) buildSchema() *arrow.Schema {
	var fields []arrow.Field
	add := func(name string, t arrow.DataType, null bool) {
		fields = append(fields, arrow.Field{Name: name, Type: t, Nullable: null})
	}
	for _, col := range c.Columns {
		add(col.Name, col.Type.arrow(), !col.Required || col.Foreign || c.Corrects())
		for _, f := range col.Beside() {
			add(f.Name, f.Type, true)
		}
	}
	if len(c.Region) > 0 {
		add(RegionColumn, arrow.BinaryTypes.String, true)
	}
	add(SheetColumn, arrow.BinaryTypes.String, false)
	add(RowColumn, arrow.PrimitiveTypes.Int64, false)
	return arrow.NewSchema(fields, nil)
}

// Beside are the columns that follow a column's own in the schema: what it cannot say alone.
func (c *Column) Beside() []arrow.Field {
	switch {
	case c.Foreign:
		return []arrow.Field{{Name: c.Name + "_foreign", Type: MoneyType}, {Name: c.Name + "_currency", Type: arrow.BinaryTypes.String}}
	case c.Months:
		return []arrow.Field{{Name: c.Name + "_precision", Type: arrow.BinaryTypes.String}}
	}
	return nil
}

func (t Type) arrow() arrow.DataType {
	switch t {
	case DateType:
		return arrow.FixedWidthTypes.Date32
	case Integer:
		return arrow.PrimitiveTypes.Int64
	case Money:
		return MoneyType
	case Decimal:
		return decimalType
	case Boolean:
		return arrow.FixedWidthTypes.Boolean
	}
	return arrow.BinaryTypes.String
}

// seal computes what follows from the parsed fields. Comments and spacing of
// the YAML do not enter the version; the order of columns does.
func (c *Contract) seal() error {
	canonical, err := json.Marshal(c)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(canonical)
	c.Version = hex.EncodeToString(sum[:6])
	c.schema, c.Levels = c.buildSchema(), c.headerLevels()
	return nil
}

// PlaceKind says how a region.from column names a place.
type PlaceKind int

const (
	ByDistrict PlaceKind = iota // the bureau's own words: must be a known place
	ByAddress
	ByCode
)

// PlaceKind is how a column names the place of its row; ok is false if it names none.
func (c *Column) PlaceKind() (kind PlaceKind, ok bool) {
	switch {
	case c.Type == CreditCode || c.Type == RegistrationNo:
		return ByCode, true
	case c.Type != Text:
	case strings.HasSuffix(c.Name, "address"):
		return ByAddress, true
	case strings.HasSuffix(c.Name, "district"), strings.HasSuffix(c.Name, "region"):
		return ByDistrict, true
	}
	return 0, false
}

// headerLevels is the most levels that a column of the contract asks for.
func (c *Contract) headerLevels() int {
	levels := 1
	for _, col := range c.Columns {
		for _, key := range col.Keys {
			levels = max(levels, 1+strings.Count(key, fold.LevelSign))
		}
	}
	return min(levels, MaxLevels)
}

// MaxLevels is the most rows that a header may take.
const MaxLevels = 3

// IsCode reports a text column of the contract that tells one thing from others: a number, a code, or
// part of the key. The same code is the same however it is typed, so that a correction finds its row
// and nothing is counted twice.
func (c *Contract) IsCode(col *Column) bool {
	switch {
	case col.Type != Text || col.Personal == personal.Name || col.Personal == personal.Phone:
		return false
	case col.Form != nil, col.Personal == personal.ID, slices.Contains(c.Key, strings.TrimPrefix(col.Name, ReplacesPrefix)):
		return true
	}
	return slices.ContainsFunc(col.Keys, func(header string) bool {
		return strings.HasSuffix(header, "号") || strings.HasSuffix(header, "码")
	})
}
