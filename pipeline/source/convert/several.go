package convert

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"citykpi/pipeline/source/fold"
	"citykpi/pipeline/source/parse"
	"citykpi/pipeline/source/personal"
)

// A name that is wrapped over lines is one name, as Excel and Word break long ones: its blanks and line
// ends go. Two names on two lines would become one that exists nowhere. What they are is told from the
// names: if what stands before a line end is a whole name and what stands behind it is as well, there
// are two. Names that a visible sign parts (甲公司、乙公司) stay as they are filed: nothing is joined.

var namesSeveral = &parse.Problem{Rule: "name.several", Reason: "单元格里分行写了几个名称，应只有一个，请逐行填写；确为联合单位的，请用“、”隔开写在同一行"}

var personsSeveral = &parse.Problem{Rule: "name.several", Reason: "单元格里分行写了几个人的姓名，应只有一个，请逐行填写"}

// severalNames reports a cell of organisations' names, or of parties', that holds more than one.
func severalNames(cell []byte, party bool) bool {
	if !bytes.ContainsFunc(cell, fold.Blank) {
		return false
	}
	return partedInto(cell, lineEnd, func(before, behind string) bool {
		return wholeName(before, wholeEnds) && wholeName(behind, wholeEnds) && !continuesName(behind) ||
			party && surnamed(before) && surnamed(behind)
	}) || partedInto(cell, fold.Blank, func(before, behind string) bool { // 中国科学院 南京分院 is one
		return wholeName(before, firmEnds) && wholeName(behind, firmEnds) && !continuesName(behind) ||
			strings.HasSuffix(before, "大学") && strings.HasSuffix(behind, "大学") && wholeName(behind, wholeEnds)
	})
}

// severalPersons reports a cell of a person's name with more than one: a Chinese name is not wrapped.
func severalPersons(cell []byte) bool {
	if bytes.IndexByte(cell, '\n') <= 0 && bytes.IndexByte(cell, '\r') <= 0 {
		return false
	}
	return partedInto(cell, lineEnd, func(before, behind string) bool {
		return personal.PersonName(before) && personal.PersonName(behind) && !strings.HasSuffix(before, "·")
	})
}

// partedInto reports whether two names stand on both sides of a place where the cell is parted.
func partedInto(cell []byte, parts func(r rune) bool, two func(before, behind string) bool) bool {
	var pieces []string
	for _, piece := range bytes.FieldsFunc(cell, parts) {
		if clean := string(fold.Name(nil, piece)); clean != "" {
			pieces = append(pieces, clean)
		}
	}
	for k := 1; k < len(pieces); k++ {
		if two(strings.Join(pieces[:k], ""), strings.Join(pieces[k:], "")) {
			return true
		}
	}
	return false
}

// lineEnd reports what ends a line in a cell.
func lineEnd(r rune) bool {
	return r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// firmEnds are how the names of firms end, behind which a name seldom goes on.
var firmEnds = strings.Fields(`公司 合作社 合伙企业 厂`)

// wholeEnds are how whole names of organisations end. 集团, 科学院, 局 and 委员会 are none: names of
// what belongs to them begin so.
var wholeEnds = append(strings.Fields(`大学 学院 学校 中学 小学 研究院 研究所 设计院 设计所 事务所 医院 中心 银行 实验室 基金会 协会 学会 商会 联合社 联盟
	ltd ltd. limited inc inc. llc gmbh ag corp corp. corporation university institute`), firmEnds...)

// common are the words of a firm's name that do not tell it from others: of them alone none consists,
// so that they go on with what stands on the line before them.
var common = strings.NewReplacer(pairs(`有限责任 股份有限 有限 股份 集团 控股 总 科技 技术 发展 开发 投资 管理 咨询 服务 实业 工业 贸易 商贸 工程 建设 信息 网络 文化 传媒 传播
	出版社 科技园 创业园 产业园 资产 经营 运营 建筑 规划 设计 环保 环境 能源 电子 软件 数据 智能 生物 医药 材料 新材料 设备 制造 物业 物流 餐饮 培训 教育 检测 认证`)...)

func pairs(words string) (out []string) {
	for _, w := range strings.Fields(words) {
		out = append(out, w, "")
	}
	return out
}

// wholeName reports a name that ends as one of an organisation does and has something of its own before that.
func wholeName(name string, ends []string) bool {
	name = strings.ToLower(withoutEndBrackets(name))
	at := slices.IndexFunc(ends, func(end string) bool { return strings.HasSuffix(name, end) })
	if at < 0 || strings.HasSuffix(name, "科学院") {
		return false
	}
	own := withoutEndBrackets(common.Replace(strings.TrimSuffix(name, ends[at])))
	return utf8.RuneCountInString(own) >= 2
}

// withoutEndBrackets drops what stands in brackets behind a name: 南京甲中心（有限合伙）.
func withoutEndBrackets(name string) string {
	for strings.HasSuffix(name, "）") {
		at := strings.LastIndex(name, "（")
		if at < 0 {
			break
		}
		name = name[:at]
	}
	return name
}

// branchEnds are how the name of a part of a firm or school ends, which follows that of the whole.
var branchEnds = strings.Fields(`分公司 分行 支行 分厂 分店 分院 分校 分所 分中心 分部 支公司 营业部 办事处 项目部 事业部 门市部 经营部`)

// continuesName reports a text that goes on with the name before it: 南京分公司, 附属医院, （集团）有限公司.
func continuesName(text string) bool {
	text = withoutEndBrackets(text)
	return text == "" || strings.HasPrefix(text, "（") || strings.HasPrefix(text, "附属") || strings.HasPrefix(text, "第") ||
		slices.ContainsFunc(branchEnds, func(end string) bool { return strings.HasSuffix(text, end) })
}

// surnames are the commonest, of more than nineteen in twenty people.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金" +
	"石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁" +
	"岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾" +
	"尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛" +
	"仲虞敖巩明佘池查麻苑迟邝"

// surnamed reports a name as persons have it, that begins with a surname: of 江苏 and 省科技厅 the second does not.
func surnamed(name string) bool {
	first, rest := fold.FirstRune(name)
	n := utf8.RuneCountInString(rest)
	last, _ := utf8.DecodeLastRuneInString(name)
	return strings.Contains(surnames, first) && (n == 1 || n == 2) && personal.PersonName(name) &&
		!strings.ContainsRune("省市区县镇乡村局厅院所厂店社站部园", last)
}
