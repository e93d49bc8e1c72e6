/** Links as a browser opens them: the file itself, and a folder's page with what it leads to. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fileTarget, linkTo } from '../support/links.ts'
import { BUCKET, openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

let browser: Browser
let bench: Bench

describe.skipIf(!existsSync(executablePath))('in Chromium', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())
  afterEach(() => bench.close())

  const NAME = 'Grüße & "Küsse" +1 #2 100%.txt'

  it('a link shows the file, with its umlauts', async () => {
    bench = await openBench()
    bench.write(NAME, 'Grüße')
    await bench.begin()
    const page = await browser.newPage()
    await page.goto((await linkTo(bench.engine, fileTarget(bench.folderId, NAME))).url)
    expect(await page.locator('body').innerText()).toBe('Grüße')
  })

  it('a link opens nothing else: no other name, nothing once its time is over, and nothing that is hidden or deleted', async () => {
    bench = await openBench()
    for (const name of ['report.txt', 'other.txt', 'hidden.txt', 'deleted.txt']) bench.write(name, name)
    await bench.begin()
    const page = await browser.newPage()
    const statusOf = async (url: string) => (await page.goto(url))?.status()
    const urlOf = async (name: string) =>
      (await linkTo(bench.engine, fileTarget(bench.folderId, name), { validSeconds: 3600 })).url
    const url = await urlOf('report.txt')
    const [hidden, deleted] = [await urlOf('hidden.txt'), await urlOf('deleted.txt')]
    expect(await statusOf(url)).toBe(200)
    expect(await statusOf(url.replace('report.txt', 'other.txt'))).toBe(401)
    expect(await statusOf(url.replace('report.txt', 'Report.txt'))).toBe(401)
    bench.remove('hidden.txt')
    await waitFor('it to be hidden', () => bench.hides().length === 1)
    expect(await statusOf(hidden)).toBe(404)
    await bench.engine.api.updateFolder({
      folderId: bench.folderId,
      settings: { deletionPolicy: { kind: 'delete' } },
      confirmation: BUCKET,
    })
    bench.remove('deleted.txt')
    await waitFor('it to be deleted', () => bench.remote()['deleted.txt'] === undefined)
    expect(await statusOf(deleted)).toBe(404)
    bench.emulator.advanceClock(3_700_000)
    expect(await statusOf(url)).toBe(401)
  })

  it('a link to what has no known type downloads it under its name, whatever letters that has', async () => {
    bench = await openBench()
    const names = ['plain data.bin', 'Überraschung 🎁.bin']
    for (const name of names) bench.write(name, 'x')
    await bench.begin()
    const page = await browser.newPage()
    for (const name of names) {
      const { url } = await linkTo(bench.engine, fileTarget(bench.folderId, name))
      const [download] = await Promise.all([page.waitForEvent('download'), page.goto(url).catch(() => null)])
      expect(download.suggestedFilename()).toBe(name)
    }
  })

  it('a folder opens as a page without a fault, and each of its files from there', async () => {
    bench = await openBench()
    bench.write(`album/${NAME}`, 'Grüße')
    bench.write('album/<img src=x onerror=alert(1)>.txt', 'harmless')
    await bench.begin()
    const page = await browser.newPage()
    const faults: string[] = []
    page.on('console', (message) => {
      // Browsers ask for it wherever they are.
      if (!message.location().url.endsWith('/favicon.ico')) faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.goto((await linkTo(bench.engine, fileTarget(bench.folderId, 'album'))).url)
    expect(await page.title()).toBe('album')
    expect(await page.locator('li').count()).toBe(2)
    expect(await page.locator('img').count()).toBe(0)
    await page.getByText(NAME).click()
    // A click waits for the first bytes of what it leads to.
    await page.waitForLoadState()
    expect(await page.locator('body').innerText()).toBe('Grüße')
    expect(faults).toEqual([])
  })
})
