package kpi

// Fact is one thing a figure counts, or counted a quarter earlier, and the row
// of the file that said so.
type Fact struct {
	Measure  string // "" for the figure itself; of and to for the sides of a ratio
	EntityID string
	Name     string
	Region   string
	Weight   float64
	On       Date     // of an event
	From     Date     // of an interval
	Until    Date     // the first day it no longer counts
	Now      bool     // counts on the as-of date
	Before   bool     // counted at the end of the quarter before
	Matched  string   // what told the row's enterprise, as MatchedBy has it; "" where the row names none
	Facets   []string // of the model's Facets, what the row says
	File     string
	Sheet    string
	Row      int64
}

// FactForm is what a list of a commitment's facts has columns for.
type FactForm struct {
	Interval bool // some last from a day to another
	Weighed  bool // some weigh other than one
	Matched  bool // some name an enterprise
	Parts    bool // some lie in a part of a district that has a name of its own: 江宁经济技术开发区
}

// Facets are by what else the facts of a model are counted on the pages, in Chinese.
func Facets(model string) []string {
	switch model {
	case "enterprise_tier":
		return []string{"行业门类"}
	case "consortium_size":
		return []string{"联合体"}
	}
	return nil
}

// Place is the row of a bureau's file that said something.
type Place struct {
	File  string
	Sheet string
	Row   int64
}

// Correction is a row of a file that withdraws or replaces an earlier one, or brings back one that
// had been rejected. OldFile is "" where it speaks of a row that nobody had filed.
type Correction struct {
	Source  string `json:"source"`
	Name    string `json:"source_name"` // 技术副总聘任台账
	Step    string `json:"step"`        // withdraw, replace, again, return
	Words   string `json:"words"`       // 作废
	Key     string `json:"key"`         // that it speaks of, persons masked
	NewKey  string `json:"new_key"`     // its own, where that is another
	Found   string `json:"found"`       // row, moved, withdrawn, nothing, late, resent, taken: see mart.correction
	Remark  string `json:"remark"`      // what is said of that; "" of row
	On      Date   `json:"known_on"`
	File    string `json:"file"`
	Sheet   string `json:"sheet"`
	Row     int64  `json:"row"`
	OldFile string `json:"replaced_file"`
	Old     string `json:"replaced_sheet"`
	OldRow  int64  `json:"replaced_row"`
}

// Detail is what stands behind the figures of a release and is no figure of a
// commitment itself: what the pages about one subject list.
type Detail struct {
	Batches      []BatchLine
	TierMoves    []TierMove          // quarterly sums
	TierMoved    []TierMoved         // who moved in the last MovedQuarters, the newest first
	Expiring     []Expiry            // recognitions that end within four quarters
	Industries   []TierCell          // holders by industry
	Awards       []AwardLine         // paid by rule and region
	Points       []ScorePoint        // scorecards by holder, year and item
	Conditions   []ScoreCheck        // what each item asked and got
	Evidence     []ScoreProof        // the rows behind it
	Parks        []Park              // the key parks
	Tasks        []ParkTask          // their tasks as they stand
	Flows        []Flow              // technology contracts from universities to places
	Fields       []FieldCell         // technology contracts by field
	Universities []University        // ranking by year
	Firms        []UniversityFirm    // founded on universities' results, the newest first
	Platforms    []Platform          // in force
	Returns      []Returns           // what went back to whom, and what came of it
	MatchRows    []MatchRow          // rows whose enterprise no code tells, those that wait first
	Matched      []MatchQuality      // how the rows of each source found theirs
	Prefectures  []Prefecture        // how prefectures of a province stand
	Budgets      []Budget            // of award money in the year of the as-of date
	Payments     []Payment           // of awards, the newest first
	ParkItems    []ParkItem          // what stands in the key parks
	Forms        map[string]FactForm // of every commitment that has facts
	Units        map[Place]string    // whom rows of ledgers name as responsible
	Corrections  []Correction        // rows that withdraw or replace others, in the order in which they came
	Personal     []PersonalFound     // columns that hold identity numbers unasked for
	Shapes       []Shape             // outlines of the jurisdiction's districts; none: no map is installed
}

// BatchLine is one loaded file.
type BatchLine struct {
	Batch    string
	Source   string
	Bureau   string
	File     string
	DataDate Date
	LoadedAt string // 2026-10-15T18:03:00+08:00
	LoadedOn Date
	SameAs   string // the batch before it, where all rows are those of it
	Answers  string // the batch whose rejected rows it brings back
	Asked    bool   // it is no file: on that day the batch's database had nothing that it does not say
	Read     int64
	Loaded   int64
	Rejected int64
	Dropped  int64
}

// Tiers are those enterprises are recognised in, the lowest first.
var Tiers = []string{"innovative", "specialised", "little_giant", "champion"}

// TierName is a tier as readers know it.
func TierName(tier string) string {
	return map[string]string{
		"innovative": "创新型中小企业", "specialised": "专精特新中小企业", "little_giant": "专精特新“小巨人”", "champion": "制造业单项冠军", "": "未在库",
	}[tier]
}

// TierMove is how many enterprises went from one highest tier to another in a
// quarter; "" is none.
type TierMove struct {
	AsOf        Date
	From, To    string
	Enterprises int
	CrossesRule bool // the rules of recognition changed under the comparison
}

// MovedQuarters is of how many quarters those who moved are listed by name.
const MovedQuarters = 20

// TierMoved is one enterprise that moved.
type TierMoved struct {
	AsOf                   Date
	EntityID, Name, Region string
	From, To               string
	Place
}

// Expiry is a recognition that ends unless it is checked again.
type Expiry struct {
	EntityID, Name, Region, Tier string
	Last                         Date // the last day in force
	Place
}

// TierCell is how many enterprises of an industry hold a tier, nested.
type TierCell struct {
	Tier, Industry string
	Enterprises    int
}

// AwardLine is what was paid under a rule in a region by the as-of date.
type AwardLine struct {
	Rule, Region string // "" rule: the payment names none
	Year         int
	Payments     int
	Amount       float64
}

// Payment is one payment of award money.
type Payment struct {
	On                      Date
	No, Payee, Rule, Region string // Region is the one that figures go by; "" rule: the payment names none
	Jurisdiction, Article   string // Article is what quarterly sums have it under: 3, or words
	Amount                  float64
	Place
}

// ScorePoint is what a holder earned for an item in a year.
type ScorePoint struct {
	Consortium, Name, Region string
	Year                     int
	Item, ItemName           string
	Bonus                    bool
	Full, Computed, Points   float64
	Reason, Override         string
	Unjustified              string // what the experts' row gives and does not justify; "": nothing
	Adjusted                 string // what it changes, and for which reason; "": nothing
}

// ScoreCheck is one condition of an item and what the evidence gave.
type ScoreCheck struct {
	Consortium  string
	Year        int
	Item        string
	No          int
	Name, Wants string
	Value       *float64
	Holds       bool
}

// ScoreProof is one row of evidence.
type ScoreProof struct {
	Consortium string
	Year       int
	Item       string
	No         int
	Subject    string
	Name       string
	Quantity   *float64
	Amount     *float64 // 元
	Counted    bool
	Place
}

// Park is a key park and how it stands.
type Park struct {
	Code, Name, Cohort, Region         string
	FiveOne                            int
	Has                                [5]bool // direction, platform, talent, fund, project
	Plan                               bool
	Universities, Platforms, Graduates int
	Leading, Top, Tracks               int
	Green, Yellow, Red, Done           int // tasks by colour
}

// ParkItem is one thing that stands in a key park, of a topic of its evaluation.
type ParkItem struct {
	Park, Cohort, Topic, ID, Name string
	From                          Date
	Place
}

// ParkTask is a task of a park as it stands.
type ParkTask struct {
	No, Level, Task, Park, Region, Colour string
	Unit                                  string // responsible for it, as the list names it; "": it names none
	Due, Since                            Date
	Place
}

// Flow is technology contracts of a year from a seller to a place.
type Flow struct {
	Year      int
	School    string // the university's name; "": other sellers
	To        string // region code; "": outside the jurisdiction or not stated
	Local     bool   // the buyer is in the jurisdiction
	Contracts int
	Amount    float64
	Tech      float64
}

// Contract is one technology contract.
type Contract struct {
	On                              Date
	No, Seller, Kind, Field, School string // School is the university that sold it, "" if none did
	Region, To                      string // the seller's; where it goes as a Flow says it
	Amount, Tech                    *float64
	Place
}

// FieldCell is technology contracts of a quarter in a field.
type FieldCell struct {
	Quarter   Quarter
	Field     string
	Contracts int
	Amount    float64
	Tech      float64
}

// University is a university's place in the ranking of a year.
type University struct {
	Year, Place         int
	Name                string
	Contracts           int
	Amount, Tech, Local float64
	LocalShare          *float64
	Firms               int
}

// UniversityFirm is a firm founded on a university's results.
type UniversityFirm struct {
	On                               Date
	Name, Code, University, District string // "" where the row does not say
	Place
}

// Platform is a platform in force.
type Platform struct {
	No, Name, Kind, Level, University, Region string
	From                                      Date
	Place
}

// ReturnedRows is how many rows of a source are open for one reason.
type ReturnedRows struct {
	Source string `json:"source"`
	Column string `json:"column"` // as the first file heads it; "": the row as a whole
	Rule   string `json:"rule"`
	Words  string `json:"words"`
	Rows   int    `json:"rows"`
}

// MatchRow is a row that names an enterprise otherwise than by its code.
type MatchRow struct {
	Source, How       string // How is number, former_name, name or decision; pending, strange or left_out where it waits or does not count
	Name, NamedAs     string // as the row has it
	EntityID, Matched string // the enterprise and its name, "" if none is known
	Place
}

// Prefecture is how a prefecture of a province stands on the as-of date.
type Prefecture struct {
	Code, Name                                string
	Achievements, Invested, Revenue, HighTech *float64
	OnTime, Owed, Rate                        *float64
}
