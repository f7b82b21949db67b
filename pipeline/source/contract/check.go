package contract

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/parse"
)

// check finds what is wrong between the parts of a contract whose parts are well formed.
func (p *yamlParser) check() {
	c := p.c
	at := func(key string) int { return max(1, p.lines[key]) }
	for _, must := range [][2]string{{"source", c.Source}, {"name", c.Name}, {"bureau", c.Bureau}, {"mode", c.Mode}} {
		if must[1] == "" {
			p.bad(at(must[0]), "%s is missing; write %s: …", must[0], must[0])
		}
	}
	if c.Source != "" && !canonicalName.MatchString(c.Source) {
		p.bad(at("source"), "source: %q names a folder; small letters, digits and _ only", c.Source)
	}
	if Reserved(c.Source) {
		p.bad(at("source"), "source: %s is a folder that the lake keeps for itself; choose another name", c.Source)
	}
	if len(c.Source) > maxName {
		p.bad(at("source"), "source: %d characters; a folder's name has at most %d", len(c.Source), maxName)
	}
	if problem := badName(c.Bureau); c.Bureau != "" && problem != "" {
		p.bad(at("bureau"), "bureau: %q %s; write the bureau's name, as in 市工信局", c.Bureau, problem)
	}
	if len(c.Files) == 0 {
		p.bad(at("files"), `files is missing; write the pattern of the export's name, as in files: ["*企业登记*"]`)
	}
	for _, glob := range c.Files {
		if _, err := path.Match(glob, "x"); err != nil || glob == "" {
			p.bad(at("files"), "files: %q is not a file pattern; use * and ?", glob)
		}
	}
	if len(c.Columns) == 0 {
		p.bad(at("columns"), "columns is missing; name the columns of the export")
	}
	for i := range c.Columns {
		p.checkColumn(&c.Columns[i])
	}
	p.checkAliases()
	p.checkFillDown()
	if len(c.Key) == 0 {
		p.bad(at("key"), "key is missing; name the columns that tell one row from another")
	}
	for _, k := range c.Key {
		p.known("key", k)
	}
	p.checkDataDate()
	p.checkPull()
	if slices.Contains(c.UnitFrom, "none") {
		for _, col := range c.Columns {
			if col.Type == Money {
				p.bad(at("unit_from"), "unit_from: none, but column %s is money; say where its unit stands", col.Name)
			}
		}
	}
	for i := range c.Rules {
		p.checkRule(&c.Rules[i])
	}
	for _, from := range c.Region {
		if !p.known("region", from) {
			continue
		}
		if _, ok := c.Column(from).PlaceKind(); !ok {
			p.bad(at("region"), "region.from: %s says no place; "+
				"use a credit_code column, or a text column named …district, …region or …address", from)
		}
	}
}

func (p *yamlParser) known(key, column string) bool {
	if p.c.Column(column) != nil {
		return true
	}
	names := make([]string, len(p.c.Columns))
	for i, col := range p.c.Columns {
		names[i] = col.Name
	}
	p.bad(max(1, p.lines[key]), "%s: no column %s; did you mean %s?", key, column, fold.Nearest(column, names))
	return false
}

func (p *yamlParser) checkDataDate() {
	c := p.c
	at := max(1, p.lines["data_date"])
	if len(c.DataDate) == 0 {
		p.bad(at, "data_date is missing; write where the date of the data stands, as in [file_name, title]")
	}
	for _, from := range c.DataDate {
		if from == "file_name" || from == "title" {
			continue
		}
		if p.known("data_date", from) && c.Column(from).Type != DateType {
			p.bad(at, "data_date: column %s is %s; want file_name, title or a date column", from, c.Column(from).Type)
		}
	}
}

func (p *yamlParser) checkColumn(col *Column) {
	where := "columns." + col.Name
	at := p.lines[where]
	if len(col.CN) == 0 {
		p.bad(at, "%s: cn is missing; write the headers the column may have", where)
	}
	switch col.Name {
	case RegionColumn, BatchColumn, SheetColumn, RowColumn, DataDay, ActionColumn, ReturnedSheetColumn, ReturnedRowColumn:
		p.bad(at, "%s: the name is taken by a derived column; choose another", where)
	}
	if key, ok := strings.CutPrefix(col.Name, ReplacesPrefix); ok && slices.Contains(p.c.Key, key) {
		p.bad(at, "%s: the name is taken by what corrections say of the key column %s; choose another", where, key)
	}
	if col.Type == "" {
		p.bad(at, "%s: type is missing; write type: text, or another", where)
		return
	}
	if (col.Type == Category) != (len(col.Values) > 0) {
		p.bad(at, "%s: values and type: category go together; give both or neither", where)
	}
	if col.Personal != "" && col.Type != Text && col.Type != Name {
		p.bad(at, "%s: personal: what is masked is text; write type: text", where)
	}
	words := map[string]string{}
	for _, v := range col.Values {
		for _, w := range v.Words {
			k := fold.Word(w)
			if other, ok := words[k]; ok {
				p.bad(at, "%s: %s means both %s and %s; keep one", where, w, other, v.Canonical)
			}
			words[k] = v.Canonical
		}
	}
	if col.Type != Money && (col.Unit != "" || col.Foreign) {
		p.bad(at, "%s: unit and foreign are for money; drop them or write type: money", where)
	}
	if col.Type != DateType && col.Months {
		p.bad(at, "%s: months is for dates; drop it or write type: date", where)
	}
	switch col.Type {
	case Text, Name, CreditCode, RegistrationNo:
	default:
		if col.Pattern != "" {
			p.bad(at, "%s: a pattern is for text; a %s has range or values", where, col.Type)
		}
	}
	if (col.Pattern == "") != (col.Like == "") {
		p.bad(at, "%s: pattern and like belong together; like says to the bureau what the pattern asks for, as in like: 10位数字", where)
	}
	p.checkBounds(col, where, at)
}

func (p *yamlParser) checkBounds(col *Column, where string, at int) {
	if col.Low == "" && col.High == "" {
		return
	}
	if col.Type == DateType {
		var err error
		if col.LowDate, err = dateBound(col.Low); err != nil {
			p.bad(at, "%s: %v", where, err)
		}
		if col.High == DataDay {
			col.HighIsDataDay = true
		} else if col.HighDate, err = dateBound(col.High); err != nil {
			p.bad(at, "%s: %v, or data_date", where, err)
		}
		if !col.LowDate.IsZero() && !col.HighDate.IsZero() && parse.DayNumber(col.LowDate) > parse.DayNumber(col.HighDate) {
			p.bad(at, "%s: no day is from %s to %s; swap the bounds", where, col.Low, col.High)
		}
		return
	}
	scale, ok := col.Type.Scale()
	if !ok {
		p.bad(at, "%s: range and min are for dates and numbers, not for %s", where, col.Type)
		return
	}
	for _, b := range []struct {
		text string
		to   **int64
	}{{col.Low, &col.LowNum}, {col.High, &col.HighNum}} {
		if b.text == "" {
			continue
		}
		v, err := parse.Fixed([]byte(b.text), scale, 1)
		if err != nil {
			p.bad(at, "%s: bound %q is not a number", where, b.text)
			continue
		}
		*b.to = &v
	}
	if col.LowNum != nil && col.HighNum != nil && *col.LowNum > *col.HighNum {
		p.bad(at, "%s: no number is from %s to %s; swap the bounds", where, col.Low, col.High)
	}
}

// checkFillDown: a key tells one row from another, which a value of several rows cannot do alone.
func (p *yamlParser) checkFillDown() {
	if len(p.c.Key) != 1 {
		return
	}
	if col := p.c.Column(p.c.Key[0]); col != nil && col.FillDown {
		p.bad(p.lines["columns."+col.Name], "columns.%s: fill_down gives several rows the one key; "+
			"drop it, or add a column to key", col.Name)
	}
}

// checkAliases refuses a header that could be two columns.
func (p *yamlParser) checkAliases() {
	owner := map[string]string{}
	for i := range p.c.Columns {
		col := &p.c.Columns[i]
		for _, cn := range col.CN {
			h, _ := fold.HeaderKey(cn)
			col.Keys = append(col.Keys, h)
			if h == "" {
				p.bad(p.lines["columns."+col.Name], "columns.%s: an empty header in cn; drop it", col.Name)
				continue
			}
			if other, ok := owner[h]; ok {
				if other != col.Name {
					p.bad(p.lines["columns."+col.Name], "columns.%s: header %s belongs to %s too; keep one", col.Name, cn, other)
				}
				continue
			}
			owner[h] = col.Name
		}
	}
	for _, col := range p.c.Columns {
		for _, extra := range col.Beside() {
			if p.c.Column(extra.Name) != nil {
				p.bad(p.lines["columns."+col.Name], "columns.%s: %s: keep makes %s, which is a column already; rename that",
					col.Name, map[bool]string{true: "foreign", false: "months"}[col.Foreign], extra.Name)
			}
		}
	}
}

var comparison = regexp.MustCompile(`^\s*([a-z][a-z0-9_]*)\s*(<=|>=|<|>|==|!=|=)\s*(.+?)\s*$`)

// checkRule compiles a rule's comparison.
func (p *yamlParser) checkRule(r *Rule) {
	at := max(1, r.line)
	if r.ID == "" || r.CN == "" || r.When == "" || r.Column == "" {
		p.bad(at, "rules: want all of {id, when, column, cn}")
		return
	}
	m := comparison.FindStringSubmatch(r.When)
	if m == nil {
		p.bad(at, "rules.%s: %q is not a comparison; write as in tech_amount > amount", r.ID, r.When)
		return
	}
	if p.c.Column(r.Column) == nil {
		p.bad(at, "rules.%s: no column %s", r.ID, r.Column)
	}
	left := p.c.Column(m[1])
	if left == nil {
		p.bad(at, "rules.%s: no column %s", r.ID, m[1])
		return
	}
	r.Left, r.Right, r.Op = p.c.index[m[1]], -1, m[2]
	if r.Op == "=" {
		r.Op = "=="
	}
	scale, ordered := left.Type.Scale()
	if right := p.c.Column(m[3]); right != nil {
		r.Right = p.c.index[m[3]]
		if right.Type != left.Type {
			p.bad(at, "rules.%s: %s is %s and %s is %s; compare columns of one type", r.ID, m[1], left.Type, m[3], right.Type)
		}
	} else if err := r.setLiteral(left, m[3], scale, ordered); err != nil {
		p.bad(at, "rules.%s: %q is neither a column nor a %s", r.ID, m[3], left.Type)
	}
	if !ordered && left.Type != DateType && r.Op != "==" && r.Op != "!=" {
		p.bad(at, "rules.%s: a %s is only compared with = and !=", r.ID, left.Type)
	}
}

func (r *Rule) setLiteral(left *Column, text string, scale int, ordered bool) error {
	text = strings.Trim(text, `"'`)
	switch {
	case left.Type == DateType:
		d, err := dateBound(text)
		r.Value = int64(parse.EpochDays(d.Year, int(d.Month), d.Day))
		return err
	case ordered:
		v, err := parse.Fixed([]byte(text), scale, 1)
		r.Value = v
		return err
	case left.Type == Boolean:
		if text != "true" && text != "false" {
			return parse.ErrNumber
		}
	}
	r.Text = text
	return nil
}

// Scale is the number of decimals kept of a numeric type; ok is false for the others.
func (t Type) Scale() (scale int, ok bool) {
	switch t {
	case Integer:
		return 0, true
	case Money:
		return parse.MoneyScale, true
	case Decimal:
		return parse.DecimalScale, true
	}
	return 0, false
}
