package kpi

import (
	"slices"
	"strings"
)

// traditional pairs each traditional character with its simplified form: those that
// stand in names of firms. Registered names tell some of them apart (昇 and 升), so
// that they only suggest which enterprise is meant.
const traditional = "東东長长廣广華华國国達达機机電电氣气開开發发業业農农藥药醫医產产實实質质設设備备軟软資资訊讯術术環环車车輪轮興兴寶宝龍龙" +
	"鳳凤飛飞馬马鴻鸿鵬鹏雲云億亿萬万聯联遠远運运進进際际學学樂乐點点銀银鋼钢鐵铁錦锦鎮镇門门風风馳驰騰腾驗验優优創创動动勝胜" +
	"區区協协會会偉伟傑杰剛刚廈厦廠厂帶带強强應应數数時时曉晓書书極极構构檢检權权歡欢歲岁漢汉灣湾濟济濱滨熱热燈灯爾尔獨独監监" +
	"確确礦矿種种穩稳節节築筑簡简糧粮純纯細细組组給给經经綠绿維维網网緊紧線线續续藍蓝藝艺蘇苏號号衛卫製制規规親亲計计記记試试" +
	"話话語语誠诚調调諾诺識识護护財财貿贸費费賽赛贏赢軌轨輕轻輝辉輸输轉转連连過过選选適适郵邮銘铭鋒锋鏡镜閃闪陽阳陸陆隊队雙双" +
	"靜静順顺領领頤颐顏颜養养館馆駿骏體体魚鱼鮮鲜鳥鸟麗丽齊齐龜龟澤泽潤润榮荣禮礼義义潔洁韻韵燦灿濤涛圓圆瑪玛臺台慶庆匯汇凱凯" +
	"啟启晉晋魯鲁莊庄盧卢昇升喆哲"

var simplified = func() map[rune]rune {
	m := map[rune]rune{}
	for pair := range slices.Chunk([]rune(traditional), 2) {
		m[pair[0]] = pair[1]
	}
	return m
}()

// Likeness finds names that differ little from given ones: in the city's name, the
// form of the company, brackets, traditional characters, or in one character; and
// the firm whose branch a name is.
type Likeness struct {
	drop   *strings.Replacer
	blocks map[string][]int // names that may be alike share a block
	names  [][]rune
}

// NewLikeness compares with the names; city words do not tell names apart.
func NewLikeness(names, city []string) *Likeness {
	var drop []string
	for _, w := range slices.Concat([]string{"股份有限公司", "有限责任公司", "有限公司", "集团", "（", "）", "(", ")", "【", "】", "〔", "〕", "[", "]"}, city) {
		if w != "" {
			drop = append(drop, w, "")
		}
	}
	l := &Likeness{drop: strings.NewReplacer(drop...), blocks: map[string][]int{}}
	for i, n := range names {
		l.names = append(l.names, l.essence(n))
		for _, b := range blocks(l.names[i]) {
			l.blocks[b] = append(l.blocks[b], i)
		}
	}
	return l
}

// To lists the names, as indices in order, that the text is like.
func (l *Likeness) To(text string) []int {
	words := l.essence(text)
	var found []int
	for _, b := range blocks(words) {
		for _, i := range l.blocks[b] {
			if n := len(l.names[i]) - len(words); n >= -1 && n <= 1 && editDistance(words, l.names[i]) <= 1 {
				found = append(found, i)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// essence is what tells a name from others: without the city, the form, the branch.
func (l *Likeness) essence(name string) []rune {
	if at := strings.Index(name, "公司"); at >= 0 && strings.HasSuffix(name, "分公司") {
		name = name[:at+len("公司")]
	}
	words := []rune(l.drop.Replace(name))
	for i, r := range words {
		if s, ok := simplified[r]; ok {
			words[i] = s
		}
	}
	return words
}

// blocks are keys of which two names share one if they differ in one character:
// they agree in the first three, or are the same without one of these.
func blocks(words []rune) []string {
	switch n := len(words); {
	case n < 2:
		return nil
	case n < 4:
		return []string{string(words)}
	}
	keys := []string{"0" + string(words[:3])}
	for i := range 3 { // one of the first three is another, or too many, or missing
		keys = append(keys, string(rune('1'+i))+string(words[:i])+string(words[i+1:]))
	}
	return keys
}
