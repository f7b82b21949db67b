// The search box: pages, commitments, units and districts at once; the names
// behind the figures as soon as somebody types.
const most = 12
let pages = []
let names = null

export const receivePages = (list) => { pages = list || [] }
export const receiveNames = (list) => { names = list }

const fetchOnce = (() => {
  const asked = new Map()
  return (file) => {
    if (!asked.has(file)) {
      asked.set(file, new Promise((resolve) => {
        const script = document.createElement('script')
        script.src = 'data/' + file
        script.onload = script.onerror = resolve
        document.head.append(script)
      }))
    }
    return asked.get(file)
  }
})()

function matches(words) {
  const hit = (...texts) => words.every((word) => texts.some((t) => t.toLowerCase().includes(word)))
  const found = pages.filter((p) => hit(p[0], p[1], p[3])).slice(0, most).map((p) => ({ title: p[0], kind: p[1], href: p[2] }))
  if (names && found.length < most) {
    const [commitments, list] = names
    for (const [code, name, at] of list || []) {
      if (!hit(name, code)) continue
      const [title, href] = commitments[at[0]]
      const more = at.length > 1 ? ' 等 ' + at.length + ' 项' : ''
      found.push({ title: name, kind: title + more, href: href + '?q=' + encodeURIComponent(code) + '#facts' })
      if (found.length >= most) break
    }
  }
  return found
}

export function searchable() {
  const box = document.getElementById('search')
  const list = document.getElementById('found')
  if (!box) return
  let chosen = -1
  const choose = (i) => {
    const items = [...list.children].filter((li) => li.firstChild && li.firstChild.href)
    chosen = items.length ? (i + items.length) % items.length : -1
    items.forEach((li, n) => li.classList.toggle('chosen', n === chosen))
    return items[chosen]
  }
  const show = () => {
    const words = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean)
    list.replaceChildren()
    chosen = -1
    list.hidden = words.length === 0
    if (words.length === 0) return
    const found = matches(words)
    for (const f of found) {
      const link = document.createElement('a')
      link.href = f.href
      link.appendChild(document.createElement('b')).textContent = f.title
      link.appendChild(document.createElement('span')).textContent = f.kind
      list.appendChild(document.createElement('li')).append(link)
    }
    if (found.length === 0) {
      const li = list.appendChild(document.createElement('li'))
      li.className = 'nothing'
      li.textContent = names ? '没有找到' : '正在查找…'
    }
  }
  let turn = 0 // what is still being fetched shows itself only if nothing came after it
  const ask = async () => {
    const mine = ++turn
    show()
    for (const file of ['search.js', 'names.js']) {
      await fetchOnce(file)
      if (turn !== mine) return
      show()
    }
  }
  const dismiss = () => {
    turn++
    list.hidden = true
  }
  box.addEventListener('input', ask)
  box.addEventListener('keydown', (e) => {
    if (e.key === 'ArrowDown') choose(chosen + 1)
    else if (e.key === 'ArrowUp') choose(chosen - 1)
    else if (e.key === 'Enter') {
      const item = choose(chosen < 0 ? 0 : chosen)
      if (item) window.location.assign(item.firstChild.href)
    } else if (e.key === 'Escape') dismiss()
    else return
    e.preventDefault()
  })
  document.addEventListener('click', (e) => { if (!e.target.closest('.search')) dismiss() })
}
