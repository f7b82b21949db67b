// The outlines of the districts, where the release has them: a file beside the
// pages that is read before the first map is drawn.
let receive
let aspect = 0.75
const arrived = new Promise((resolve) => { receive = resolve })

export const receiveMap = (outlines) => receive(outlines)

let asked
export function outlines(register) {
  if (!asked) {
    asked = arrived.then((map) => {
      register('districts', map)
      aspect = Math.cos(middle(map) * Math.PI / 180)
      return map
    })
    const script = document.createElement('script')
    script.src = 'data/map.js'
    document.head.append(script)
  }
  return asked
}

// The latitude a degree of longitude is measured at: half-way between the outermost points.
function middle(map) {
  let low = 90
  let high = -90
  for (const feature of map.features) {
    for (const polygon of feature.geometry.coordinates) {
      for (const [, latitude] of polygon[0]) { low = Math.min(low, latitude); high = Math.max(high, latitude) }
    }
  }
  return (low + high) / 2
}

export const aspectOfMap = () => aspect
