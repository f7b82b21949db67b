// Bundles the dashboard's script and style sheet into dist/ for go:embed.
// Run by `make assets` after `npm ci --ignore-scripts`; needs no network itself.
import { build } from 'esbuild'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const draft = join(here, '.dist-draft') // whole or not at all: dist/ appears by one rename
const dist = join(here, 'dist')

const bundled = ['echarts', 'zrender', 'tslib']

const manifest = async (name) => JSON.parse(await readFile(join(here, 'node_modules', name, 'package.json'), 'utf8'))

async function licences() {
  const parts = []
  for (const name of bundled) {
    const { version, license } = await manifest(name)
    parts.push(`${name} ${version} (${license})\n${'='.repeat(60)}\n`)
    for (const file of ['LICENSE', 'LICENSE.txt', 'NOTICE', 'licenses/LICENSE-d3', 'CopyrightNotice.txt']) {
      const text = await readFile(join(here, 'node_modules', name, file), 'utf8').catch(() => '')
      if (text) parts.push(text.trim() + '\n')
    }
  }
  return parts.join('\n')
}

async function main() {
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const versions = await Promise.all(bundled.map(async (n) => `${n} ${(await manifest(n)).version} (${(await manifest(n)).license})`))
  await build({
    absWorkingDir: here,
    entryPoints: { dashboard: 'src/entry.js' },
    outdir: draft,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2019', 'chrome79', 'firefox78'],
    charset: 'utf8',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: `/* contains ${versions.join(', ')}; the licences stand beside it in LICENCES.txt */` },
  })
  await build({
    absWorkingDir: here,
    entryPoints: { dashboard: 'src/dashboard.css' },
    outdir: draft,
    bundle: true,
    minify: true,
    target: ['chrome79', 'firefox78'],
    charset: 'utf8',
  })
  await writeFile(join(draft, 'LICENCES.txt'), await licences())
  await rm(dist, { recursive: true, force: true })
  await rename(draft, dist)
}

await main()
