// Bundles the dashboard's script and style sheet into dist/ for go:embed.
// Run by `make assets` after `npm ci --ignore-scripts`; needs no network itself.
import { build } from 'esbuild'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const draft = join(here, '.dist-draft') // whole or not at all: dist/ appears by one rename
const dist = join(here, 'dist')

const manifest = async (root) => JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

const legal = /^(licen[cs]e|copying|copyright|notice|patents)/i

// Every file of a package that says under which terms it may be used.
async function texts(root, dir = '') {
  const found = []
  for (const e of await readdir(join(root, dir), { withFileTypes: true })) {
    if (e.isFile() && legal.test(e.name)) {
      const file = posix.join(dir, e.name)
      found.push({ file, text: await readFile(join(root, file), 'utf8') })
    }
    if (e.isDirectory() && dir === '' && legal.test(e.name)) found.push(...(await texts(root, e.name)))
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1))
}

// The packages of which something came into the bundles, as esbuild saw it.
async function packages(results) {
  const names = new Set()
  for (const { metafile } of results) {
    for (const output of Object.values(metafile.outputs)) {
      for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
        const at = input.lastIndexOf('node_modules/')
        if (at < 0 || bytesInOutput === 0) continue
        const [scope, name] = input.slice(at + 'node_modules/'.length).split('/')
        names.add(input.slice(0, at + 'node_modules/'.length) + (scope.startsWith('@') ? `${scope}/${name}` : scope))
      }
    }
  }
  const ours = await manifest(here)
  return Promise.all([...names].sort().map(async (path) => {
    const root = join(here, path)
    const { name, version, license, repository, dependencies = {} } = await manifest(root)
    const source = (repository?.url ?? repository ?? `https://www.npmjs.com/package/${name}`).replace(/^git\+/, '').replace(/\.git$/, '')
    return { name, version, licence: license, source, direct: name in ours.dependencies, uses: Object.keys(dependencies).sort(), texts: await texts(root) }
  }))
}

const notice = (list) => list.map(({ name, version, licence, texts }) =>
  [`${name} ${version} (${licence})\n${'='.repeat(60)}\n`, ...texts.map(({ text }) => text.trim() + '\n')].join('\n')).join('\n')

async function main() {
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const common = { absWorkingDir: here, outdir: draft, bundle: true, minify: true, charset: 'utf8', metafile: true }
  const script = {
    ...common,
    entryPoints: { dashboard: 'src/entry.js' },
    format: 'iife',
    target: ['es2019', 'chrome79', 'firefox78'],
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
  }
  const style = { ...common, entryPoints: { dashboard: 'src/dashboard.css' }, target: ['chrome79', 'firefox78'] }
  const bundled = await packages([await build({ ...script, write: false }), await build(style)])
  const names = bundled.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(', ')
  await build({ ...script, banner: { js: `/* contains ${names}; the licences stand beside it in LICENCES.txt */` } })
  await writeFile(join(draft, 'packages.json'), JSON.stringify(bundled, null, '\t') + '\n')
  await writeFile(join(draft, 'LICENCES.txt'), notice(bundled))
  await rm(dist, { recursive: true, force: true })
  await rename(draft, dist)
}

await main()
