/** Links as a browser opens them: the file itself, and a folder's page with what it leads to. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fileTarget, linkTo } from '../support/links.ts'
import { openBench, type Bench } from '../support/test-bench.ts'

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
