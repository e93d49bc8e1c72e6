/**
 * Takes a picture of every face of the window: builds the renderer as it ships, opens it in Chromium with a fake
 * `window.pail`, and writes PNGs. For looking at, not for comparing.
 *
 *   node test/gallery/shoot.ts OUT_DIR [only-names-containing]
 *   npm run screenshots [-- only-names-containing]
 *
 * The second keeps them beside the source, in assets/screenshots: the wide ones, in few colours. Each page is also looked at by
 * axe.
 *
 * A shot that names a language is taken in it, all others in English.
 *
 * CHROMIUM names the browser, /usr/bin/chromium by default. Exits 1 when a page logged an error (a blocked style, a
 * failed call), so that a breach of the content security policy does not pass unseen.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'
import react from '@vitejs/plugin-react'
import { seriousIssues } from '../support/axe.ts'
import type { Shot } from './shot.ts'
import { shots } from './shots.ts'
import { smallPng } from './small-png.ts'

const { values: options, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { keep: { type: 'boolean', default: false } },
})
const [outDir, only] = options.keep
  ? ['assets/screenshots', positionals[0] ?? '']
  : [positionals[0] ?? 'test-results/gallery', positionals[1] ?? '']
const repository = resolve(import.meta.dirname, '../..')
const buildDir = join(tmpdir(), `pail-gallery-${process.pid}`)
const origin = 'http://pail.test'
const sizes = { wide: { width: 980, height: 660 }, narrow: { width: 640, height: 480 } } as const
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

await mkdir(outDir, { recursive: true })
await buildPages()
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
})
let complaints = 0
try {
  for (const shot of shots.filter(({ name }) => name.includes(only))) await take(browser, shot)
} finally {
  await browser.close()
  await rm(buildDir, { recursive: true })
}
process.exitCode = complaints === 0 ? 0 : 1

async function buildPages(): Promise<void> {
  const shared = { configFile: false, logLevel: 'warn' } as const
  await build({
    ...shared,
    root: join(repository, 'renderer'),
    base: './',
    plugins: [react()],
    build: { outDir: join(buildDir, 'page'), target: 'chrome114', emptyOutDir: true },
  })
  const entry = join(repository, 'test/gallery/fake-pail.ts')
  await build({
    ...shared,
    root: repository,
    build: {
      outDir: join(buildDir, 'fake'),
      emptyOutDir: true,
      lib: { entry, formats: ['iife'], name: 'fakePail', fileName: () => 'fake-pail.js' },
    },
  })
}

async function take(on: Browser, shot: Shot): Promise<void> {
  const fake = await readFile(join(buildDir, 'fake/fake-pail.js'), 'utf8')
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [sizeName, viewport] of Object.entries(sizes)) {
      if (options.keep && sizeName !== 'wide') continue
      const context = await on.newContext({ viewport, colorScheme, reducedMotion: 'reduce', timezoneId: 'Europe/Oslo' })
      await context.addInitScript(
        `window.sceneName = ${JSON.stringify(shot.scene)};window.sceneLanguage = ${JSON.stringify(shot.language ?? 'en')};${fake}`,
      )
      const page = await context.newPage()
      listen(page, shot.name)
      await page.route(`${origin}/**`, async (route) => {
        const path = join(buildDir, 'page', new URL(route.request().url()).pathname)
        await route.fulfill({ body: await readFile(path), contentType: contentTypes[extname(path)] ?? 'text/plain' })
      })
      await page.goto(`${origin}/index.html`)
      await shot.steps?.(page)
      // A colour that changes does so by a transition, and would be caught half way.
      const picture = await page.screenshot({ animations: 'disabled' })
      const size = options.keep ? '' : `-${sizeName}`
      await writeFile(
        join(outDir, `${shot.name}${size}-${colorScheme}.png`),
        options.keep ? smallPng(picture) : picture,
      )
      for (const issue of await seriousIssues(page)) complain(shot.name, issue)
      await context.close()
    }
  }
}

function listen(page: Page, name: string): void {
  page.on('pageerror', (error) => {
    complain(name, error.message)
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complain(name, message.text())
  })
}

function complain(name: string, text: string): void {
  complaints += 1
  console.error(`${name}: ${text}`)
}
