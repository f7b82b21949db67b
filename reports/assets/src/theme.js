// The page's colours and what each becomes on a dark wall screen.
const wall = {
  '#1f5fa8': '#6fb1f2', '#9dbde0': '#3b6fa5', '#e8f0f9': '#1c3350', '#9aa5b1': '#7d8b9c',
  '#e4e7eb': '#26384f', '#52606d': '#a9b8c9', '#c0392b': '#ff8a75', '#ffffff': '#16263c',
  '#5b6b8c': '#9fb0d0', '#8a6d3b': '#c9a66b', '#7a5ea8': '#b59be0', '#b8860b': '#dcb64f', '#4f9da6': '#74c7d1',
}

export const isWall = () => document.documentElement.dataset.theme === 'wall'

// Only the overview is laid out for a wall; any other page stays as it is.
export function chooseTheme() {
  const theme = new URLSearchParams(window.location.search).get('theme')
  if (theme === 'wall' && document.body.classList.contains('first')) document.documentElement.dataset.theme = 'wall'
}

// A copy of an option for the wall: known colours replaced, letters larger.
export function forWall(node) {
  if (typeof node === 'string') return wall[node] || node
  if (Array.isArray(node)) return node.map(forWall)
  if (node && typeof node === 'object') {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'fontSize' ? value + 3 : forWall(value)]))
  }
  return node
}
