// Sorting and filtering of tables that stand in the page.

const keyOf = (cell) => (cell.dataset.v !== undefined ? Number(cell.dataset.v) : cell.textContent.trim())

// Numbers by size, words by their sound, empty cells last either way.
export function compare(a, b, down) {
  const empty = (k) => k === '' || k === '—'
  if (empty(a) || empty(b)) return empty(a) - empty(b)
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'zh-CN')
  return down ? -order : order
}

export function sortable(table) {
  const heads = [...table.tHead.rows[0].cells]
  heads.forEach((head, column) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...head.childNodes)
    head.append(button)
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending'
      heads.forEach((other) => other.removeAttribute('aria-sort'))
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      for (const body of table.tBodies) sortBody(body, column, down)
    })
  })
}

// A group keeps its heading first and its total last.
function sortBody(body, column, down) {
  const rows = [...body.rows]
  const fixed = (row) => row.classList.contains('total') || row.classList.contains('cohort')
  const totals = rows.filter((row) => row.classList.contains('total'))
  rows.filter((row) => !fixed(row))
    .map((row, i) => [keyOf(row.cells[column]), i, row])
    .sort((a, b) => compare(a[0], b[0], down) || a[1] - b[1])
    .forEach(([, , row]) => body.append(row))
  totals.forEach((row) => body.append(row))
}

// On a phone a row becomes a block whose cells say what they are: as their headings do.
export function labelled(table) {
  const heads = [...table.tHead.rows[0].cells].map((head) => {
    const small = head.querySelector('small')
    const [words, unit] = [head.textContent.trim(), small ? small.textContent : '']
    return unit ? words.slice(0, -unit.length) + ' ' + unit : words
  })
  for (const row of table.querySelectorAll('tbody tr')) {
    for (const cell of row.cells) {
      cell.dataset.l = heads[cell.cellIndex]
      cell.classList.toggle('blank', ['—', '0'].includes(cell.textContent.trim()))
    }
  }
}

// The search box and the lights above narrow the table of commitments.
export function filterable() {
  const box = document.getElementById('commitment-filter')
  const table = document.querySelector('#commitments table')
  if (!box || !table) return
  const chosen = document.getElementById('commitment-light')
  const apply = () => {
    const words = box.value.trim().toLowerCase()
    let shown = 0
    for (const row of table.tBodies[0].rows) {
      const hit = (!words || (row.textContent + row.querySelector('.who').title).toLowerCase().includes(words)) && (!chosen.value || chosen.value.split(' ').includes(row.dataset.light))
      row.hidden = !hit
      shown += hit ? 1 : 0
    }
    document.getElementById('commitment-shown').textContent = '显示 ' + shown + ' 项'
  }
  box.addEventListener('input', apply)
  chosen.addEventListener('change', apply)
  for (const link of document.querySelectorAll('[data-light-filter]')) {
    link.addEventListener('click', () => {
      chosen.value = link.dataset.lightFilter
      apply()
    })
  }
  apply()
}
