/** The list of transfers in the real window, with 100,000 files that wait: scrolled, searched, and changed by clicking. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PailBridge } from '../../preload/index.ts'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'
const COUNT = 100_000
const PER_FOLDER = 1000

/** No window is so high that more rows than these have to be drawn. */
const MOST_DRAWN = 80

/** What a page tells of its frames: how long they took, ms, and the most rows that were in it. */
type Frames = { readonly took: Readonly<Record<string, readonly number[]>>; readonly mostRows: number }

describe('100,000 files that wait', () => {
  const data = makeTempFolder('data')
  const folder = makeTempFolder('many')
  let emulator: Emulator
  let app: DesktopApp

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    for (let index = 0; index < COUNT; index += 1) {
      const directory = join(folder.path, `part ${Math.floor(index / PER_FOLDER)}`)
      if (index % PER_FOLDER === 0) mkdirSync(directory)
      writeFileSync(join(directory, nameAt(index)), String(index))
    }
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await post('pause', undefined)
    await post('setMaxTransfers', { maxTransfers: 1 })
    await app.chooseBucketAndFolder(bucketName, folder.path, 'many/')
    await app.waitForStatus(/^Paused\s*100,000 files waiting/)
    await app.window.getByRole('button', { name: 'Transfers' }).click()
    await row(/^file/).first().waitFor()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    data.remove()
    folder.remove()
  })

  const nameAt = (index: number): string => `file ${String(index).padStart(6, '0')}.txt`
  const grid = () => app.window.getByRole('grid', { name: 'Transfers' })
  const row = (text: string | RegExp) => grid().locator('[data-item]').filter({ hasText: text })
  const filter = () => app.window.getByRole('textbox', { name: 'Filter by name' })
  const group = (name: RegExp) => app.window.getByRole('radio', { name })
  const sent = () =>
    emulator.calls
      .filter(({ operation, status }) => operation === 'upload_file' && status === 200)
      .map((call) => call.fileName)

  /** What the window has no control for yet, by the message that one would send. */
  async function post(procedure: string, input: unknown): Promise<void> {
    await app.window.evaluate(
      ([name, value]) => {
        const bridge = (globalThis as unknown as { readonly pail: PailBridge }).pail
        bridge.engine.post({ t: 'q', i: `test-${String(name)}`, m: name, a: [value] })
      },
      [procedure, input],
    )
  }

  /** Scrolls on with every frame, from the top to the end. */
  function scrollThrough(): Promise<Frames> {
    return app.window.evaluate(async () => {
      const scroller = document.querySelector('[role=grid]')
      if (scroller === null) throw new Error('no grid')
      const frame = () => new Promise<number>(requestAnimationFrame)
      const took: Record<string, number[]> = { 'a wheel': [], 'a fast wheel': [], 'the thumb': [] }
      let mostRows = 0
      scroller.scrollTop = 0
      let last = await frame()
      // So that a row is on screen for a while, for a few frames, and for one.
      const steps = [40, 400, (scroller.scrollHeight - 60_000) / 120]
      for (const [index, frames] of Object.values(took).entries()) {
        for (let at = 0; at < 120; at += 1) {
          scroller.scrollTop += steps[index] ?? 0
          const now = await frame()
          frames.push(now - last)
          last = now
          mostRows = Math.max(mostRows, scroller.querySelectorAll('[role=row]').length)
        }
      }
      scroller.scrollTop = scroller.scrollHeight
      return { took, mostRows }
    })
  }

  /** For whoever runs this: how smooth it was. */
  function report(what: string, { took, mostRows }: Frames): void {
    for (const [how, frames] of Object.entries(took)) {
      const sorted = frames.toSorted((a, b) => a - b)
      const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
      const shares = `median ${at(0.5)} ms, 90 % ${at(0.9)} ms, 99 % ${at(0.99)} ms, longest ${at(1)} ms`
      console.log(`${what}, by ${how}: ${frames.length} frames, ${shares}, at most ${mostRows} rows drawn`)
    }
  }

  it('are counted, and only those on screen are drawn, at the end of the list as well', async () => {
    expect(await group(/^Waiting/).innerText()).toMatch(/100,000/)
    const frames = await scrollThrough()
    report('scrolling through rows at rest', frames)
    expect(frames.mostRows).toBeLessThan(MOST_DRAWN)
    expect(Number(await grid().getAttribute('aria-rowcount'))).toBeGreaterThanOrEqual(COUNT)
    await row(/^file/).last().waitFor()
    expect(await grid().locator('[role=row]').count()).toBeLessThan(MOST_DRAWN)
  })

  it('are found by a part of the name, and moved to the front by a click', async () => {
    await filter().fill('FILE 04242')
    await row(nameAt(42_421)).hover()
    await waitFor('ten of them', async () => /Waiting\s*10$/.test(await group(/^Waiting/).innerText()))
    await row(nameAt(42_421))
      .getByRole('button', { name: /^Move to front/ })
      .click()
    await app.window.getByText('1 file moved to the front.').first().waitFor()
    await filter().fill('')
    await waitFor('it to be the first', async () => (await row(/^file/).first().innerText()).startsWith(nameAt(42_421)))
    await row('Paused').first().waitFor()
  })

  it('are chosen by mouse and keyboard, and cancelled together', async () => {
    await filter().fill('file 0077')
    await waitFor('a hundred of them', async () => /Waiting\s*100$/.test(await group(/^Waiting/).innerText()))
    const first = row(/^file 0077/).nth(0)
    await first.click()
    await row(/^file 0077/)
      .nth(3)
      .click({ modifiers: ['Shift'] })
    await app.window.getByText('4 selected').first().waitFor()
    await row(/^file 0077/)
      .nth(1)
      .click({ modifiers: ['ControlOrMeta'] })
    await app.window.getByText('3 selected').first().waitFor()
    await app.window.keyboard.press('Shift+End')
    await app.window.getByText('99 selected').first().waitFor()
    await app.window.keyboard.press('Escape')
    await app.window.keyboard.press('ControlOrMeta+a')
    await app.window.getByText('100 selected').first().waitFor()
    await app.window.getByRole('toolbar').getByRole('button', { name: 'Cancel' }).click()
    await app.window.getByText('100 files left for later.').first().waitFor()
    await filter().fill('')
  })

  it('are sent in the new order, and one that failed is retried by a click', async () => {
    emulator.failNext('upload_file', { status: 400, code: 'bad_request', message: 'not now' })
    emulator.setLatency(20)
    emulator.clearCalls()
    await post('resume', undefined)
    await group(/^Failed/).click()
    await row(nameAt(42_421)).waitFor()
    // It went first, so it met the fault.
    expect(emulator.calls.find(({ operation }) => operation === 'upload_file')).toMatchObject({ status: 400 })
    await row(nameAt(42_421)).hover()
    await row(nameAt(42_421))
      .getByRole('button', { name: /^Retry/ })
      .click()
    await waitFor('it to be sent', () => sent().includes(`many/part 42/${nameAt(42_421)}`))
    await app.window.getByText('Nothing has failed.').waitFor()
  })

  it('can be scrolled while they are sent, and stay where they are meanwhile', async () => {
    await post('setMaxTransfers', { maxTransfers: null })
    await group(/^Waiting/).click()
    await row(/^file/).first().waitFor()
    report('scrolling through rows while files are sent', await scrollThrough())
    await grid().evaluate((element) => {
      element.scrollTop = 1_000_000
    })
    const seen = row(/^file/).nth(12)
    const name = await waitFor('rows there', async () => /file \d+\.txt/.exec(await seen.innerText())?.[0])
    // Drawn anew whenever one has been sent, it has no place for a moment.
    const topOf = () => waitFor('the row to be drawn', async () => (await row(name).boundingBox())?.y)
    const top = await topOf()
    const before = sent().length
    await waitFor('more to be sent', () => sent().length > before + 200)
    expect(await topOf()).toBe(top)
    // What was left for later is left, and counted.
    expect(sent().some((path) => path?.includes('file 0077'))).toBe(false)
  })

  it('show how one is sent, and what has arrived can be opened by a link', async () => {
    await post('pause', undefined)
    await app.waitForStatus(/^Paused/)
    await group(/^Done/).click()
    await row(/^file/).first().hover()
    await row(/^file/)
      .first()
      .getByRole('button', { name: /^Copy link/ })
      .click()
    await app.window.getByText('Link copied.').first().waitFor()
    const url = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
    expect((await fetch(url)).status).toBe(200)
  })
})
