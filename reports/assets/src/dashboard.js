// What the page does once it is loaded: charts, the choice of a ranking, sorting
// and filtering. Without it every figure can still be read in the tables.
import { draw } from './charts.js'
import { outlines, receiveMap } from './map.js'
import { chooseTheme } from './theme.js'
import { downloadable } from './download.js'
import { litLines, longTable, receive, shortTable } from './rows.js'
import { receiveNames, receivePages, searchable } from './search.js'
import { filterable, labelled, sortable } from './tables.js'

const parse = (script) => JSON.parse(script.textContent)

function charts(init) {
  for (const script of document.querySelectorAll('script[data-chart]')) {
    const element = document.getElementById(script.dataset.chart)
    const chart = parse(script)
    draw(init, element, chart)
    // Streams have no room for names on a phone: their table has.
    if (chart.kind === 'sankey' && window.matchMedia('(max-width: 720px)').matches) {
      const table = element.parentElement.querySelector('details')
      if (table) table.open = true
    }
  }
}

// The select shows one ranking at a time: its bars, its map and its table.
function rankings({ init, registerMap }) {
  const select = document.getElementById('ranking-choice')
  if (!select) return
  const map = document.getElementById('ranking-map')
  const holders = { ranking: document.getElementById('ranking-bars'), tiles: map, map }
  const put = (script) => draw(init, holders[script.dataset.kind], parse(script))
  // A map waits for its outlines, and is not drawn when another choice came first.
  const putMap = (script) => {
    let remove
    let gone = false
    outlines(registerMap).then(() => { if (!gone) remove = put(script) })
    return () => { gone = true; if (remove) remove() }
  }
  let clear = []
  const show = () => {
    clear.forEach((remove) => remove())
    clear = [...document.querySelectorAll('script[data-ranking]')]
      .filter((script) => script.dataset.ranking === select.value)
      .map((script) => (script.dataset.kind === 'map' ? putMap(script) : put(script)))
    for (const table of document.querySelectorAll('[data-ranking-table]')) table.hidden = table.dataset.rankingTable !== select.value
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

export function start(echarts) {
  chooseTheme()
  document.documentElement.classList.add('scripted')
  charts(echarts.init)
  rankings(echarts)
  window.citykpi = { rows: receive, pages: receivePages, names: receiveNames, map: receiveMap }
  document.querySelectorAll('table.sortable').forEach(sortable)
  document.querySelectorAll('.units, .grades').forEach(labelled)
  document.querySelectorAll('main table.data').forEach(downloadable)
  document.querySelectorAll('.rows').forEach((box) => (Number(box.dataset.chunks) > 0 ? longTable : shortTable)(box))
  searchable()
  filterable()
  litLines()
  openTarget()
  window.addEventListener('hashchange', openTarget)
  const print = document.getElementById('print')
  if (print) print.addEventListener('click', () => window.print())
}
