/** From nothing to a folder in the bucket, in the real window, with the real keychain. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import {
  DesktopApp,
  EVERYDAY,
  filesContaining,
  makeTempFolder,
  readBucket,
  readKeychain,
  readTree,
} from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

describe('the first run', () => {
  const data = makeTempFolder('data')
  const home = makeTempFolder('home')
  const folder = join(home.path, 'Fotos & Ümläute')
  let emulator: Emulator
  let app: DesktopApp
  type Key = { readonly applicationKeyId: string; readonly applicationKey: string }
  let former: Key
  let key: Key

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }, { bucketName: 'open-files', bucketType: 'allPublic' }] })
    mkdirSync(join(folder, 'Sommer 2026'), { recursive: true })
    writeFileSync(join(folder, 'notes.txt'), 'Hello')
    writeFileSync(join(folder, 'Sommer 2026', 'Strand 🏖 100%+.jpg'), Buffer.alloc(300_000, 7))
    writeFileSync(join(folder, 'leer'), '')
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    data.remove()
    home.remove()
  })

  /** A row under "Transfers" that has arrived. */
  const transfer = (name: string) => app.window.locator('[data-group=done]').filter({ hasText: name }).first()

  it('says what to do when B2 does not accept the key', async () => {
    await app.connect(emulator.applicationKeyId, 'K002wrong')
    await app.window.getByText('B2 does not accept this key.').first().waitFor()
    expect(readKeychain(emulator.applicationKeyId)).toBeNull()
  })

  it('says what to do when B2 cannot be reached', async () => {
    await emulator.setReachable(false)
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.window.getByRole('alert').getByText('No connection to B2').waitFor()
    await emulator.setReachable(true)
  })

  it('warns about a key that may not write, and keeps nothing of it', async () => {
    const weak = emulator.createKey({ capabilities: ['listBuckets', 'listFiles', 'readFiles'] })
    await app.connect(weak.applicationKeyId, weak.applicationKey)
    await app.window.getByText('writeFiles').first().waitFor()
    await app.window.getByRole('button', { name: 'Use another key' }).click()
    expect(readKeychain(weak.applicationKeyId)).toBeNull()
  })

  it('connects with a key that cannot share', async () => {
    former = emulator.createKey({ capabilities: EVERYDAY.filter((capability) => capability !== 'shareFiles') })
    await app.connect(former.applicationKeyId, former.applicationKey)
    await app.window.getByText('No links to files in a private bucket.').waitFor()
    await app.takeKey()
    expect(readKeychain(former.applicationKeyId)).toBe(former.applicationKey)
    await app.window.getByRole('button', { name: 'Back' }).click()
    await app.window.getByRole('button', { name: 'Use another key' }).click()
  })

  it('connects, takes a bucket and a folder, and brings every file there byte for byte', async () => {
    key = emulator.createKey({ capabilities: EVERYDAY })
    await app.connect(key.applicationKeyId, key.applicationKey)
    await app.chooseBucketAndFolder(bucketName, folder, 'fotos/')
    expect(await app.waitForStatus(/^Up to date/)).toMatch(/3 files/)
    expect(await readBucket(emulator, bucketName, 'fotos/')).toEqual(readTree(folder))
  })

  it('keeps the key in the keychain and in no file', async () => {
    expect(readKeychain(key.applicationKeyId)).toBe(key.applicationKey)
    expect(filesContaining(data.path, key.applicationKey)).toEqual([])
    expect(filesContaining(data.path, 'engine started').length).toBeGreaterThan(0)
  })

  it('forgot the key that was replaced', () => {
    expect(readKeychain(former.applicationKeyId)).toBeNull()
  })

  it('shows a saved file as done within seconds', async () => {
    await app.window.getByRole('button', { name: /^Transfers/ }).click()
    writeFileSync(join(folder, 'report.pdf'), 'a report')
    await transfer('report.pdf').waitFor()
    await waitFor('the file in the bucket', () => emulator.listVisible(bucketName, 'fotos/report.pdf').length === 1)
    await app.waitForStatus(/^Up to date 4 files/)
  })

  it('copies a link that opens exactly this file', async () => {
    await transfer('report.pdf').hover()
    await transfer('report.pdf')
      .getByRole('button', { name: /Copy link/ })
      .click()
    await app.window.getByText('Link copied.').first().waitFor()
    const url = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
    const answer = await fetch(url)
    expect(await answer.text()).toBe('a report')
    expect((await fetch(url.split('?')[0] ?? '')).status).toBe(401)
  })

  it('offers the same in a native menu on the row', async () => {
    await app.electron.evaluate(({ Menu, clipboard }) => {
      clipboard.clear()
      const shown: string[][] = []
      Object.assign(globalThis, { shownMenus: shown })
      Menu.prototype.popup = function popup(options) {
        shown.push(this.items.map((item) => item.label))
        this.items.find((item) => item.label === 'Copy link')?.click()
        options?.callback?.()
      }
    })
    await transfer('report.pdf').click({ button: 'right' })
    const url = await waitFor('a link in the clipboard', () =>
      app.electron.evaluate(({ clipboard }) => clipboard.readText()),
    )
    expect(await (await fetch(url)).text()).toBe('a report')
    const shown = await app.electron.evaluate(() => (globalThis as unknown as { shownMenus: string[][] }).shownMenus)
    expect(shown).toEqual([['Copy link', 'Show in folder']])
  })

  it('goes on in the background when its window is closed, and a second start shows it again', async () => {
    const isVisible = () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()))
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
    await waitFor('no window', async () => !(await isVisible()))
    writeFileSync(join(folder, 'while closed.txt'), 'still here')
    await waitFor('the file in the bucket', () => emulator.listVisible(bucketName, 'fotos/while closed').length === 1)
    await expect(DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })).rejects.toThrow()
    await waitFor('the window', isVisible)
  })
})
