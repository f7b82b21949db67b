// Tables as CSV and XLSX. In CSV a mark says that it is UTF-8, and text that
// would be a formula is made text again.
import { xlsx } from './xlsx.js'

const cell = (value) => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  let text = String(value)
  if (/^(?:["\s]|\p{Cc}|\p{Cf}|\p{Mn})*[=+\-@＝＋－＠﹦﹢﹣﹫−]|^[\t\r\n]/u.test(text) && (text.trim() === '' || !Number.isFinite(Number(text)))) text = "'" + text
  return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text
}

const csv = (rows) => new Blob(['\ufeff' + rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n'], { type: 'text/csv' })

function save(name, blob) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}

// Two buttons; rows returns the rows, the headings first, or a promise of them.
export function downloads(rows) {
  const box = document.createElement('span')
  box.className = 'downloads'
  for (const [kind, write] of [['CSV', csv], ['XLSX', xlsx]]) {
    const button = box.appendChild(document.createElement('button'))
    button.type = 'button'
    button.textContent = '下载 ' + kind
    button.addEventListener('click', () => Promise.resolve(rows()).then((list) => save(document.title.split(' · ')[0] + '.' + kind.toLowerCase(), write(list))))
  }
  return box
}

// Every table of the page but the long ones, as it stands.
export function downloadable(table) {
  const scroll = table.closest('.scroll')
  if (!scroll || table.closest('.rows') || !table.tBodies[0] || table.tBodies[0].rows.length < 2) return
  const line = (row) => [...row.cells].map((c) => (c.dataset.v !== undefined && c.classList.contains('n') ? Number(c.dataset.v) : c.textContent.trim()))
  scroll.after(downloads(() => [line(table.tHead.rows[0]), ...[...table.tBodies].flatMap((b) => [...b.rows].filter((r) => !r.hidden).map(line))]))
}
