package main

import (
	"bytes"
	"strings"
)

// damaged are files that are cut, protected, made to do harm, or something else than their name says.
func damaged() map[string][]byte {
	xls, xlsx, parquet, csv := xlsOf(plain()), xlsxOf(plain()), parquetOf(plain()), csvOf(plain(), ",")
	circle := bytes.Clone(xls)
	le.PutUint32(circle[512+4*2:], 2) // the stream's first sector follows itself
	password := xlsStream(plain())
	password = append(password[:20], append(append(u16(0x2F, 54, 1, 1, 1), make([]byte, 48)...), password[20:]...)...)
	flipped := bytes.Clone(parquet)
	for i := 8; i < len(flipped)-8; i += 5 {
		flipped[i] ^= 0x55
	}
	renamed := func(change func(name string) string) []byte {
		parts := xlsxParts(plain())
		for i := range parts {
			parts[i].name = change(parts[i].name)
		}
		return archive(parts...)
	}
	const sheet = `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c>` +
		`<c r="B1" t="inlineStr"><is><t>名称</t></is></c><c r="C1" t="inlineStr"><is><t>人数</t></is></c></row></sheetData></worksheet>`
	return map[string][]byte{
		"xlsx_named_xls/.xls":  xlsx,
		"xls_named_xlsx/.xlsx": xls,
		"et/.et":               xls,
		"et/.new.et":           xlsx,

		"archives/.xlsx.zip":    archive(member{"表.xlsx", xlsx}),
		"archives/.xls.zip":     archive(member{"表.xls", xls}),
		"archives/.json.zip":    archive(member{"__MACOSX/._表.json", []byte("x")}, member{"表.json", write(".json", plain())}),
		"archives/.parquet.zip": archive(member{"a/", nil}, member{"a/表.parquet", parquet}),
		"archives/.gb.zip":      archive(member{string(gb18030("导出/小表.csv")), gb18030(csv)}),

		"zip_names/.xlsx":      renamed(func(name string) string { return strings.ReplaceAll(name, "/", `\`) }),
		"zip_names/.b.xlsx":    renamed(func(name string) string { return "/" + name }),
		"zip_names/.c.xlsx":    renamed(func(name string) string { return "./" + strings.ToUpper(name) }),
		"zip_part_twice/.xlsx": archive(append(xlsxParts(plain()), member{`xl\worksheets\sheet1.xml`, []byte(sheet)})...),

		"zip_nested/.zip":       archive(member{"a.zip", archive(member{"小表.csv", []byte(csv)})}),
		"zip_dots/.zip":         archive(member{"../../小表.csv", []byte(csv)}),
		"zip_control/.zip":      archive(member{"小\n表.csv", []byte(csv)}),
		"zip_twice/.zip":        archive(member{"小表.csv", []byte("a")}, member{"小表.csv", []byte("b")}),
		"zip_several/.zip":      archive(member{"a.csv", []byte("a")}, member{"b.csv", []byte("b")}),
		"zip_password/.zip":     locked(archive(member{"表.csv", []byte("x")})),
		"zip_empty/.zip":        archive(),
		"zip_folders_only/.zip": archive(member{"a/", nil}),

		"xlsx_cut/.xlsx":      xlsx[:len(xlsx)/2],
		"xlsx_password/.xlsx": compoundOf("EncryptedPackage", make([]byte, 5000)),
		"docx/.xlsx":          archive(member{"[Content_Types].xml", []byte("<Types/>")}, member{"word/document.xml", []byte("<w/>")}),

		"xls_cut/.xls":               xls[:1836],
		"xls_circle/.xls":            circle,
		"xls_string_index/.xls":      patched(0x00FD, func(b []byte) { le.PutUint32(b[6:], 1<<31) }),
		"xls_column/.xls":            patched(0x00FD, func(b []byte) { le.PutUint16(b[2:], 300) }),
		"xls_sheet_offset/.xls":      patched(0x0085, func(b []byte) { le.PutUint32(b, 1<<30) }),
		"xls_excel95/.xls":           patched(0x0809, func(b []byte) { le.PutUint16(b, 0x0500) }),
		"xls_book/.xls":              compoundOf("Book", xlsStream(plain())),
		"xls_password/.xls":          compoundOf("Workbook", password),
		"xls_sheet_without_end/.xls": compoundOf("Workbook", bytes.TrimSuffix(xlsStream(three()), u16(0x000A, 0))),
		"doc/.xls":                   compoundOf("WordDocument", make([]byte, 5000)),

		"parquet_cut/.parquet":     parquet[:len(parquet)-20],
		"parquet_flipped/.parquet": flipped,
	}
}

// three is a table with numbers.
func three() table { return of("编号|名称|人数", "A1|甲|#1", "A2|乙|#2", "A3|丙|#3").typed() }

// patched is the plain .xls with the first record of a number changed.
func patched(id uint16, change func(content []byte)) []byte {
	stream := xlsStream(plain())
	for at := 0; at+4 <= len(stream); {
		n := int(le.Uint16(stream[at+2:]))
		if le.Uint16(stream[at:]) == id {
			change(stream[at+4 : at+4+n])
			break
		}
		at += 4 + n
	}
	return compoundOf("Workbook", stream)
}

// locked sets the flag of a password in both headers of an archive's member.
func locked(zip []byte) []byte {
	for i := range len(zip) - 10 {
		switch {
		case bytes.HasPrefix(zip[i:], []byte("PK\x03\x04")):
			zip[i+6] |= 1
		case bytes.HasPrefix(zip[i:], []byte("PK\x01\x02")):
			zip[i+8] |= 1
		}
	}
	return zip
}
