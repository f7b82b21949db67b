package convert

import "testing"

// Which cells hold one name and which two; the corpus has the commoner ones in every format.
func TestSeveralNames(t *testing.T) {
	for _, tt := range []struct {
		cell  string
		party bool
		want  bool
	}{
		{"南京甲公司\n南京乙公司", false, true}, {"南京甲公司\r\n南京乙公司", false, true}, {"南京甲公司\u2028南京乙公司", false, true},
		{"南京甲\n有限公司\n南京乙有限公司", false, true}, {"南京甲汽车厂\n南京乙汽车厂", false, true}, {"南京大学\n江苏省产业技术研究院", false, true},
		{"南京甲有限公司\n南京乙有限公司南京分公司", false, false}, // what ends as a branch is told apart by people only
		{"南京江宁科学园\n发展有限公司", false, false}, {"南京软件中心\n发展有限公司", false, false}, {"南京大学\n出版社有限公司", false, false},
		{"南京大学 建筑规划设计研究院有限公司", false, false}, {"南京大学 生命科学学院", false, false}, {"南京大学 东南大学", false, true},
		{"南京甲公司", false, false}, {"南京 甲 公司", false, false}, {"公司\n公司", false, false}, {"\n南京甲公司\n", false, false},
		{"张三\n李四", false, false}, {"张三\n李四", true, true}, {"江苏\n省农科院", true, false}, {"欧阳\n锋", true, false},
	} {
		if got := severalNames([]byte(tt.cell), tt.party); got != tt.want {
			t.Errorf("%q: %v", tt.cell, got)
		}
	}
}
