// Tooltips are built from elements and text nodes: a name is never markup.
import { figure, period } from './number.js'

export function card(title, rows) {
  const box = document.createElement('div')
  box.className = 'tip'
  const head = box.appendChild(document.createElement('div'))
  head.className = 'tip-title'
  head.textContent = title
  for (const [label, value] of rows) {
    const row = box.appendChild(document.createElement('div'))
    row.className = 'tip-row'
    row.appendChild(document.createElement('span')).textContent = label
    row.appendChild(document.createElement('b')).textContent = value
  }
  return box
}

const withUnit = (chart, value) => {
  const text = figure(chart, value)
  return text === '—' ? text : text + ' ' + chart.unit
}

// One formatter for every chart: value, target and date, whatever the kind.
export function formatter(chart) {
  if (chart.kind === 'tiles') {
    return (p) => card(p.name, [[chart.label, withUnit(chart, p.value[2])]])
  }
  if (chart.kind === 'ranking' || chart.kind === 'map') {
    return (p) => card(p.name, [[chart.label, withUnit(chart, p.value)]])
  }
  if (chart.kind === 'sankey') {
    const plain = (name) => name.replace(/^→ /, '')
    return (p) => (p.dataType === 'edge'
      ? card(plain(p.data.source) + ' → ' + plain(p.data.target), [[chart.label, withUnit(chart, p.value)]])
      : card(plain(p.name), [[chart.label, withUnit(chart, p.value)]]))
  }
  return (points) => {
    const rows = points.filter((p) => p.value !== '-' && p.value !== undefined && p.value !== null)
      .map((p) => [p.seriesName, withUnit(chart, p.value)])
    if (chart.target !== undefined) rows.push(['目标', withUnit(chart, chart.target)])
    return card(chart.label + ' · ' + period(points[0].axisValue), rows)
  }
}
