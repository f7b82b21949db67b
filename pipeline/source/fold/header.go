package fold

import "strings"

// LevelSign joins the levels of a header: 金额 over 合同 is 金额/合同.
const LevelSign = "/"

// HeaderCell is a header as it stands, and what it is matched by.
type HeaderCell struct{ Name, Key, Unit string }

// HeaderCellOf is a header of one row. It may have levels all the same, as in
// JSON, each with a unit: 金额（万元）/合同.
func HeaderCellOf(name string) HeaderCell {
	out := HeaderCell{Name: name}
	out.Key, out.Unit = HeaderKey(name)
	if out.Unit == "" && strings.Contains(name, LevelSign) {
		if levels := JoinLevels(strings.Split(name, LevelSign)); levels.Unit != "" {
			out.Key, out.Unit = levels.Key, levels.Unit
		}
	}
	return out
}

// JoinLevels makes one header of those that stand above each other, blank ones and repetitions left out. The unit is the lowest one's.
func JoinLevels(parts []string) HeaderCell {
	var names, keys []string
	unit := ""
	for _, part := range parts {
		if part == "" || len(names) > 0 && names[len(names)-1] == part {
			continue
		}
		key, u := HeaderKey(part)
		if u != "" {
			unit = u
		}
		names, keys = append(names, part), append(keys, key)
	}
	return HeaderCell{strings.Join(names, LevelSign), strings.Join(keys, LevelSign), unit}
}

// HeaderKey is what a header is matched by, with a unit of money at its end
// split off: 注册资本（万元） gives 注册资本 and 万元. Widths, blanks, line breaks,
// case and the * of a mandatory column do not matter.
func HeaderKey(text string) (key, unit string) {
	key = strings.ToLower(strings.Trim(Word(text), "*"))
	for _, pair := range []string{"()", "[]", "【】", "〔〕"} {
		open, shut := FirstRune(pair)
		if !strings.HasSuffix(key, shut) {
			continue
		}
		if i := strings.LastIndex(key, open); i > 0 {
			if u := UnitWord(key[i+len(open) : len(key)-len(shut)]); u != "" {
				return key[:i], u
			}
		}
	}
	return key, ""
}

// UnitWord is the unit of money that s names (单位:万元, 人民币万元, 万元), or "".
func UnitWord(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "金额"), "单位")
	s = strings.TrimPrefix(s, ":")
	s = strings.TrimPrefix(s, "人民币")
	s = strings.TrimSuffix(s, "人民币")
	if s == "" || !strings.HasSuffix(s, "元") || strings.Trim(s, "十百千万亿元") != "" {
		return ""
	}
	return s
}
