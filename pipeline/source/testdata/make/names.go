package main

// names are the cases of names and codes: which are one, which are several, which are none.
func names() []corpusCase {
	people := func(name string, formats []string, t table, w want) corpusCase {
		w.Contract = "people.yaml"
		return corpusCase{name: name, formats: formats, table: t, want: w}
	}
	csv := func(name string, w want, text string) corpusCase {
		w.Contract = "people.yaml"
		return corpusCase{name: name, files: map[string][]byte{".csv": []byte(text)}, want: w}
	}
	page := []byte(`<table><tr><td>编号<td>名称<td>备注<tr><td>k1<td>南京甲有限公司<br>南京乙有限公司<td>x<tr><td>k2<td><p>南京大学</p><p>东南大学</p><td>x<tr><td>k3<td>南京华科信息<br>技术有限公司<td>上<br>下<tr><td>k4<td>南京
		丙有限公司<td>上
		下</table>`)
	lines := append([]string{".gb18030.csv"}, brief...)
	return []corpusCase{
		people("names_on_lines", lines, of("编号|名称", `k1|南京甲公司\n南京乙公司`, `k2|南京大学\n东南大学`, `k3|南京甲有限公司\n南京市第一医院`, `k4|南京甲中心（有限合伙）\n南京乙合作社`, `k5|南京\n甲有限公司\n南京乙有\n限公司`, "k6|南京甲有限公司 南京乙有限公司", "k7|南京大学\u3000东南大学", `k8|江苏省农科院\n`,
			`k9|Siemens AG\nBosch GmbH`, `k10|江苏银行\n南京银行`, `k11|江苏省产业技术研究院\n南京先进激光技术研究院`),
			want{Rows: []row{{"no": "k8", "name": "江苏省农科院"}}, Rejects: []reject{{2, "name.several", "名称", `南京甲公司` + "\n" + `南京乙公司`}, {3, "name.several", "名称", "南京大学\n东南大学"}, {4, "name.several", "名称", "南京甲有限公司\n南京市第一医院"}, {5, "name.several", "名称", "南京甲中心（有限合伙）\n南京乙合作社"},
				{6, "name.several", "名称", "南京\n甲有限公司\n南京乙有\n限公司"}, {7, "name.several", "名称", "南京甲有限公司 南京乙有限公司"}, {8, "name.several", "名称", "南京大学\u3000东南大学"}, {10, "name.several", "名称", "Siemens AG\nBosch GmbH"}, {11, "name.several", "名称", "江苏银行\n南京银行"}, {12, "name.several", "名称", "江苏省产业技术研究院\n南京先进激光技术研究院"}}}),
		people("names_wrapped", lines, of("编号|名称", `k1|南京华科信息\n技术有限公司`, `k2|南京大学\n科技园发展有限公司`, `k3|华为技术有限公司\n南京分公司`, `k4|南京市第一\n人民医院`, `k5|中国科学院\n南京地质古生物研究所`, `k6|南京大学\n附属鼓楼医院`, `k7|南京华科（集团）\n有限公司`, "k8|中国科学院 南京分院", `k9|南京华科有限\n公司`, `k10|江苏省人民医院\n（南京医科大学第一附属医院）`,
			`k11|江苏省产业技术研究院\n有限公司`, `k12|江苏银行\n南京分行`, "k13|甲公司、乙公司"),
			want{Rows: []row{{"name": "南京华科信息技术有限公司"}, {"name": "南京大学科技园发展有限公司"}, {"name": "华为技术有限公司南京分公司"}, {"name": "南京市第一人民医院"}, {"name": "中国科学院南京地质古生物研究所"}, {"name": "南京大学附属鼓楼医院"}, {"name": "南京华科（集团）有限公司"}, {"name": "中国科学院南京分院"}, {"name": "南京华科有限公司"},
				{"name": "江苏省人民医院（南京医科大学第一附属医院）"}, {"name": "江苏省产业技术研究院有限公司"}, {"name": "江苏银行南京分行"}, {"name": "甲公司、乙公司"}}}),
		people("persons_on_lines", lines, of("编号|姓名|收款人", `k1|张三\n李四|`, `k2||张三\n李四`, `k3||张三\n南京甲有限公司`, `k4|张 三|江苏\n省农科院`, `k5|阿卜杜·\n热合曼|江宁\n高新区`, `k6|张三丰\n李四\n王五|`, "k7|张三、李四|张三"),
			want{Rows: []row{{"no": "k3", "payee": "张三南京甲有限公司"}, {"no": "k4", "payee": "江苏省农科院"}, {"no": "k5", "payee": "江宁高新区"}, {"no": "k7", "person": "张三、李四"}},
				Rejects: []reject{{2, "name.several", "姓名", "张三\n李四"}, {3, "name.several", "收款人", "张三\n李四"}, {7, "name.several", "姓名", "张三丰\n李四\n王五"}}}),
		{name: "names_on_lines_of_a_page", files: map[string][]byte{".html": page}, want: want{Contract: "people.yaml", Rows: []row{{"no": "k3", "name": "南京华科信息技术有限公司", "remark": "上\n下"}, {"no": "k4", "name": "南京丙有限公司", "remark": "上 下"}},
			Rejects: []reject{{2, "name.several", "名称", "南京甲有限公司\n南京乙有限公司"}, {3, "name.several", "名称", "南京大学\n东南大学"}}}},
		people("names_that_are_none", brief, of("编号|名称|姓名|收款人", "k1|44805||", "k2|2022-09-01||", "k3||2022年9月1日|", "k4|TRUE||", "k5||FALSE|", "k6|无|未知|暂无", "k7|——||", "k8|3M中国有限公司|M. Müller|58到家", "k9|***||", "k10||12.5%|"),
			want{Rows: []row{{"no": "k6", "name": "", "person": "", "payee": ""}, {"no": "k7", "name": ""}, {"no": "k8", "name": "3M中国有限公司", "person": "M. Müller"}},
				Rejects: []reject{{2, "name.form", "名称", "44805"}, {3, "name.form", "名称", "2022-09-01"}, {4, "name.form", "姓名", "2022年9月1日"}, {5, "cell.boolean", "名称", "TRUE"}, {6, "cell.boolean", "姓名", "FALSE"}, {10, "name.form", "名称", "***"}, {11, "name.form", "姓名", "12.5%"}}}),
		people("codes_by_width", lines, of("编号|人员编号|合同编号|批准文号|备注", "ｋ４|ａ－１|Ａ－１|宁科（２０２５）３号|Ａ－１", "k 4|a\u20131|A\u22121|宁科(2025)3号|k 4", "k4|a1|A\u20131|宁科 〔2025〕\u00a03号|", "K\u20104|320102 19491231 0021|A 1|ＮＪ－３|"),
			want{Rows: []row{{"no": "k4", "person_no": "a-1", "contract": "A-1", "document": "宁科（2025）3号", "remark": "Ａ－１"}, {"no": "k4", "person_no": "a-1", "contract": "A-1", "document": "宁科（2025）3号", "remark": "k 4"}, {"no": "k4", "person_no": "a1", "contract": "A-1", "document": "宁科〔2025〕3号"}, {"no": "K-4", "person_no": "320102194912310021", "contract": "A1", "document": "NJ-3"}}}),
		people("codes_several", brief, of("编号|合同编号|批准文号", `k1\nk2||`, "k1 k2||", "3201 0219||", `k3|A1\nA2|`, `k4|A1\n2-3|`, `k5|A\n1|宁科〔2025〕\n3号`, `k6||宁科〔2025〕3号\n宁科〔2025〕4号`, "k\n7||", "\u0410\u0412-8||", "无||", "NA||", "k9|无|暂无"),
			want{Rows: []row{{"no": "k5", "contract": "A1", "document": "宁科〔2025〕3号"}, {"no": "k7"}, {"no": "k9", "contract": "", "document": ""}},
				Rejects: []reject{{2, "cell.several", "编号", "k1\nk2"}, {3, "cell.several", "编号", "k1 k2"}, {4, "cell.several", "编号", "3201 0219"}, {5, "cell.several", "合同编号", "A1\nA2"}, {6, "cell.several", "合同编号", "A1\n2-3"}, {8, "cell.several", "批准文号", "宁科〔2025〕3号\n宁科〔2025〕4号"},
					{10, "text.lookalike", "编号", "\u0410\u0412-8"}, {11, "required", "编号", "无"}, {12, "required", "编号", "NA"}}}),
		people("codes_digits_lost", brief, of("编号|人员编号|备注", "1E+05||", "3.2E+17||", "k1|3.2e+17|", "k2|1.23456E10|", "k3||3.2e+17", "8E12|8E12|8E12"),
			want{Rows: []row{{"no": "8E12", "person_no": "8E12", "remark": "8E12"}}, Rejects: []reject{{2, "text.digits_lost", "编号", "1E+05"}, {3, "text.digits_lost", "编号", "3.2E+17"}, {4, "text.digits_lost", "人员编号", "3.2e+17"}, {5, "text.digits_lost", "人员编号", "1.23456E10"}, {6, "text.digits_lost", "备注", "3.2e+17"}}}),
		people("text_errors_of_formulas", brief, of("编号|名称|日期|金额（元）|人数|是否续聘|备注", "k1|#REF!|||||", "k2||#N/A||||", "k3|||#DIV/0!|||", "k4||||#NUM!||", "k5|||||#NULL!|", "k6||||||#VALUE!", "k7||||||########", "k8|=A1|||||", "k9||||||=SUM(A1:A3)", "#N/A||||||", "k10||||||见 #REF!", "k11||||||=>附件", "k12||||||#3楼", "k13||||TRUE||", "k14|||TRUE|||"),
			want{Rows: []row{{"no": "k10", "remark": "见 #REF!"}, {"no": "k11", "remark": "=>附件"}, {"no": "k12", "remark": "#3楼"}},
				Rejects: []reject{{2, "cell.error", "名称", "#REF!"}, {3, "cell.error", "日期", "#N/A"}, {4, "cell.error", "金额（元）", "#DIV/0!"}, {5, "cell.error", "人数", "#NUM!"}, {6, "cell.error", "是否续聘", "#NULL!"}, {7, "cell.error", "备注", "#VALUE!"}, {8, "cell.error", "备注", "########"}, {9, "cell.error", "名称", "=A1"}, {10, "cell.error", "备注", "=SUM(A1:A3)"}, {11, "cell.error", "编号", "#N/A"},
					{15, "number.form", "人数", "TRUE"}, {16, "money.form", "金额（元）", "TRUE"}}}),
		csv("text_quotes_of_programs", want{Rows: []row{{"no": "00125", "remark": ""}, {"no": "k2", "remark": `甲"乙`}, {"no": "k5", "remark": "甲乙"}, {"no": "k6", "remark": `甲"乙"`}},
			Rejects: []reject{{4, "row.width", "", ""}, {5, "row.width", "", ""}}},
			"编号,名称,备注\n=\"\"00125\"\",甲,=\"\"\"\"\nk2,甲,\"甲\"\"乙\" \nk3,甲,\"甲\\\"乙\"\nk4,\"甲公司\\\"x\",\nk5,甲,\"甲\"乙\nk6,甲,甲\"乙\"\n"),
	}
}
