// A workbook of one sheet, written without a library: parts of XML in a ZIP that
// stores them as they are. Text is inline text, so that nothing becomes a formula.
const table = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

function crc(bytes) {
  let c = 0xffffffff
  for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

const little = (value, size) => Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 255)

// The same rows give the same bytes: the date of every part is 1980-01-01.
function zip(parts) {
  const encode = new TextEncoder()
  const out = []
  const directory = []
  let at = 0
  for (const [path, text] of parts) {
    const name = encode.encode(path)
    const body = encode.encode(text)
    const common = [...little(0x0800, 2), 0, 0, 0, 0, 0x21, 0, ...little(crc(body), 4), ...little(body.length, 4), ...little(body.length, 4), ...little(name.length, 2), 0, 0]
    out.push(Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, ...common), name, body)
    directory.push(Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0, 20, 0, ...common, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...little(at, 4)), name)
    at += 30 + name.length + body.length
  }
  const size = directory.reduce((n, part) => n + part.length, 0)
  const end = Uint8Array.of(0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...little(parts.length, 2), ...little(parts.length, 2), ...little(size, 4), ...little(at, 4), 0, 0)
  return [...out, ...directory, end]
}

const escape = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

function cell(value) {
  if (value === null || value === undefined || value === '—') return '<c/>'
  if (typeof value === 'number' && Number.isFinite(value)) return '<c><v>' + value + '</v></c>'
  return '<c t="inlineStr"><is><t xml:space="preserve">' + escape(String(value)) + '</t></is></c>'
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const office = 'http://schemas.openxmlformats.org/'

// The rows as a file: the first row heads the columns and stays in sight.
export function xlsx(rows) {
  const lines = rows.map((row) => '<row>' + row.map(cell).join('') + '</row>').join('')
  return new Blob(zip([
    ['[Content_Types].xml', head + '<Types xmlns="' + office + 'package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'],
    ['_rels/.rels', head + '<Relationships xmlns="' + office + 'package/2006/relationships"><Relationship Id="rId1" Type="' + office + 'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'],
    ['xl/workbook.xml', head + '<workbook xmlns="' + office + 'spreadsheetml/2006/main" xmlns:r="' + office + 'officeDocument/2006/relationships"><sheets><sheet name="数据" sheetId="1" r:id="rId1"/></sheets></workbook>'],
    ['xl/_rels/workbook.xml.rels', head + '<Relationships xmlns="' + office + 'package/2006/relationships"><Relationship Id="rId1" Type="' + office + 'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'],
    ['xl/worksheets/sheet1.xml', head + '<worksheet xmlns="' + office + 'spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>' + lines + '</sheetData></worksheet>'],
  ]), { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' })
}
