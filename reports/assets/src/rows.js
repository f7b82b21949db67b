// Long tables: the page shows the first rows; all of them stand in files beside
// it that are read when somebody pages, sorts or searches.
import { count, thousands } from './number.js'
import { compare } from './tables.js'
import { downloads } from './download.js'

const waiting = new Map() // table/file → what to do with its rows
const sizes = [20, 50, 200]

// The files call this with values only; in a column of words a number stands for the
// n-th word, 0 for none.
export function receive(id, file, words, list) {
  const key = id + '-' + file
  const done = waiting.get(key)
  waiting.delete(key)
  if (done) done(words, list)
}

const numeric = (kind) => kind === 'n' || kind === 'm'

const fetchFile = (id, file, kinds) => new Promise((resolve, reject) => {
  waiting.set(id + '-' + file, (words, list) => resolve(list.map((row) => row.map((cell, i) => (
    numeric(kinds[i]) || typeof cell !== 'number' ? cell : cell ? words[cell - 1] : null)))))
  const script = document.createElement('script')
  script.src = 'data/' + id + '-' + file + '.js'
  script.onerror = () => reject(new Error(script.src))
  document.head.append(script)
})

const text = (cell, kind) => (kind === 'm' && typeof cell === 'number' ? thousands(cell, 2) : cell === null || cell === undefined || cell === '' ? '—' : typeof cell === 'number' ? count(cell) : String(cell))

export function longTable(box) {
  const { rows: id, total, chunks, chunk } = box.dataset
  const table = box.querySelector('table')
  const heads = [...table.tHead.rows[0].cells]
  const kinds = heads.map((head) => head.dataset.kind)
  const state = { at: 0, size: sizes[0], words: '', place: '', column: -1, down: false, only: [] }
  const all = new Array(Number(total))
  const loading = new Map()

  const load = (file) => {
    if (!loading.has(file)) {
      loading.set(file, fetchFile(id, file, kinds).then((list) => list.forEach((row, i) => { all[(file - 1) * Number(chunk) + i] = row })))
    }
    return loading.get(file)
  }
  const loadAll = () => Promise.all(Array.from({ length: Number(chunks) }, (_, i) => load(i + 1)))

  const bar = document.createElement('div')
  bar.className = 'rowbar'
  const label = bar.appendChild(document.createElement('label'))
  label.append('查找 ')
  const search = label.appendChild(document.createElement('input'))
  search.type = 'search'
  search.placeholder = '名称、代码、文件'
  const places = kinds.indexOf('r')
  const choice = document.createElement('select')
  if (places >= 0) chooser()
  const shown = bar.appendChild(document.createElement('span'))
  shown.className = 'shown'
  shown.setAttribute('aria-live', 'polite')
  const pager = bar.appendChild(document.createElement('span'))
  pager.className = 'pager'
  const button = (name, go) => {
    const b = pager.appendChild(document.createElement('button'))
    b.type = 'button'
    b.textContent = name
    b.addEventListener('click', go)
    return b
  }
  const back = button('上一页', () => { state.at -= state.size; show() })
  const next = button('下一页', () => { state.at += state.size; show() })
  const size = pager.appendChild(document.createElement('select'))
  size.setAttribute('aria-label', '每页行数')
  for (const n of sizes) size.add(new Option('每页 ' + n + ' 行', n))
  size.addEventListener('change', () => { state.size = Number(size.value); state.at = 0; show() })
  bar.append(downloads(() => loadAll().then(() => [heads.map((h) => h.textContent.trim()), ...view()])))
  box.prepend(bar)
  const more = box.querySelector('.more')
  if (more) more.classList.add('paper')

  const narrowed = () => state.words || state.place || state.only.length || state.column >= 0

  // The districts to choose from are those of the rows, read when first asked for.
  function chooser() {
    const label = bar.appendChild(document.createElement('label'))
    label.append(heads[places].textContent.trim() + ' ', choice)
    choice.add(new Option('全部', ''))
    let filled = false
    const fill = () => loadAll().then(() => {
      if (filled) return
      filled = true
      const names = [...new Set(all.map((row) => row[places]))].filter(Boolean).sort((a, b) => a.localeCompare(b, 'zh-CN'))
      choice.replaceChildren(new Option('全部', ''), ...names.map((name) => new Option(name, name)))
      choice.value = state.place
    })
    choice.addEventListener('focus', fill)
    choice.addEventListener('pointerenter', fill)
    choice.addEventListener('change', () => { state.place = choice.value; state.at = 0; show() })
  }

  const view = () => {
    let list = narrowed() ? all.filter(Boolean) : all
    if (state.place) list = list.filter((row) => row[places] === state.place)
    if (state.only.length) list = list.filter((row) => row && state.only.every(([i, value]) => meets(text(row[i], kinds[i]), kinds[i], value)))
    if (state.words) list = list.filter((row) => row.some((cell, i) => text(cell, kinds[i]).toLowerCase().includes(state.words)))
    if (state.column >= 0) {
      const key = (row) => { const cell = row[state.column]; return cell === null || cell === undefined ? '' : cell }
      list = list.map((row, i) => [key(row), i, row]).sort((a, b) => compare(a[0], b[0], state.down) || a[1] - b[1]).map((e) => e[2])
    }
    return list
  }

  async function show() {
    if (narrowed()) await loadAll()
    else {
      const first = Math.floor(state.at / chunk) + 1
      const last = Math.floor(Math.min(state.at + state.size, total) - 1) / chunk
      await Promise.all([load(first), load(Math.floor(last) + 1)])
    }
    const list = view()
    if (state.at >= list.length) state.at = 0
    const part = list.slice(state.at, state.at + state.size)
    const body = document.createElement('tbody')
    for (const row of part) {
      const line = body.insertRow()
      row.forEach((cell, i) => {
        const td = line.insertCell()
        td.className = kinds[i]
        td.textContent = text(cell, kinds[i])
      })
    }
    if (part.length === 0) {
      const td = body.insertRow().insertCell()
      td.className = 'none'
      td.colSpan = heads.length
      td.textContent = '没有符合的行'
    }
    table.replaceChild(body, table.tBodies[0])
    status(list.length)
  }

  // Paper has no pager: it says what was chosen, and how many of how many rows it lists.
  function onPaper(n, end) {
    const asked = [state.words && '“' + state.words + '”', state.place, ...state.only.map((pair) => pair[1])].filter(Boolean)
    const listed = state.at > 0 ? '第 ' + count(state.at + 1) + '–' + count(end) + ' 行' : '前 ' + count(end) + ' 行'
    return (asked.length ? '只列' + asked.join('、') + '，' : '') + '共 ' + count(n) + ' 行' + (end - state.at < n ? '，纸面列' + listed + '，全部见下载' : '') + '。'
  }

  function status(n) {
    const end = Math.min(state.at + state.size, n)
    if (more) more.textContent = onPaper(n, end)
    shown.textContent = n === 0 ? '没有符合的行' : '第 ' + count(state.at + 1) + '–' + count(end) + ' 行，共 ' + count(n) + ' 行'
    back.disabled = state.at <= 0
    next.disabled = end >= n
  }

  heads.forEach((head, i) => {
    const b = document.createElement('button')
    b.type = 'button'
    b.append(...head.childNodes)
    head.append(b)
    b.addEventListener('click', () => {
      state.down = state.column === i && !state.down
      state.column = i
      state.at = 0
      heads.forEach((other) => other.removeAttribute('aria-sort'))
      head.setAttribute('aria-sort', state.down ? 'descending' : 'ascending')
      show()
    })
  })
  let timer
  search.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => { state.words = search.value.trim().toLowerCase(); state.at = 0; show() }, 120)
  })
  status(Number(total))
  const asked = askedOf(box, heads)
  if (!asked.any) return
  if (asked.words) {
    search.value = asked.words
    state.words = asked.words.trim().toLowerCase()
  }
  if (asked.place && places >= 0) {
    state.place = asked.place
    choice.add(new Option(state.place, state.place))
    choice.value = state.place
  }
  state.only = asked.only
  if (asked.only.length) bar.after(note('只列' + asked.only.map((pair) => pair[1]).join('、') + '。', box))
  show().then(() => box.scrollIntoView({ block: 'start' }))
}

// What the address asks of a table: words, a district, values in columns by their titles.
function askedOf(box, heads) {
  const asked = { words: '', place: '', only: [], any: false }
  if (!box.closest('#facts') && window.location.hash !== '#' + box.id) return asked
  for (const [name, value] of new URLSearchParams(window.location.search)) {
    const column = heads.findIndex((head) => head.textContent.trim() === name)
    if (name === 'q') asked.words = value
    else if (name === 'region') asked.place = value
    else if (column >= 0) asked.only.push([column, value])
    else continue
    asked.any = true
  }
  return asked
}

// A day is asked for by itself, its year or its quarter; anything else as it stands.
function meets(cell, kind, value) {
  if (kind !== 'd') return cell === value
  const quarter = value.match(/^(\d{4})Q([1-4])$/)
  return quarter ? cell.startsWith(quarter[1]) && Math.ceil(Number(cell.slice(5, 7)) / 3) === Number(quarter[2]) : cell.startsWith(value)
}

function note(words, box) {
  const line = document.createElement('p')
  line.className = 'note'
  line.append(words)
  const all = line.appendChild(document.createElement('a'))
  all.href = window.location.pathname.split('/').pop() + '#' + (box.closest('#facts') ? 'facts' : box.id)
  all.textContent = '看全部'
  return line
}

// A section of commitments shows only those with the light that the address asks for.
export function litLines() {
  const light = new URLSearchParams(window.location.search).get('light')
  const section = light && document.getElementById(window.location.hash.slice(1))
  const rows = section ? [...section.querySelectorAll('tr[data-light]')] : []
  if (!rows.length) return
  let shown = null
  for (const row of rows) {
    row.hidden = row.dataset.light !== light
    if (!row.hidden) shown = row
  }
  for (const body of section.querySelectorAll('tbody')) body.hidden = ![...body.rows].some((row) => row.dataset.light === light)
  const word = shown ? shown.querySelector('.badge').lastChild.textContent : '该状态'
  section.querySelector('.scroll').before(note('只列' + word + ' ' + rows.filter((row) => !row.hidden).length + ' 项。', section))
  section.scrollIntoView({ block: 'start' })
}

// A table that stands in the page whole shows only what the address asks for.
export function shortTable(box) {
  const heads = [...box.querySelectorAll('thead th')]
  const asked = askedOf(box, heads)
  const place = heads.findIndex((head) => head.dataset.kind === 'r')
  if (asked.place && place >= 0) asked.only.push([place, asked.place])
  if (!asked.only.length) return
  let shown = 0
  for (const row of box.querySelector('tbody').rows) {
    row.hidden = !asked.only.every(([i, value]) => row.cells[i] && meets(row.cells[i].textContent, heads[i].dataset.kind, value))
    shown += row.hidden ? 0 : 1
  }
  box.prepend(note('只列' + asked.only.map((pair) => pair[1]).join('、') + ' ' + shown + ' 行。', box))
  box.scrollIntoView({ block: 'start' })
}
