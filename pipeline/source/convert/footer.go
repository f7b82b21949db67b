package convert

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"citykpi/pipeline/source/fold"
)

// footerStart is a quick look at the first character, which nearly every row fails.
func footerStart(b []byte) bool {
	if len(b) < 3 {
		return false
	}
	switch c := b[0]; {
	case c >= 0xE4 && c <= 0xE9:
		switch string(b[:3]) {
		case "合", "小", "总", "累", "本", "制", "填", "备", "注", "说", "审", "单", "联", "经", "负", "复", "报", "数", "资", "打", "共",
			"平", "均", "以", "续", "接", "转", "完", "未", "第", "签", "盖", "附", "大":
			return true
		}
		return bytes.HasSuffix(b, []byte("计")) // 江宁区小计
	case c < 0x80:
		switch c | 0x20 {
		case 't', 's', 'g', 'e':
			return len(b) <= len("grand total:") &&
				slices.Contains(englishFooters, strings.ToLower(string(fold.Append(nil, bytes.TrimRight(b, ":")))))
		}
		return strings.IndexByte("*([-", c) >= 0
	}
	switch string(b[:3]) {
	case "（", "【", "〔", "［", "※", "＊", "—":
		return true
	}
	return false
}

var englishFooters = []string{"total", "grandtotal", "subtotal", "sum", "end"}

var footerLabels = []string{"制表人", "制表", "填表人", "填报人", "填表说明", "填报说明", "填报单位", "填报日期", "备注", "注", "说明", "审核人", "审核",
	"复核人", "单位负责人", "负责人", "经办人", "联系人", "联系电话", "报送单位", "数据来源", "资料来源", "打印日期", "制表日期", "制表时间", "单位盖章",
	"填表日期", "填表时间", "填报时间", "打印时间", "联系方式", "单位", "审批", "审批人", "签字", "签名", "签章", "盖章", "附", "附件", "附注",
	"平均", "平均值", "平均数", "均值", "大写", "合计大写", "以下空白", "以下为空白", "以下无", "以下无内容", "续", "续上表", "接上页", "转下页", "完", "未完待续", "end"}

// pageNumber is what a program prints below every page.
var pageNumber = regexp.MustCompile(`^第[0-9]+页[,，/]?(共[0-9]+页)?$`)

// footerWord: a total as the whole cell, or a label that ends the cell or is followed by a colon.
func footerWord(s string) bool {
	if kind, _ := totalWord(s); kind != noTotal {
		return true
	}
	s = strings.ToLower(undecorated(s))
	for _, w := range footerLabels {
		if rest, ok := strings.CutPrefix(s, w); ok && (rest == "" || strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：")) {
			return true
		}
	}
	return pageNumber.MatchString(s)
}

// undecorated is a folded text without the brackets around it, or the stars and lines: （合计）, 【合计】, —完—.
func undecorated(s string) string {
	s = strings.TrimRight(strings.Trim(s, "*※—-"), ":：")
	for _, pair := range []string{"()", "[]", "【】", "〔〕"} {
		open, shut := fold.FirstRune(pair)
		if inside, ok := strings.CutPrefix(s, open); ok && strings.HasSuffix(inside, shut) {
			return strings.TrimRight(strings.TrimSuffix(inside, shut), ":：")
		}
	}
	return s
}
