package demo

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
)

// The registration bureau sends everything it holds, each quarter: hundreds of
// bytes for every enterprise, so rows are made and written one by one.

// registryColumns in the order of the layouts below.
const (
	colCode = iota
	colName
	colOldNumber
	colType
	colStatus
	colEstablished
	colStatusOn
	colCapital
	colCurrency
	colIndustry
	colPerson
	colAddress
	colDistrict
	colScope
	colOffice
	colNumber // 序号, no contract knows it
	colUntil  // 营业期限止, no contract knows it
)

// registryHeads are the words the bureau's systems have used for each column.
var registryHeads = [][]string{
	colCode:        {"统一社会信用代码", "主体身份代码", "信用代码"},
	colName:        {"企业名称", "企业名称（字号名称）", "市场主体名称", "名称"},
	colOldNumber:   {"注册号", "原注册号"},
	colType:        {"企业类型", "企业类型大类（中文）", "市场主体类型"},
	colStatus:      {"登记状态", "登记状态（中文）", "经营状态"},
	colEstablished: {"成立日期", "注册日期"},
	colStatusOn:    {"核准日期", "状态日期", "核准日期（登记、吊销、注销日期）"},
	colCapital:     {"注册资本（万元）", "注册资金（万元）", "注册资本(万元)"},
	colCurrency:    {"币种"},
	colIndustry:    {"行业门类", "行业代码（中文）", "所属行业"},
	colPerson:      {"法定代表人", "法定代表人(经营者姓名)"},
	colAddress:     {"住所", "住所（登记、个体户经营场所）", "注册地址"},
	colDistrict:    {"所属区", "所属区（园区）"},
	colScope:       {"经营范围"},
	colOffice:      {"登记机关"},
	colNumber:      {"序号"},
	colUntil:       {"营业期限止", "经营(营业)截止日期"},
}

var registryLayouts = [][]int{
	{colCode, colName, colOldNumber, colType, colStatus, colEstablished, colStatusOn, colCapital, colCurrency, colIndustry, colPerson, colAddress, colDistrict, colScope, colOffice},
	{colNumber, colName, colCode, colOldNumber, colType, colPerson, colCapital, colCurrency, colEstablished, colStatusOn, colStatus, colIndustry, colDistrict, colAddress, colScope, colOffice},
	{colOffice, colCode, colOldNumber, colName, colType, colAddress, colDistrict, colPerson, colCapital, colCurrency, colEstablished, colUntil, colStatusOn, colStatus, colIndustry, colScope},
}

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

func (c *city) registryExport(q int, chars *charset) export {
	end := c.quarter(q).End()
	path := fmt.Sprintf("市市场监管局/企业登记_%d%02d%02d.csv", end.Year, end.Month, end.Day)
	return export{path: path, day: end, write: func(w io.Writer) (FileTruth, error) {
		r := stream(c.seed, path)
		g := registryWriter{city: c, q: q, layout: registryLayouts[q%len(registryLayouts)], words: r, dates: dateStyle(q % int(dotted))}
		if q%7 == 4 {
			g.dates = compact
		}
		defects := c.damaged(r, q)
		out := bufio.NewWriterSize(w, 1<<18)
		var line, coded []byte
		for i, col := range g.layout {
			line = appendSeparated(line, i, registryHeads[col][(q+col)%len(registryHeads[col])])
		}
		line = append(line, '\r', '\n')
		out.Write(chars.encode(nil, line))
		f := FileTruth{File: path, Source: "enterprise_registry", Rejected: len(defects)}
		for e := range int32(len(c.firms)) {
			s := c.at(e, q)
			if !s.listed {
				continue
			}
			f.Rows++
			line = g.row(line[:0], e, s, f.Rows, defects[e])
			coded = chars.encode(coded[:0], line)
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
	layout []int
	dates  dateStyle
	words  *rng
}

// row appends one line. What the model does not hold of a firm (its address, its
// capital) is drawn from a stream of the firm's own, the same in every export.
func (g *registryWriter) row(line []byte, e int32, s state, number int, wrong defect) []byte {
	f := &g.firms[e]
	own := rng{mix(g.seed ^ mix(uint64(e)))}
	var values [colUntil + 1]string
	values[colNumber] = strconv.Itoa(number)
	values[colUntil] = "9999-9-9"
	values[colCode] = g.code(e)
	values[colName] = g.name(e, g.q)
	values[colOldNumber] = g.oldNumber(e)
	if !g.bears[e] && values[colOldNumber] != "" && own.chance(100) {
		values[colOldNumber] = values[colOldNumber][:14] + "0" // real old numbers fail their check now and then
	}
	values[colType] = pick(&own, []string{"有限责任公司(自然人投资或控股)", "有限责任公司", "股份有限公司(非上市、自然人投资或控股)", "有限责任公司(自然人独资)"})
	values[colStatus] = g.statusWord(&own, s.status)
	values[colEstablished] = g.dates.write(f.established)
	values[colStatusOn] = g.dates.write(g.statusDay(f, s))
	values[colCapital], values[colCurrency] = capital(&own, g.q)
	t := tradeAt(g.nameNumber(e, 0))
	values[colIndustry] = t.industry
	values[colPerson] = personName(&own)
	values[colScope] = scope(&own, t)
	values[colAddress], values[colDistrict] = g.whereabouts(&own, f, s.region)
	values[colOffice] = districts[s.region].name + "市场监督管理局"
	switch wrong {
	case badCheck:
		values[colCode] = wrongCheck(values[colCode])
	case badExponent:
		values[colCode] = scientific(values[colCode])
	case badDate:
		values[colEstablished] = "2019-02-30"
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
	s := "许可项目：" + t.scope + "；一般项目：技术服务、技术开发、技术咨询（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
	switch k := own.n(1000); {
	case k < 8:
		return t.scope + "\n一般项目:技术服务,技术转让"
	case k < 30:
		return t.scope + ",技术进出口,货物进出口"
	case k < 35:
		return `经营"` + t.word + `"类产品;` + t.scope
	case k < 600:
		return t.scope
	}
	return s
}

// whereabouts are the address and 所属区 of a firm. Where the column is empty the
// address names the district, or else the code's office does.
func (g *registryWriter) whereabouts(own *rng, f *firm, region int) (address, column string) {
	d := &districts[region]
	number := own.n(900) + 1
	road, anonymous := d.streets[own.n(len(d.streets))], anonymousRoads[own.n(len(anonymousRoads))]
	stem, k := own.n(4), own.n(1000)
	inPark := f.inPark && f.moves == never && d.park != ""
	place := "南京市" + d.name
	switch {
	case inPark && stem == 0:
		place = "南京市" + d.park
	case inPark && stem == 1:
		place = d.parkFull
	case region == jiangbei && stem == 0:
		place = "南京高新区"
	case stem == 2:
		place = "江苏省南京市" + d.name
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
		return address, d.park
	case inPark && stem == 2:
		return address, d.parkFull
	case g.q%4 == 1 && k > 700 && region != jiangbei:
		return address, d.short
	}
	return address, d.name
}
