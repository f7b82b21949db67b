package main

import (
	"fmt"
	"slices"
	"strings"

	"citykpi/pipeline"
	"citykpi/pipeline/kpi"
	"citykpi/pipeline/warehouse"
	"citykpi/reports/digest"

	"github.com/spf13/cobra"
)

func (a *app) kpiCmd() *cobra.Command {
	return group("kpi", "Values of the commitments, and what stands behind them",
		a.kpiListCmd(), a.kpiShowCmd(), a.kpiExplainCmd(), a.kpiUnitsCmd())
}

// figure is one row of kpi list and kpi show. Others rely on its shape.
type figure struct {
	ID           string           `json:"id"`
	Document     string           `json:"document"`
	Article      string           `json:"article"`
	Name         string           `json:"name"`
	Kind         kpi.Kind         `json:"kind"`
	Region       string           `json:"region_code"`
	AsOf         kpi.Date         `json:"as_of"`
	Value        *float64         `json:"value"` // of what each of several must do the share that did, see subjects
	Target       *float64         `json:"target"`
	TargetHigh   *float64         `json:"target_high"`
	Comparator   *string          `json:"comparator"`
	Unit         *string          `json:"unit"`
	Deadline     *kpi.Date        `json:"deadline"`
	Attainment   *float64         `json:"attainment"`    // percent
	TimeProgress *float64         `json:"time_progress"` // percent
	PaceGap      *float64         `json:"pace_gap"`      // percentage points
	Shortfall    *float64         `json:"shortfall"`     // what is missing to the target, in its unit; null where nothing is
	Light        *kpi.Light       `json:"light"`
	Verdict      *verdict         `json:"verdict"`          // once the deadline has passed
	Awaits       *awaited         `json:"awaits,omitempty"` // a deadline that has passed, and that no data reach yet
	Years        []verdict        `json:"years,omitempty"`  // of a yearly target: the years that are over
	Given        []kpi.Given      `json:"given,omitempty"`  // verdicts of closed quarters that read otherwise now
	Provisional  bool             `json:"provisional"`
	Expected     bool             `json:"expected"`
	SourceStatus kpi.SourceStatus `json:"source_status"`
	Carried      *kpi.Date        `json:"carried_from"`              // the data date of a figure that is carried forward
	Data         *kpi.Date        `json:"data_date"`                 // up to which what it counts is known
	Lacks        []kpi.Lack       `json:"lacks,omitempty"`           // sources it needs that were never filed, or not up to its date
	Subjects     *subjects        `json:"subjects,omitempty"`        // of what each of several must do or keep: the newest period
	Filed        *subjects        `json:"districts_filed,omitempty"` // of what each district files: who has, up to the newest day
	Count        *float64         `json:"count,omitempty"`           // and how often it was done, or how many all have together
	CountUnit    string           `json:"count_unit,omitempty"`      // 份
	Unknown      *unknown         `json:"unknown,omitempty"`         // of what is due every period: those that were not filed
	Measure      string           `json:"measure,omitempty"`
	Whole        bool             `json:"whole,omitempty"` // 不分区: a district has no such figure
	Rest         *float64         `json:"rest,omitempty"`  // 不分区: of the value what belongs to none of the districts
}

// awaited is a deadline that the data do not reach, and who files them.
type awaited struct {
	Deadline kpi.Date `json:"deadline"`
	Units    []string `json:"units"`
}

func newAwaited(at kpi.Attainment) *awaited {
	if at.Awaits.IsZero() {
		return nil
	}
	return &awaited{at.Awaits, at.Cover.Units}
}

// unknown are the periods of what is due again and again that nobody knows of, and from when on there is any filing.
type unknown struct {
	Periods   []string `json:"periods"`
	KnownFrom kpi.Date `json:"known_from"`
}

func newUnknown(at kpi.Attainment) *unknown {
	if len(at.Unknown) == 0 {
		return nil
	}
	return &unknown{at.Unknown, at.Cover.Begun}
}

// verdict is what became of a commitment by its deadline, and since.
type verdict struct {
	Deadline kpi.Date      `json:"deadline"`
	Value    *float64      `json:"value"` // on that day
	Outcome  kpi.Judgement `json:"outcome"`
	Done     *kpi.Date     `json:"done"` // of what came late
	Months   int           `json:"months_overdue"`
	Fell     *kpi.Date     `json:"fallen_since"`
	Low      *kpi.Date     `json:"was_below_from,omitempty"` // the last time it fell below the target and came back
	Back     *kpi.Date     `json:"was_below_until,omitempty"`
	ByDay    bool          `json:"by_day"` // these days are the days themselves, not the ends of their periods
}

func newVerdict(v kpi.Verdict) verdict {
	return verdict{v.Deadline, v.Value, v.Outcome, datePtr(v.Done), v.Months, datePtr(v.Fell), datePtr(v.Low), datePtr(v.Back), v.ByDay}
}

func newFigure(d kpi.Document, c kpi.Commitment, at kpi.Attainment) figure {
	f := figure{
		ID: c.ID, Document: d.ID, Article: c.Article, Name: c.Name, Kind: c.Kind, Region: at.Region, AsOf: at.AsOf,
		Attainment: at.Rate, TimeProgress: at.Time, PaceGap: at.Gap, Shortfall: at.Shortfall(),
		Provisional: c.Provisional(), Expected: c.Expected, SourceStatus: at.Source, Carried: datePtr(at.Carried),
		Data: datePtr(at.Data), Lacks: at.Lacks, Whole: at.Whole,
	}
	var unit string
	if f.Value, unit = at.Head(c.ValueUnit()); unit != "" {
		f.Unit = &unit
	}
	if p := at.Named(); p != nil {
		s := newSubjects(c, at, *p)
		f.Subjects = &s
	}
	if at.Filed != nil {
		s := newSubjects(kpi.Commitment{}, at, *at.Filed)
		f.Filed = &s
	}
	if at.Newest != nil {
		f.Count, f.CountUnit = at.Value, c.ValueUnit()
	}
	if at.Light != kpi.NoLight {
		f.Light = &at.Light
	}
	if at.Verdict != nil {
		v := newVerdict(*at.Verdict)
		f.Verdict = &v
	}
	f.Awaits, f.Unknown = newAwaited(at), newUnknown(at)
	for _, y := range at.Years {
		f.Years = append(f.Years, newVerdict(y))
	}
	f.Given = at.Given
	if t := c.Target; t != nil && at.Region == d.Region && !c.BindsEach() {
		v, cmp := t.Value(), t.Comparator()
		f.Target, f.TargetHigh, f.Comparator, f.Deadline = &v, t.High(), &cmp, datePtr(t.By)
		if t.Per == "year" {
			end := kpi.YearEnd(at.AsOf.Year)
			f.Deadline = &end
		}
	}
	return f
}

// figures lists attainments of commitments, and of indicators where asked for.
func figures(s *kpi.Snapshot, indicators, districts bool, keep func(kpi.Commitment) bool) []figure {
	list := []figure{}
	for _, d := range s.Documents {
		below := kpi.OnceEach(s.Regions, d.Region)
		all := d.Commitments
		if indicators {
			all = slices.Concat(all, d.Indicators)
		}
		for _, c := range all {
			if !keep(c) {
				continue
			}
			var parts []kpi.Attainment
			for _, at := range s.Attainments {
				if at.ID == c.ID && slices.ContainsFunc(below, func(r kpi.Region) bool { return r.Code == at.Region }) {
					parts = append(parts, at)
				}
			}
			for _, at := range s.Attainments {
				if at.ID == c.ID && (districts || at.Region == d.Region) {
					f := newFigure(d, c, at)
					if at.Region == d.Region {
						f.Rest = kpi.Rest(c.Kind, at.Value, parts)
					}
					list = append(list, f)
					for _, m := range c.Also {
						f := newFigure(d, c, at)
						f.Measure, f.Name, f.Value = m.Name, c.Name+"·"+m.Title, at.Also[m.Name]
						f.Whole, f.Rest = at.Whole && f.Value == nil, nil
						if f.Subjects != nil {
							counted := c.ValueUnit()
							f.Unit, f.Subjects, f.Count, f.CountUnit = &counted, nil, nil, ""
						}
						if m.Unit != "" {
							f.Unit = &m.Unit
						}
						if m.Kind != "" {
							f.Kind = m.Kind
						}
						f.Target, f.TargetHigh, f.Comparator, f.Deadline = nil, nil, nil, nil
						f.Attainment, f.TimeProgress, f.PaceGap, f.Shortfall = nil, nil, nil, nil
						f.Light, f.Verdict, f.Years, f.Given = nil, nil, nil, nil
						list = append(list, f)
					}
				}
			}
		}
	}
	return list
}

func mainFigures(list []figure) []figure {
	return slices.DeleteFunc(list, func(f figure) bool { return f.Measure != "" })
}

type kpiFlags struct {
	asOf, by, document string
	indicators         bool
}

func (f *kpiFlags) bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "date of the figures (default: the release's)")
	cmd.Flags().StringVar(&f.by, "by", "", "region: also every region below the jurisdiction")
}

// view opens the current release as the flags say.
func (a *app) view(cmd *cobra.Command, f kpiFlags) (*pipeline.View, error) {
	if f.by != "" && f.by != "region" {
		return nil, fmt.Errorf("%w: --by %s: only region is known", errUsage, f.by)
	}
	asOf, err := dateFlag("as-of", f.asOf)
	if err != nil {
		return nil, err
	}
	p, err := a.open()
	if err != nil {
		return nil, err
	}
	v, err := pipeline.OpenView(cmd.Context(), p, asOf)
	if err == nil && !v.Manifest.Until.IsZero() {
		fmt.Fprintf(a.err, "release %s serves as of what was known at %s; what came later is left out\n", v.Manifest.ID,
			v.Manifest.Until.Format(toMinute))
	}
	return v, err
}

func (a *app) kpiListCmd() *cobra.Command {
	var f kpiFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Every commitment: value, target, attainment, pace, light",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			v, err := a.view(c, f)
			if err != nil {
				return err
			}
			defer v.Close()
			list := mainFigures(figures(v.Snapshot, f.indicators, f.by == "region", func(k kpi.Commitment) bool {
				return f.document == "" || k.Document == f.document
			}))
			return a.print(figureListing(v, list, f.by == "region"), list)
		},
	}
	f.bind(cmd)
	cmd.Flags().StringVar(&f.document, "document", "", "only this document: NJ88")
	cmd.Flags().BoolVar(&f.indicators, "indicators", false, "also what is watched without a promise")
	return cmd
}

func (a *app) kpiShowCmd() *cobra.Command {
	var f kpiFlags
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "One commitment with its second figures",
		Args:  usage(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			v, err := a.view(c, f)
			if err != nil {
				return err
			}
			defer v.Close()
			if _, _, err := v.Catalogue.Find(args[0]); err != nil {
				return err
			}
			list := figures(v.Snapshot, true, f.by == "region", func(k kpi.Commitment) bool { return k.ID == args[0] })
			return a.print(figureListing(v, list, f.by == "region"), list)
		},
	}
	f.bind(cmd)
	return cmd
}

// explanation is what kpi explain prints as JSON. Others rely on its shape.
type explanation struct {
	ID       string           `json:"id"`
	Document string           `json:"document"`
	Number   string           `json:"number"`
	Article  string           `json:"article"`
	Name     string           `json:"name"`
	Words    string           `json:"words"`
	Sentence string           `json:"sentence,omitempty"` // of the original, where it is installed
	Summary  string           `json:"summary"`
	Decision string           `json:"decision"`
	Counts   []string         `json:"counts"`           // the filters of the figure, of a ratio those of what is counted
	Whole    bool             `json:"whole"`            // 不分区
	Begins   *kpi.Date        `json:"counts_from"`      // of what adds up, and of a share of such
	Starts   []counting       `json:"starts,omitempty"` // of every figure that adds up, where they differ, and why one counts all there is
	Assumed  []string         `json:"assumed"`          // about the commitment, then about its document
	Model    *string          `json:"model"`
	Variant  string           `json:"variant"`
	Region   string           `json:"region_code"`
	AsOf     kpi.Date         `json:"as_of"`
	Value    *float64         `json:"value"`
	Unit     string           `json:"unit"`
	Missing  *float64         `json:"shortfall"` // to the target, null where nothing is missing
	Verdict  *verdict         `json:"verdict"`
	Awaits   *awaited         `json:"awaits,omitempty"`
	Unknown  *unknown         `json:"unknown,omitempty"`  // periods that were not filed
	Given    []kpi.Given      `json:"given,omitempty"`    // verdicts of closed quarters that read otherwise now
	Subjects []subjects       `json:"subjects,omitempty"` // of what each of several must do, period by period
	Source   kpi.SourceStatus `json:"source_status"`
	Carried  *kpi.Date        `json:"carried_from"`
	Data     *kpi.Date        `json:"data_date"`
	Lacks    []kpi.Lack       `json:"lacks,omitempty"`
	Total    int              `json:"facts_total"`
	Facts    []warehouse.Fact `json:"facts"`

	Evidence    []warehouse.Evidence     `json:"evidence,omitempty"`    // of a scorecard item
	Unjustified []warehouse.ExpertPoints `json:"unjustified,omitempty"` // of a scorecard item: what the experts' row does not justify
	Adjusted    []warehouse.ExpertPoints `json:"adjusted,omitempty"`    // and what it changes with a reason

	Restated []kpi.Restatement `json:"restated"` // figures of closed quarters that read differently now, without --region of every place

	Corrections []kpi.Correction `json:"corrections"` // rows of its sources that withdraw, replace or bring back others
}

// subjects is one period of what each of several must do, or one day on which each must keep a bound.
type subjects struct {
	Period string   `json:"period"`
	End    kpi.Date `json:"period_end"`
	Had    int      `json:"had"`
	Did    int      `json:"did"`
	Not    []string `json:"not_done"`

	Carried *kpi.Date `json:"carried_from,omitempty"` // of a bound: the data date, where the data do not reach the day

	Numbers    []float64 `json:"numbers,omitempty"` // of a bound: how many those of not_done have
	Comparator string    `json:"comparator,omitempty"`
	Bound      *float64  `json:"bound,omitempty"`
	Unit       string    `json:"unit,omitempty"`
}

func newSubjects(c kpi.Commitment, at kpi.Attainment, p kpi.EachPeriod) subjects {
	s := subjects{Period: p.Name, End: p.End, Had: p.Had, Did: p.Did(), Not: append([]string{}, p.Not...), Numbers: p.Numbers,
		Carried: datePtr(at.CarriedInto(c, p))}
	if t := c.Target; t != nil && c.BindsEach() {
		bound := t.Value()
		s.Comparator, s.Bound, s.Unit = t.Comparator(), &bound, t.Unit
	}
	return s
}

// assumptions are what is 推定 about a commitment and about its document, each once.
func assumptions(d kpi.Document, c kpi.Commitment) []string {
	list := append([]string{}, c.Assumed...)
	for _, a := range d.Assumptions() {
		if !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

func targetWords(c kpi.Commitment) string {
	if c.Target == nil {
		return "无数值目标"
	}
	v := c.Target.Value()
	words := fmt.Sprintf("目标 %s %s%s", c.Target.Comparator(), number(&v), c.Target.Unit)
	if c.BindsEach() {
		words = "每个" + c.Each + words
	}
	if c.Kind == kpi.Milestone {
		words = "目标 " + kpi.Stage(v)
	}
	if c.Expected {
		words = "预期性，" + words
	}
	switch {
	case c.Target.Per == "year":
		words += "，每年"
	case !c.Target.By.IsZero():
		words += "，期限 " + c.Target.By.String()
	}
	return words
}

// counted are the filters of what a commitment counts.
func counted(c kpi.Commitment) []string {
	if c.Of != nil {
		return c.Of.Counts
	}
	return c.Counts
}

// countsWords are the filters of a commitment's figure, of a ratio those of its two sides.
func countsWords(c kpi.Commitment) [][2]string {
	var list [][2]string
	add := func(name string, counts []string) {
		if len(counts) > 0 {
			list = append(list, [2]string{name, strings.Join(counts, "；")})
		}
	}
	if add("counts  ", c.Counts); c.Of != nil && c.To != nil {
		add("of      ", c.Of.Counts)
		add("to      ", c.To.Counts)
	}
	return list
}

func valueWords(c kpi.Commitment, at kpi.Attainment) string {
	switch {
	case at.Whole:
		return "不分区：本项只有全市（全省）数"
	case at.Value == nil:
		return digest.Absent(digest.Item{Commitment: c, At: at})
	}
	if c.Kind == kpi.Milestone {
		s := kpi.Stage(*at.Value) + "   " + at.Light.Symbol() + " " + at.Light.Chinese()
		if text := digest.StandingText(digest.Item{Commitment: c, At: at}); text != "" {
			s += "   " + text
		}
		return s
	}
	head, unit := at.Head(c.ValueUnit())
	s, counted := number(head)+" "+unit, "累计"
	if c.Kind == kpi.Constraint {
		counted = "合计"
	}
	if text := digest.Filed(at); text != "" {
		s += "   " + text
	}
	if at.Members != nil {
		s += "   " + digest.Each(digest.Item{Commitment: c, At: at})
	}
	if at.Newest != nil {
		s += "   " + digest.Each(digest.Item{Commitment: c, At: at}) + "   " + counted + " " + number(at.Value) + " " + c.ValueUnit()
	} else if at.Due > 0 {
		s += fmt.Sprintf("   应办 %d 期，缺 %d 期 %s", at.Due, len(at.Missed), strings.Join(at.Missed, "、"))
	}
	if text := digest.UnknownPeriods(at); text != "" {
		s += "   " + text
	}
	if at.Rate != nil && c.Target != nil && at.Newest == nil {
		v := c.Target.Value()
		s += fmt.Sprintf("   目标 %s   完成率 %s", number(&v), percent(at.Rate))
	}
	if at.Gap != nil && at.Time == nil {
		s += fmt.Sprintf("   偏差 %s 个百分点", points(at.Gap))
	} else if at.Gap != nil {
		s += fmt.Sprintf("   序时进度 %s   偏差 %s 个百分点", percent(at.Time), points(at.Gap))
	}
	if at.Light != kpi.NoLight {
		s += "   " + at.Light.Symbol() + " " + at.Light.Chinese()
	}
	if text := digest.StandingText(digest.Item{Commitment: c, At: at}); text != "" {
		s += "   " + text
	}
	if at.Shortfall() != nil {
		s += "   还差 " + digest.Left(digest.Item{Commitment: c, At: at})
	}
	if !at.Carried.IsZero() {
		s += "   沿用 " + at.Carried.String() + " 的数据"
	}
	return s
}
