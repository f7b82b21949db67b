// Turns the chart data of the page into ECharts.
import { figure, tick } from './number.js'
import { formatter } from './tooltip.js'
import { isWall, forWall } from './theme.js'
import { aspectOfMap } from './map.js'

const fonts = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif'

const each = (value) => (Array.isArray(value) ? value : value ? [value] : [])

// The option with what JSON cannot carry: functions that write numbers.
function complete(chart) {
  const option = isWall() ? forWall(chart.option) : chart.option
  option.textStyle = { fontFamily: fonts }
  option.aria = { enabled: true, label: { description: chart.label } }
  option.tooltip = { ...option.tooltip, formatter: formatter(chart), confine: true, className: 'tip-frame', borderWidth: 0, padding: 0, backgroundColor: 'transparent', extraCssText: '', transitionDuration: 0 }
  for (const axis of [...each(option.xAxis), ...each(option.yAxis)]) {
    if (axis.type === 'value' && axis.axisLabel) axis.axisLabel.formatter = (v) => tick(chart, v, axis.minInterval)
  }
  if (chart.kind === 'trend' || chart.kind === 'course' || chart.kind === 'quarters') timeAxis(option)
  if (chart.target !== undefined) goal(chart, option)
  if (chart.kind === 'ranking') {
    option.series[0].label.formatter = (p) => figure(chart, p.value)
    Object.assign(each(option.yAxis)[0].axisLabel, { formatter: inTwo, lineHeight: 14 })
  }
  if (chart.kind === 'tiles') tiles(chart, option)
  if (chart.kind === 'map') map(option)
  if (chart.kind === 'sankey') sankey(chart, option)
  return option
}

// The target is named in the scale of the axis it lies on.
function goal(chart, option) {
  const axis = each(option.yAxis)[0]
  const line = option.series.find((series) => series.markLine)
  if (!line || chart.divisor !== 1 || axis.minInterval < 1e4) return
  line.markLine.label.formatter = '目标 ' + tick(chart, chart.target, axis.minInterval) + ' ' + chart.unit
}

// A long name stands on two lines of like length; what is longer still is cut.
const perLine = 13
function inTwo(name) {
  const letters = [...name]
  if (letters.length <= perLine - 3) return name
  const half = Math.min(perLine, Math.ceil(letters.length / 2))
  const rest = letters.slice(half)
  return letters.slice(0, half).join('') + '\n' + (rest.length > perLine ? rest.slice(0, perLine - 1).join('') + '…' : rest.join(''))
}

// Years stand under their first quarter where there are many quarters; where
// there are few, every quarter is named.
function timeAxis(option) {
  const axis = each(option.xAxis)[0]
  const names = axis.data || []
  const many = names.length > 8
  const start = (i) => i === 0 || /Q1$/.test(names[i])
  axis.axisLabel.interval = (i) => !many || (start(i) && !(i === 0 && names.slice(1, 3).some((n) => /Q1$/.test(n))))
  axis.axisLabel.formatter = (name) => {
    const match = /^\d\d(\d\d)Q(\d)$/.exec(name)
    if (!match) return name
    return many && match[2] === '1' ? '20' + match[1] : name
  }
  axis.axisLabel.hideOverlap = true
}

// Streams keep the order they are given; names on the left stand left of their
// bars' inner side, so that none is cut off.
function sankey(chart, option) {
  const series = option.series[0]
  const unit = chart.unit ? ' ' + chart.unit : ''
  const left = new Set(series.links.map((l) => l.source))
  Object.assign(series, { left: 4, right: 4, top: 8, bottom: 8, nodeGap: 10, nodeWidth: 12, layoutIterations: 0, draggable: false })
  series.lineStyle = { color: 'source', opacity: 0.28, curveness: 0.5 }
  for (const node of series.data) {
    node.label = { position: left.has(node.name) ? 'right' : 'left' }
  }
  series.label.formatter = (p) => p.name.replace(/^→ /, '') + '  ' + figure(chart, p.value) + unit
}

const shadow = () => (isWall() ? { empty: '#1a2a40', dark: '#dbe7f5', light: '#0f1b2d' } : { empty: '#eef0f3', dark: '#1f2933', light: '#ffffff' })

// Districts in their own outlines; a name that would cover another is left out,
// the table beside it has all.
function map(option) {
  const max = each(option.visualMap)[0].max
  const series = option.series[0]
  const { empty, dark, light } = shadow()
  Object.assign(series, { aspectScale: aspectOfMap(), showLegendSymbol: false, roam: false, selectedMode: false, left: 4, right: 4, top: 4, bottom: 4, labelLayout: { hideOverlap: true }, emphasis: { label: { show: true }, itemStyle: { areaColor: undefined } } })
  series.itemStyle.areaColor = empty
  for (const item of series.data) {
    item.label = { color: item.value !== '-' && item.value > max * 0.6 ? light : dark }
    item.emphasis = { label: item.label }
  }
}

function tiles(chart, option) {
  const max = each(option.visualMap)[0].max
  const label = option.series[0].label
  const data = option.series[0].data
  const { empty, dark, light } = shadow()
  for (const item of data) {
    const value = item.value[2]
    if (value === '-') {
      item.itemStyle = { color: empty }
      item.visualMap = false
    }
    item.label = { color: value !== '-' && value > max * 0.6 ? light : dark }
  }
  label.lineHeight = isWall() ? 21 : 18
  Object.assign(label, { width: 112, overflow: 'truncate', ellipsis: '…' })
  label.formatter = (p) => p.name + '\n' + figure(chart, p.value[2])
}

// Sizes on paper, in the units of the screen: letters come out near seven points
// when the style sheet fits the drawing into its column.
const onPaper = {
  trend: [250, 130], course: [700, 260], quarters: [520, 165], ranking: [360, 260], tiles: [360, 300], map: [330, 250], sankey: [1000, 400],
}

// What depends on the width: the rows a legend takes above the plot, and whether
// there is room for the names on both sides of streams.
function suited(option, chart, width) {
  if (chart.kind === 'sankey') return { series: [{ label: { show: width >= narrow } }] }
  const legend = each(option.legend)[0]
  if (chart.kind !== 'quarters' || !legend || !legend.show) return {}
  let rows = 1
  let x = 0
  for (const { name } of option.series) {
    const wide = legend.itemWidth + 5 + widthOf(name) * legend.textStyle.fontSize
    if (x > 0 && x + wide > width) {
      rows++
      x = 0
    }
    x += wide + 10
  }
  return { grid: { top: 16 + rows * 20 } }
}

const narrow = 600 // of a drawing, on a screen of 720

// The width of a text in letters that are as wide as high.
const widthOf = (text) => [...text].reduce((sum, c) => sum + (c < '\u2000' ? 0.6 : 1), 0)

// Draws a chart into an element as soon as the element has a size, and again
// whenever the size changes. SVG prints sharp; a wall screen that runs for months
// takes the canvas, which holds no elements.
export function draw(init, element, chart) {
  let instance
  const option = complete(chart)
  const fit = () => {
    if (element.clientWidth === 0 || element.clientHeight === 0) return
    if (!instance) {
      instance = init(element, null, { renderer: isWall() ? 'canvas' : 'svg' })
      instance.setOption(option)
    } else {
      instance.resize()
    }
    instance.setOption(suited(option, chart, element.clientWidth))
    scalable(element)
  }
  fit()
  const watch = new ResizeObserver(fit)
  watch.observe(element)
  const print = () => {
    if (!instance || !onPaper[chart.kind]) return
    const [width, least] = onPaper[chart.kind]
    const height = chart.kind === 'ranking' ? Math.max(least, 24 * option.series[0].data.length) : least // names on two lines
    instance.resize({ width, height })
    instance.setOption(suited(option, chart, width))
    instance.getZr().flush()
    const svg = element.querySelector('svg')
    if (svg) svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height)
  }
  const printed = () => {
    if (!instance) return
    instance.resize({ width: 'auto', height: 'auto' })
    fit()
  }
  window.addEventListener('beforeprint', print)
  window.addEventListener('afterprint', printed)
  return () => {
    window.removeEventListener('beforeprint', print)
    window.removeEventListener('afterprint', printed)
    watch.disconnect()
    if (instance) instance.dispose()
  }
}

// A drawing with a viewBox shrinks and grows with the paper when it is printed.
function scalable(element) {
  const svg = element.querySelector('svg')
  if (!svg) return
  svg.setAttribute('viewBox', '0 0 ' + element.clientWidth + ' ' + element.clientHeight)
}
