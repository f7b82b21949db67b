package fold

import "golang.org/x/text/unicode/norm"

// ideograph is the character that people read in r: a page of a PDF that is copied into a table
// has radicals (⼤ for 大) and compatibility forms in the place of the characters that look the same.
func ideograph(r rune) rune {
	switch {
	case r >= 0x2E80 && r < 0x2FE0:
		if same, ok := supplementRadicals[r]; ok {
			return same
		}
	case r >= 0xF900 && r < 0xFB00, r >= 0x2F800 && r < 0x2FA20:
	default:
		return r
	}
	form := []rune(norm.NFKC.String(string(r)))
	if len(form) != 1 {
		return r
	}
	return form[0]
}

// supplementRadicals are those that Unicode gives no other form.
var supplementRadicals = map[rune]rune{
	'⺎': '兀', '⺏': '尣', '⺒': '巳', '⺓': '幺', '⺛': '旡', '⺝': '月', '⺟': '母', '⺠': '民', '⺫': '罒', '⺬': '示', '⺼': '肉', '⻁': '虎', '⻄': '西',
	'⻅': '见', '⻆': '角', '⻉': '贝', '⻋': '车', '⻑': '長', '⻓': '长', '⻔': '门', '⻘': '青', '⻙': '韦', '⻚': '页', '⻛': '风', '⻜': '飞', '⻝': '食',
	'⻢': '马', '⻣': '骨', '⻤': '鬼', '⻥': '鱼', '⻦': '鸟', '⻧': '卤', '⻨': '麦', '⻩': '黄', '⻪': '黾', '⻬': '齐', '⻮': '齿', '⻰': '龙', '⻳': '龟',
}
