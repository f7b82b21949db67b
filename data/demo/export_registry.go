package demo

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// The registration bureau sends everything it holds, each quarter: hundreds of
// bytes for every enterprise, so rows are made and written one by one.

// defect is what is wrong with a registry row.
type defect uint8

const (
	badCheck defect = 1 + iota
	badExponent
	badDate
)

// damaged picks rows of an export that must be rejected. Firms that matter
// anywhere else are spared: their damage would be visible in the values.
func (c *city) damaged(r *rng, q int) map[int32]defect {
	list := map[int32]defect{}
	for tries := 0; tries < 400 && len(list) < 2+min(24, len(c.firms)/5000); tries++ {
		e := int32(r.n(len(c.firms)))
		if c.at(e, q).listed && !c.bears[e] && !c.firms[e].apart {
			list[e] = []defect{badCheck, badExponent, badDate}[draw(r, []int{6, 3, 1})]
		}
	}
	return list
}

func (c *city) registryExport(q int) export {
	end, k := c.quarter(q).End(), c.looks["enterprise_registry"]
	path := c.named(k.Path, q, true) + ".csv"
	return export{path: path, day: end, write: func(w io.Writer) (FileTruth, error) {
		r := stream(c.seed, path)
		g := registryWriter{city: c, q: q, layout: k.Layouts[q%len(k.Layouts)],
			dates: dateStyle(q % int(dotted)), values: map[string]string{}}
		if q%7 == 4 {
			g.dates = compact
		}
		defects := c.damaged(r, q)
		out := bufio.NewWriterSize(w, 1<<18)
		var line, coded []byte
		for i, col := range g.layout {
			heads := k.heads(col)
			line = appendSeparated(line, i, heads[(q+slices.Index(k.Filled, col))%len(heads)])
		}
		line = append(line, '\r', '\n')
		out.Write(c.chars.encode(nil, line))
		f := FileTruth{File: path, Source: k.Source, Rejected: len(defects)}
		for e := range int32(len(c.firms)) {
			s := c.at(e, q)
			if !s.listed {
				continue
			}
			f.Rows++
			line = g.row(line[:0], e, s, f.Rows, defects[e])
			coded = c.chars.encode(coded[:0], line)
			if _, err := out.Write(coded); err != nil {
				return f, err
			}
		}
		return f, out.Flush()
	}}
}

type registryWriter struct {
	*city
	q      int
	layout []string
	dates  dateStyle
	values map[string]string // of the row, by column
}

var companyForms = []string{"有限责任公司(自然人投资或控股)", "有限责任公司", "股份有限公司(非上市、自然人投资或控股)", "有限责任公司(自然人独资)"}

// row appends one line. What the model does not hold of a firm (its address, its
// capital) is drawn from a stream of the firm's own, the same in every export.
func (g *registryWriter) row(line []byte, e int32, s state, number int, wrong defect) []byte {
	f := &g.firms[e]
	own := rng{mix(g.seed ^ mix(uint64(e)))}
	values := g.values
	values["number"] = strconv.Itoa(number)
	values["until"] = "9999-9-9"
	values["enterprise_code"] = g.code(e)
	values["enterprise_name"] = g.name(e, g.q)
	values["registration_no"] = g.oldNumber(e)
	if !g.bears[e] && values["registration_no"] != "" && own.chance(100) {
		values["registration_no"] = values["registration_no"][:14] + "0" // real old numbers fail their check now and then
	}
	values["enterprise_type"] = pick(&own, companyForms)
	values["status"] = g.statusWord(&own, s.status)
	values["established_on"] = g.dates.write(f.established)
	values["status_on"] = g.dates.write(g.statusDay(f, s))
	values["capital"], values["currency"] = capital(&own, g.q)
	t := tradeAt(g.nameNumber(e, 0))
	values["industry"] = t.Industry
	values["legal_person"] = personName(&own)
	values["business_scope"] = scope(&own, t)
	values["address"], values["district"] = g.whereabouts(&own, f, s.region)
	values["approved_by"] = districts()[s.region].Name + "市场监督管理局"
	switch wrong {
	case badCheck:
		values["enterprise_code"] = wrongCheck(values["enterprise_code"])
	case badExponent:
		values["enterprise_code"] = scientific(values["enterprise_code"])
	case badDate:
		values["established_on"] = "2019-02-30"
	}
	for i, col := range g.layout {
		line = appendSeparated(line, i, values[col])
	}
	return append(line, '\r', '\n')
}

func (g *registryWriter) statusWord(own *rng, s status) string {
	k := own.n(100)
	switch s {
	case cancelled:
		return "注销"
	case revoked:
		if g.q%2 == 1 {
			return "吊销，未注销"
		}
		return "吊销"
	case movedOut:
		return "迁出"
	}
	switch {
	case g.q%5 == 3 && k < 40:
		return "存续（在营、开业、在册）"
	case k < 45:
		return "存续"
	case k < 50 && g.q%2 == 0:
		return "开业"
	}
	return "在业"
}

// statusDay is the day of the last entry: founding, move or end.
func (g *registryWriter) statusDay(f *firm, s state) day {
	switch {
	case s.status != active:
		return g.endedOn(f)
	case int(f.moves) <= g.q:
		return g.sinceIn(f, f.moves)
	}
	return f.established
}

// capital is an amount in 万元, written as the export's system writes numbers, and
// its currency, which counts for the amount unless that names one itself.
func capital(own *rng, q int) (amount, currency string) {
	if own.chance(12) {
		currency = pick(own, []string{"美元", "港元", "欧元"})
		if amount = strconv.Itoa(10 * own.between(2, 300)); own.chance(300) {
			amount += "(万" + currency + ")"
		}
		return amount, currency
	}
	return domestic(own, q), "人民币"
}

func domestic(own *rng, q int) string {
	amount := []int{10, 50, 100, 200, 500, 1000, 2000, 5000, 12000}[draw(own, []int{6, 14, 24, 16, 18, 14, 5, 2, 1})]
	switch k := own.n(100); {
	case k < 3:
		return ""
	case k < 10:
		return fmt.Sprintf("%d.%02d", amount, own.between(1, 99))
	case k < 30 && q%3 == 2:
		if amount >= 1000 {
			return fmt.Sprintf("%d,%03d.00", amount/1000, amount%1000)
		}
		return fmt.Sprintf("%d.00", amount)
	}
	return strconv.Itoa(amount)
}

// scope is what a firm may do; commas, quotes and line breaks come as they do in exports.
func scope(own *rng, t trade) string {
	s := "许可项目：" + t.Scope + "；一般项目：技术服务、技术开发、技术咨询（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
	switch k := own.n(1000); {
	case k < 8:
		return t.Scope + "\n一般项目:技术服务,技术转让"
	case k < 30:
		return t.Scope + ",技术进出口,货物进出口"
	case k < 35:
		return `经营"` + t.Word + `"类产品;` + t.Scope
	case k < 600:
		return t.Scope
	}
	return s
}

// whereabouts are the address and 所属区 of a firm. Where the column is empty the
// address names the district, or else the code's office does.
func (g *registryWriter) whereabouts(own *rng, f *firm, region int) (address, column string) {
	d := &districts()[region]
	number := own.n(900) + 1
	road, anonymous := d.Streets[own.n(len(d.Streets))], anonymousRoads[own.n(len(anonymousRoads))]
	stem, k := own.n(4), own.n(1000)
	inPark := f.inPark && f.moves == never && d.Park != ""
	place := "南京市" + d.Name
	switch {
	case inPark && stem == 0:
		place = "南京市" + d.Park
	case inPark && stem == 1:
		place = d.ParkFull
	case region == jiangbei && stem == 0:
		place = "南京高新区"
	case stem == 2:
		place = "江苏省南京市" + d.Name
	}
	address = fmt.Sprintf("%s%s%d号%d幢%d室", place, road, number, 1+number%12, 100+number%40)
	if f.shown == byCode || f.shown == nowhere || f.shown == byColumn && k < 100 {
		address = fmt.Sprintf("南京市%s%d号%d室", anonymous, number, 100+number%40)
	}
	if f.shown != byColumn {
		return address, ""
	}
	switch {
	case inPark && stem < 2:
		return address, d.Park
	case inPark && stem == 2:
		return address, d.ParkFull
	case g.q%4 == 1 && k > 700 && region != jiangbei:
		return address, d.Short
	}
	return address, d.Name
}
