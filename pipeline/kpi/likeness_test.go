package kpi

import (
	"slices"
	"testing"
)

func TestLikeness(t *testing.T) {
	names := []string{"南京瑞达精密机械有限公司", "瑞达南京智能装备有限公司", "南京华东电气股份有限公司", "江苏恒星软件有限公司", "南京鑫新材料有限公司"}
	l := NewLikeness(names, []string{"南京市", "南京"})
	for text, want := range map[string][]int{
		"南京瑞达精密机械股份有限公司":    {0},
		"南京瑞远精密机械有限公司":      {0},
		"南京瑞达精密械有限公司":       {0},
		"瑞達智能裝備有限公司":        {1}, // 裝 is in no table: one character differs
		"瑞达（南京）智能装备有限责任公司":  {1},
		"南京華東電氣股份有限公司":      {2},
		"江苏恒星软件有限公司南通分公司":   {3},
		"江苏星恒软件有限公司":        {}, // two characters differ
		"苏州查无此企有限公司":        {},
		"南京市瑞达精密机械有限公司":     {0},
		"南京瑞达精密机械有限公司江宁分公司": {0},
		"公司": {},
	} {
		if got := l.To(text); !slices.Equal(got, want) {
			t.Errorf("%s: like %v, want %v", text, got, want)
		}
	}
}
