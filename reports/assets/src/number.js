// How numbers are written: the same as the figures of the page itself.

export function thousands(value, decimals) {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const text = fraction ? grouped + '.' + fraction : grouped
  return value < 0 && /[1-9]/.test(text) ? '−' + text : text
}

// A count is whole where it is whole, else it has up to two decimals.
export function count(value) {
  const rounded = Math.round(value * 100) / 100
  if (Number.isInteger(rounded)) return thousands(rounded, 0)
  return thousands(rounded, Number.isInteger(Math.round(rounded * 100) / 10) ? 1 : 2)
}

// A value of a chart in the chart's own unit; money is divided first.
export function figure(chart, value) {
  if (value === null || value === undefined || value === '-' || Number.isNaN(Number(value))) return '—'
  const scaled = Number(value) / chart.divisor
  return chart.divisor === 1 ? count(scaled) : thousands(scaled, chart.decimals)
}

// A tick of an axis in steps: 万 for all of its ticks where the steps are whole 万, or for none.
export function tick(chart, value, step) {
  if (chart.divisor === 1 && step >= 1e4 && value !== 0) return count(value / 1e4) + '万'
  return count(value / chart.divisor)
}

const hanDigits = ['一', '二', '三', '四']

// 2026Q3 is 2026年第三季度; anything else stays as it is.
export function period(name) {
  const match = /^(\d{4})Q([1-4])$/.exec(name)
  return match ? match[1] + '年第' + hanDigits[match[2] - 1] + '季度' : name
}
