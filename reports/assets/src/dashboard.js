// What the page does once it is loaded: charts, the choice of a ranking, sorting
// and filtering. Without it every figure can still be read in the tables.
import { draw } from './charts.js'
import { chooseTheme } from './theme.js'
import { downloadable } from './download.js'
import { longTable, receive } from './rows.js'
import { receiveNames, receivePages, searchable } from './search.js'
import { filterable, sortable } from './tables.js'

const parse = (script) => JSON.parse(script.textContent)

function charts(init) {
  for (const script of document.querySelectorAll('script[data-chart]')) {
    draw(init, document.getElementById(script.dataset.chart), parse(script))
  }
}

// The select shows one ranking at a time: its bars and its map.
function rankings(init) {
  const select = document.getElementById('ranking-choice')
  if (!select) return
  const holders = { ranking: document.getElementById('ranking-bars'), tiles: document.getElementById('ranking-tiles') }
  let clear = []
  const show = () => {
    clear.forEach((remove) => remove())
    clear = [...document.querySelectorAll('script[data-ranking]')]
      .filter((script) => script.dataset.ranking === select.value)
      .map((script) => draw(init, holders[script.dataset.kind], parse(script)))
    document.getElementById('ranking-title').textContent = select.selectedOptions[0].textContent
  }
  select.addEventListener('change', show)
  show()
}

// A link to a row opens what is folded around it.
function openTarget() {
  const row = window.location.hash && document.getElementById(decodeURIComponent(window.location.hash.slice(1)))
  const folded = row && row.closest('details')
  if (folded) folded.open = true
}

export function start(init) {
  chooseTheme()
  document.documentElement.classList.add('scripted')
  charts(init)
  rankings(init)
  window.citykpi = { rows: receive, pages: receivePages, names: receiveNames }
  document.querySelectorAll('table.sortable').forEach(sortable)
  document.querySelectorAll('main table.data').forEach(downloadable)
  document.querySelectorAll('.rows').forEach((box) => { if (Number(box.dataset.chunks) > 0) longTable(box) })
  searchable()
  filterable()
  openTarget()
  window.addEventListener('hashchange', openTarget)
  const print = document.getElementById('print')
  if (print) print.addEventListener('click', () => window.print())
}
