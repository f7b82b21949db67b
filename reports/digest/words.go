package digest

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"citykpi/pipeline/kpi"
	"citykpi/reports/figure"
)

// Summary is the state of everything in a sentence or two of official Chinese.
func (d *Digest) Summary() string {
	total := len(d.Commitments)
	if total == 0 {
		return "尚未载入政策文件，暂无承诺事项。"
	}
	answered := total - d.count(kpi.NoData)
	if answered == 0 {
		return fmt.Sprintf("截至 %s，共 %d 项承诺，均未接入数据，暂不能评价进度。", d.AsOf().Chinese(), total)
	}
	parts := []string{}
	add := func(n int, format string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf(format, n))
		}
	}
	add(d.count(kpi.Met), "已完成 %d 项")
	add(d.count(kpi.Late), "逾期完成 %d 项")
	add(d.count(kpi.Green), "达到序时进度 %d 项")
	add(d.count(kpi.Overdue), "逾期未完成 %d 项")
	add(d.count(kpi.Fallen), "完成后回落 %d 项")
	add(d.count(paced...), "滞后 %d 项（"+d.lagging()+"）")
	add(d.count(kpi.Awaited), "到期待报 %d 项")
	add(d.count(kpi.NoLight), "仅监测 %d 项")
	add(d.count(kpi.NoData), "无数据 %d 项")
	s := fmt.Sprintf("截至 %s，共 %d 项承诺，其中%s。", d.AsOf().Chinese(), total, strings.Join(parts, "，"))
	for _, it := range d.Attention() {
		if it.Target != nil && len(it.Doubts()) == 0 { // nobody is named first on a guess
			return s + Worst(it)
		}
	}
	return s
}

// OnlyTold says which findings of the audit bind nobody: those of drafts, where any are used, and of payments that
// name no rule.
func (d *Digest) OnlyTold() string {
	if len(d.Drafts) > 0 {
		return "征求意见稿或未对应规则"
	}
	return "未对应规则"
}

// DraftSentence says how many items are only reported, "" where there is no draft.
func (d *Digest) DraftSentence() string {
	if len(d.Drafts) == 0 {
		return ""
	}
	return fmt.Sprintf("另有征求意见稿 %d 项只报告不考核。", len(d.Drafts))
}

// paced are the lights of what is behind its pace and still has time, or breaks what
// must hold.
var paced = []kpi.Light{kpi.Red, kpi.Orange, kpi.Yellow}

func (d *Digest) lagging() string {
	var parts []string
	for _, l := range paced {
		if n := d.count(l); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", l.Chinese(), n))
		}
	}
	return strings.Join(parts, "、")
}

// Worst says how far the item that lags most is behind.
func Worst(it Item) string {
	s := "滞后最多的是“" + strip(it.Name) + "”"
	if v := VerdictText(it); v != "" {
		s += "，" + v
	} else if it.At.Gap != nil {
		s += fmt.Sprintf("，低于序时进度 %s 个百分点", figure.Rate(math.Abs(*it.At.Gap)))
	}
	if it.At.Left != nil {
		s += "，还差 " + Left(it)
	}
	return s + "。"
}

// strip takes the quotation marks of a name off where it is quoted itself.
func strip(name string) string {
	return strings.NewReplacer("“", "", "”", "").Replace(name)
}

// Sentence is how one commitment stands: 截至 2026年9月30日，完成 1,424 家，完成率 142.4%，
// 高于序时进度 42.4 个百分点，环比增加 35 家，同比增加 210 家。
func Sentence(it Item) string {
	if it.At.Value == nil {
		return AbsentText(it) + "。"
	}
	asOf := "截至 " + cmp.Or(it.At.Data, it.At.AsOf).Chinese() + "，"
	if !it.At.Carried.IsZero() {
		asOf = "截至 " + it.At.AsOf.Chinese() + "，" // that it is older is said at the end
	}
	switch it.Kind {
	case kpi.Milestone:
		if *it.At.Value == float64(len(kpi.Stages)-1) { // what is complete stays so, however old the news
			return asOf + staged(it) + "。"
		}
		return asOf + strings.Join(append([]string{staged(it)}, verdict(it)...), "，") + carried(it) + "。"
	case kpi.Obligation:
		return asOf + done(it) + carried(it) + "。"
	}
	if it.At.Newest != nil {
		return asOf + Each(it) + "，" + together(it) + carried(it) + "。"
	}
	parts := standing(it)
	parts = append(parts, movements(it)...)
	return asOf + strings.Join(parts, "，") + carried(it) + "。"
}

// Kept is how the figure of a bound keeps or breaks it: 现为 23 家，超出上限（20 家）3 家.
func Kept(it Item) string { return strings.Join(bounded(it), "，") }

// standing is the figure and where it is against what was promised, part by part.
func standing(it Item) []string {
	if it.Bound() {
		return bounded(it)
	}
	parts := []string{reached(it)}
	if it.At.Rate != nil {
		parts = append(parts, "完成率 "+figure.Percent(it.At.Rate))
	}
	if p := Pace(it); p != "" {
		parts = append(parts, p)
	}
	if it.Light().Done() || it.At.Left == nil || *it.At.Left <= 0 {
		return parts
	}
	parts = append(parts, "还差 "+Left(it))
	if it.At.Required != nil {
		if when, several := Remaining(it.At.AsOf, it.Deadline()); several {
			parts = append(parts, when+"需"+more(it.UnitName(), "完成")+Required(it))
		} else {
			parts = append(parts, "须在"+when+"完成")
		}
	}
	return parts
}

// Left is what is missing, in the scale of the figure.
func Left(it Item) string { return difference(it, it.At.Left) }

// Required is what each remaining quarter must bring, likewise.
func Required(it Item) string { return difference(it, it.At.Required) }

// more is the word for what must be added: a rate is raised.
func more(unit, otherwise string) string {
	if unit == "%" {
		return "提高 "
	}
	return otherwise + " "
}

// Needed is what the remaining time must bring, as a question has it: 四季度须增 2,946 名.
func Needed(it Item) string {
	when, _ := Remaining(it.At.AsOf, it.Deadline())
	return when + "须" + more(it.UnitName(), "增") + Required(it)
}

func difference(it Item, v *float64) string {
	if v == nil {
		return figure.None
	}
	return figure.ScaleFor(it.UnitName(), it.At.Value).Difference(*v, it.UnitName()).String()
}

// Remaining is when what is missing has to come: 四季度 where one quarter is left,
// 此后每季度 where several are.
func Remaining(asOf, deadline kpi.Date) (when string, several bool) {
	next := kpi.QuarterOf(asOf.AddDays(1))
	switch {
	case deadline.After(next.End()):
		return "此后每季度", true
	case next.Year > asOf.Year:
		return "明年" + QuarterName(next), false
	case asOf != kpi.LastQuarterEnd(asOf):
		return "本季度余下时间", false
	}
	return QuarterName(next), false
}

// QuarterName is a quarter of the year that is spoken of: 三季度.
func QuarterName(q kpi.Quarter) string { return []string{"一", "二", "三", "四"}[q.N-1] + "季度" }

// reached is the figure with the word that says what it counts: since the year
// began, in the quarter, altogether, or on the day.
func reached(it Item) string {
	verb := map[kpi.Kind]string{
		kpi.Cumulative: "累计完成", kpi.AnnualFlow: "本年完成", kpi.QuarterSum: "当季完成", kpi.AwardRule: "累计兑付", kpi.Ratio: "达到",
	}[it.Kind]
	if it.Target == nil {
		verb = map[kpi.Kind]string{
			kpi.Stock: "现有", kpi.Cumulative: "累计", kpi.AnnualFlow: "本年累计", kpi.QuarterSum: "当季合计",
			kpi.AwardRule: "累计兑付", kpi.Ratio: "为", kpi.Constraint: "现为", kpi.ScorecardItem: "本项得分", kpi.ScorecardRule: "现有",
		}[it.Kind]
	}
	return cmp.Or(verb, "完成") + " " + quantity(it.At.Value, it.UnitName()) + membersOf(it) + filedOf(it)
}

// Filed says of how many districts a figure is, where not all of them have filed: 12
// 个区中 2 个已报送至2026年6月30日，10 个未报送：甲、乙等.
func Filed(a kpi.Attainment) string {
	p := a.Filed
	if p == nil || len(p.Not) == 0 {
		return ""
	}
	return fmt.Sprintf("%d 个区中 %d 个已报送至%s，%d 个未报送：%s%s", p.Had, p.Did(), p.Name, len(p.Not),
		strings.Join(p.Not[:min(mostNamed, len(p.Not))], "、"), andMore(len(p.Not) > mostNamed))
}

func filedOf(it Item) string {
	if text := Filed(it.At); text != "" {
		return "（" + text + "）"
	}
	return ""
}

// membersOf names, beside a share of several, who is not in it: （共 28 个园区，已办 26 个，未办 2 个：甲、乙）.
func membersOf(it Item) string {
	if it.At.Members == nil {
		return ""
	}
	return "（" + Each(it) + "）"
}

// bounded is a figure that must keep a bound: 现为 23 家，超出上限（20 家）3 家; and how many
// break it, where the commitment counts them.
func bounded(it Item) []string {
	v, bound := *it.At.Value, it.Target.Value()
	text := quantity(&bound, it.UnitName())
	over := math.Abs(v - bound)
	by := quantity(&over, figure.DifferenceUnit(it.UnitName()))
	if it.Ceiling() {
		now := "现为 " + quantity(&v, it.UnitName())
		if v > bound {
			return append([]string{now, "超出上限（" + text + "）" + by}, breaking(it)...)
		}
		return []string{now, "未超过上限（" + text + "）"}
	}
	now := "最低为 " + quantity(&v, it.UnitName())
	if it.Kind != kpi.Constraint { // a share of all of them
		now = "为 " + quantity(&v, it.UnitName())
	}
	if v < bound {
		return append([]string{now, "低于要求（" + text + "）" + by}, breaking(it)...)
	}
	return []string{now, "符合要求（不低于 " + text + "）"}
}

// breaking is how many break a bound.
func breaking(it Item) []string {
	for _, m := range it.Also {
		if n := it.At.Also[m.Name]; m.Breaks && n != nil && *n > 0 {
			return []string{"涉及 " + quantity(n, cmp.Or(m.Unit, it.UnitName()))}
		}
	}
	return nil
}

// verdict is what became of an item whose deadline has passed, as a part of a sentence.
func verdict(it Item) []string {
	if text := VerdictText(it); text != "" {
		return []string{text}
	}
	return nil
}

// staged is a milestone's stage, and of one that is complete since when.
func staged(it Item) string {
	stage := kpi.Stage(*it.At.Value)
	if *it.At.Value < float64(len(kpi.Stages)-1) {
		return stage
	}
	if it.Completed != (kpi.Quarter{}) {
		return "已" + stage + "（" + it.Completed.Chinese() + "）"
	}
	return "已" + stage
}

// ChangeWords are what 环比 and 同比 compare: of a yearly flow they have different bases.
func ChangeWords(kind kpi.Kind) (quarter, year string) {
	if kind == kpi.AnnualFlow {
		return "当季环比", "累计同比"
	}
	return "环比", "同比"
}

// Counts is what a figure of a kind counts, "" where its unit says it.
func Counts(kind kpi.Kind) string {
	return map[kpi.Kind]string{
		kpi.Stock: "期末存量", kpi.Cumulative: "累计数", kpi.AnnualFlow: "年内累计", kpi.QuarterSum: "当季合计", kpi.Ratio: "比率",
		kpi.AwardRule: "累计兑付", kpi.Obligation: "累计数", kpi.ScorecardItem: "得分家数",
	}[kind]
}

// movements are 环比 and 同比 in words.
func movements(it Item) []string {
	quarter, year := ChangeWords(it.Kind)
	scale := figure.ScaleFor(it.UnitName(), it.At.Value)
	return append(moved(quarter, it.At.Quarter, it.UnitName(), scale), moved(year, it.At.Year, it.UnitName(), scale)...)
}

// carried says from when a figure is carried forward.
func carried(it Item) string {
	if it.At.Carried.IsZero() {
		return ""
	}
	return "（沿用 " + it.At.Carried.Chinese() + "数据）"
}

// mostMissed is how many missed periods a sentence names.
const mostMissed = 4

// done is how an obligation stands: 应办 8 期，办成 7 期，缺 1 期（2024年上半年），累计 9 次.
func done(it Item) string {
	all := "累计 " + quantity(it.At.Value, it.UnitName()) + comma(UnknownPeriods(it.At))
	if it.At.Due == 0 {
		return all
	}
	if it.At.Newest != nil {
		return Each(it) + "；" + record(it) + "，" + all
	}
	n := len(it.At.Missed)
	s := fmt.Sprintf("应办 %d 期，办成 %d 期", it.At.Due, it.At.Due-n)
	if n == 0 {
		return s + "，" + all
	}
	named := it.At.Missed[max(0, n-mostMissed):]
	return s + fmt.Sprintf("，缺 %d 期（%s%s），%s", n, strings.Join(named, "、"), andMore(n > len(named)), all)
}

// Pace says where the item is against 序时进度 or its bound, and that its time is over.
func Pace(it Item) string {
	if it.Bound() && it.At.Value != nil {
		return strings.Join(bounded(it)[1:], "，")
	}
	if v := VerdictText(it); v != "" {
		return v
	}
	if it.At.Gap == nil || it.Target != nil && !it.Target.By.IsZero() && it.Target.By.Before(it.At.AsOf) {
		return "" // there is no pace any more
	}
	points := figure.Rate(math.Abs(*it.At.Gap))
	switch {
	case points == "0.0":
		return "与序时进度持平"
	case *it.At.Gap < 0:
		return fmt.Sprintf("低于序时进度 %s 个百分点", points)
	}
	return fmt.Sprintf("高于序时进度 %s 个百分点", points)
}

func moved(word string, c *kpi.Change, unit string, scale figure.Scale) []string {
	if c == nil {
		return nil
	}
	diff := math.Abs(c.Diff)
	text := scale.Difference(diff, unit).String()
	switch {
	case c.Diff > 0:
		return []string{word + "增加 " + text}
	case c.Diff < 0:
		return []string{word + "减少 " + text}
	}
	return []string{word + "持平"}
}

// quantity is a figure and its unit as running text has them.
func quantity(v *float64, unit string) string { return figure.Quantity(v, unit).String() }

// TargetText is the target as people say it: 1,000 家, ≤5 天, 300–500 名.
func TargetText(it Item) string {
	if it.Target != nil && it.BindsEach() {
		least := ""
		if it.Target.AtLeast != nil {
			least = "≥"
		}
		return "每个" + it.Commitment.Each + " " + least + targetText(it)
	}
	return targetText(it)
}

func targetText(it Item) string {
	t := it.Target
	if t == nil {
		return figure.None
	}
	low := t.Value()
	text := round(low, it.UnitName())
	switch {
	case t.Comparator() == "<=":
		return "≤" + text
	case t.High() != nil && *t.High() != low:
		return round(low, "") + "–" + round(*t.High(), it.UnitName())
	}
	return text
}

// round is a quantity without decimals that say nothing: targets are round.
func round(v float64, unit string) string {
	if unit != figure.Yuan {
		return figure.Quantity(&v, unit).String()
	}
	s := figure.MoneyScale(v)
	return figure.Count(v/s.Divisor) + " " + s.Unit
}

// Absent says why there is no figure: what was filed may hold nothing of the period.
func Absent(it Item) string {
	if it.At.Source == kpi.SourceReady || it.At.Source == kpi.SourceStale {
		return "本期无记录"
	}
	return it.At.Source.Chinese()
}

// Lacking names what a figure needs and nobody has filed, or not up to its date, and whose it is: 待报：技术经理人认定
// （市科技局）; "" where nothing is wanting.
func Lacking(a kpi.Attainment) string {
	var names []string
	for _, l := range a.Lacks {
		names = append(names, l.Name+"（"+l.Bureau+"）")
	}
	n := len(names)
	if n == 0 {
		return ""
	}
	return "待报：" + strings.Join(names[:min(n, mostLacking)], "、") + andMore(n > mostLacking)
}

// mostLacking is how many sources are named.
const mostLacking = 4

// AbsentText is Absent with what is wanting.
func AbsentText(it Item) string { return joined(Absent(it), Lacking(it.At)) }

// DataText is DataNote with what is wanting.
func (d *Digest) DataText(it Item) string { return joined(d.DataNote(it), Lacking(it.At)) }

func joined(said, lacking string) string {
	if lacking == "" {
		return said
	}
	return said + "，" + lacking
}

// StartText says from when on a figure counts: 技术经理人：2023年1月1日; or why it counts all there is.
func StartText(s kpi.Start) string {
	text := s.From.Chinese()
	if s.All != "" {
		text = "全部计入，" + s.All
	}
	if s.Of != "" {
		text = s.Of + "：" + text
	}
	return text
}

// DataNote says up to which date the figure's own data go.
func (d *Digest) DataNote(it Item) string {
	switch {
	case it.At.Value == nil:
		return Absent(it)
	case !it.At.Carried.IsZero():
		return "沿用 " + it.At.Carried.String()
	}
	return cmp.Or(it.At.Data, d.AsOf()).String()
}
