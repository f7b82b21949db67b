package main

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/traditionalchinese"
)

func big5(s string) []byte {
	b, err := traditionalchinese.Big5.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(fmt.Sprintf("%q: %v", s, err))
	}
	return b
}

// misreadAs is a text as a program shows it that takes its bytes b for those of another encoding.
func misreadAs(b []byte, decode func([]byte) ([]byte, error)) string {
	text, err := decode(b)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// otherEncodings are the cases of texts that are well formed in an encoding they are not in.
func otherEncodings() []corpusCase {
	csv := func(name string, w want, files map[string][]byte) corpusCase {
		w.Contract = "people.yaml"
		return corpusCase{name: name, files: files, want: w}
	}
	const head = "编号,名称,人数,备注\n"
	foreign := func(rows ...int64) (out []reject) {
		for _, no := range rows {
			out = append(out, reject{no, "text.encoding", "", ""})
		}
		return out
	}
	taiwan := big5("k1,臺北市電子股份有限公司,1,\"高雄,建國路\"\nk2,華碩,2,\nk3,王小明,3,許功蓋\n")
	page := "<table><tr><td>編號<td>名稱<tr><td>k1<td>臺北市電子股份有限公司</table>"
	latin := charmap.ISO8859_1.NewDecoder().Bytes
	words := charmap.Windows1252.NewDecoder().Bytes
	const mixed = "k9,鍗椾含鍏\ue100徃,1,x\n" // 南京公司 in UTF-8, read as GB 18030
	garbled := "编号,名称,人数,备注\nk1," + misreadAs(gb18030("甲公司"), latin) + ",1,x\nk2,乙," + "2," + misreadAs([]byte("中文"), words) + "\nk3,Société Générale,3,“×”±5° Müßig\n" + mixed
	return []corpusCase{
		csv("text_big5_rows", want{Rows: []row{{"no": "k4", "name": "臺北電子公司"}, {"no": "k5", "name": "種稱積"}}, Rejects: foreign(2, 3, 4)}, map[string][]byte{
			".csv":   slices.Concat(gb18030(head), taiwan, gb18030("k4,臺北電子公司,4,x\nk5,種稱積,5,南京\n")),
			".b.csv": slices.Concat([]byte(head), taiwan, []byte("k4,臺北電子公司,4,x\nk5,種稱積,5,南京\n")),
		}),
		csv("text_big5", want{Error: "it is Big5 (traditional Chinese), from the line at byte"}, map[string][]byte{
			".csv":   slices.Concat(big5("編號,名稱,人數,備註\n"), taiwan),
			".b.csv": slices.Concat([]byte("no,name,count,remark\n"), taiwan),
			".html":  big5(page),
			".json":  big5(`[{"編號": "k1", "名稱": "臺北市電子股份有限公司"}]`),
		}),
		csv("text_big5_rows_in_utf8", want{Rows: []row{{"no": "k0"}}, Rejects: foreign(3, 4)}, map[string][]byte{
			".csv": slices.Concat([]byte(head+"k0,南京公司,1,x\n"), big5("k1,編號名稱,1,\nk2,臺北市電子股份有限公司,2,\n")),
		}),
		csv("text_gb_of_kana", want{Rows: []row{{"name": "ソニー（中国）有限公司", "remark": "カラオケ"}, {"name": "ユニクロ", "remark": "あいうえお"}, {"name": "種稱積"}}}, map[string][]byte{
			".csv": gb18030(head + "k1,ソニー（中国）有限公司,1,カラオケ\nk2,ユニクロ,2,あいうえお\nk3,種稱積,3,\n"),
		}),
		csv("text_garbled", want{Rows: []row{{"no": "k3", "name": "SociétéGénérale", "remark": "“×”±5° Müßig"}},
			Rejects: []reject{{2, "text.replacement", "名称", "¼×¹«Ë¾"}, {3, "text.replacement", "备注", misreadAs([]byte("中文"), words)}, {5, "text.replacement", "名称", "鍗椾含鍏\ue100徃"}}}, map[string][]byte{
			".csv":   []byte(garbled),
			".jsonl": []byte(jsonl(garbled)),
		}),
		csv("text_private_use", want{Rows: []row{{"no": "k1", "name": "\ue000公司"}}}, map[string][]byte{
			".csv": []byte(head + "k1,\ue000公司,1,x\n"), ".gb18030.csv": gb18030OfPrivate(head + "k1,\ue000公司,1,x\n"),
		}),
	}
}

// gb18030OfPrivate is gb18030 of a text with characters of the first user-defined area, which the encoder does not know.
func gb18030OfPrivate(s string) []byte {
	var b []byte
	for _, r := range s {
		if r >= 0xE000 && r < 0xE234 {
			b = append(b, byte(0xAA+(r-0xE000)/94), byte(0xA1+(r-0xE000)%94))
			continue
		}
		b = append(b, gb18030(string(r))...)
	}
	return b
}

// jsonl is a CSV without quotes as one object a line.
func jsonl(csv string) string {
	lines := strings.Split(strings.TrimSpace(csv), "\n")
	t := of(strings.ReplaceAll(lines[0], ",", "|"))
	for _, line := range lines[1:] {
		t.rows = append(t.rows, cells(strings.ReplaceAll(line, ",", "|")))
	}
	return strings.Join(objects(t), "\n")
}
