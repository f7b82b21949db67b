package convert

import (
	"testing"

	"citykpi/pipeline/source/fold"
)

func TestFooterWord(t *testing.T) {
	for in, want := range map[string]bool{"合计": true, "合 计：": true, "小计": true, "制表人：张三": true, "填表说明": true, "备注：本表不含": true,
		"合计信息技术有限公司": false, "总计科技": false, "注册资本": false, "说明书": false, "单位负责人:李四": true} {
		if got := footerWord(fold.Word(in)); got != want {
			t.Errorf("footerWord(%q) = %v", in, got)
		}
	}
}
