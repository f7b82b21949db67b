package contract

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"citykpi/pipeline/source/fold"
)

// A row of an append can say that it withdraws or replaces an earlier one, in columns that any
// contract's files may have beside the contract's own: 处理方式 says what the row does, and a key
// column under its header with 原 before it (原签约日期) says what the row it speaks of had there.
// Without such a cell the row it speaks of has the row's own key.
const (
	ActionColumn   = "row_action"
	ReplacesPrefix = "replaces_" // replaces_signed_on

	Add      = "add"      // as without the column
	Anew     = "anew"     // likewise, and it says on purpose what may have been withdrawn
	Replace  = "replace"  // takes the place of the row it names
	Withdraw = "withdraw" // the row it names does not hold; of its own cells only the key must be filled
)

// Returned workbooks keep where each of their rows had been rejected.
const (
	ReturnedSheetColumn = "returned_sheet"
	ReturnedRowColumn   = "returned_row"
)

// before begins the header of what a corrected row had in a key column.
const before = "原"

var actionHeaders = []string{"处理方式", "处理类型", "更正方式", "更正类型", "行状态", "记录状态", "数据状态", "操作类型"}

// ActionWords are what a cell of ActionColumn may say.
var ActionWords = []Value{
	{Add, []string{"新增", "正常", "有效"}},
	{Anew, []string{"补报", "重报", "恢复"}},
	{Replace, []string{"更正", "替换", "变更", "修改"}},
	{Withdraw, []string{"作废", "撤销", "删除"}},
}

var amendment = regexp.MustCompile(`补报|补充|更正|修正|修订|订正|重报|追加`)

// Amends reports whether a file says by its name that it corrects or completes another.
func Amends(name string) bool { return amendment.MatchString(path.Base(name)) }

// Corrected is the contract with the columns in which rows say what they do to earlier ones;
// c itself where each batch is the whole register, which no row of another corrects. A header
// that the contract has for a column of its own stays that column's.
func (c *Contract) Corrected() *Contract {
	if c.Mode != Append || c.Corrects() {
		return c
	}
	own := map[string]bool{}
	for _, col := range c.Columns {
		for _, key := range col.Keys {
			own[key] = true
		}
	}
	free := func(headers []string) (cn, keys []string) {
		for _, h := range headers {
			if key, _ := fold.HeaderKey(h); key != "" && !own[key] {
				cn, keys = append(cn, h), append(keys, key)
				own[key] = true
			}
		}
		return cn, keys
	}
	var more []Column
	if cn, keys := free(actionHeaders); cn != nil {
		more = append(more, Column{Name: ActionColumn, CN: cn, Type: Category, Values: ActionWords, Keys: keys})
	} else {
		return c
	}
	for _, k := range c.Key {
		col := *c.Column(k)
		var headers []string
		for _, cn := range col.CN {
			headers = append(headers, before+cn)
		}
		col.Name, col.Required, col.Foreign, col.Months, col.FillDown = ReplacesPrefix+k, false, false, false, false
		if col.CN, col.Keys = free(headers); col.CN != nil {
			more = append(more, col)
		}
	}
	return c.with(more)
}

// ActionCell is where a header says that rows may be void or corrected, though the contract has no
// column for it; -1: nowhere.
func (c *Contract) ActionCell(header []string) int {
	return slices.IndexFunc(header, func(h string) bool {
		key, _ := fold.HeaderKey(h)
		asks := slices.ContainsFunc(actionHeaders, func(a string) bool { k, _ := fold.HeaderKey(a); return k == key })
		return asks && !slices.ContainsFunc(c.Columns, func(col Column) bool { return slices.Contains(col.Keys, key) })
	})
}

// with is the contract with columns more. It is the same contract: its version stays.
func (c *Contract) with(more []Column) *Contract {
	wide := *c
	wide.Columns, wide.index = slices.Concat(c.Columns, more), maps.Clone(c.index)
	for i, col := range more {
		wide.index[col.Name] = len(c.Columns) + i
	}
	wide.schema = wide.buildSchema()
	return &wide
}

// Corrects reports whether rows of the contract may say what they do to earlier ones.
func (c *Contract) Corrects() bool { return c.Column(ActionColumn) != nil }

// AsksAction reports whether a header alone means that rows correct others: the column that says
// how, or what a key column was before. Of names it does not: 原企业名称 is also what a firm was
// called.
func (c *Contract) AsksAction(header string) bool {
	for _, col := range c.Columns {
		key, was := strings.CutPrefix(col.Name, ReplacesPrefix)
		was = was && c.Column(key) != nil && slices.Contains(c.Key, key) && col.Type != Name
		if (was || col.Name == ActionColumn) && slices.Contains(col.Keys, header) {
			return true
		}
	}
	return false
}
