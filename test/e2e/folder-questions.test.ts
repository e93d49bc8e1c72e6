/** What the window asks about a folder, and what its menu offers, with the real engine behind it. */
import { existsSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'
const names = ['a.txt', 'b.txt', 'c.txt']

describe('a folder in the window', () => {
  const data = makeTempFolder('data')
  const folder = makeTempFolder('folder')
  const aside = makeTempFolder('aside')
  let emulator: Emulator
  let app: DesktopApp

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    for (const name of names) writeFileSync(join(folder.path, name), name)
    symlinkSync('a.txt', join(folder.path, 'link'))
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.chooseBucketAndFolder(bucketName, folder.path, 'docs/')
    await app.waitForStatus(/^Up to date\s*3 files/)
    await app.shortenDeleteDelay()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    for (const temporary of [data, folder, aside]) temporary.remove()
  })

  const inBucket = () => emulator.listVisible(bucketName, 'docs/').map(({ fileName }) => fileName.slice('docs/'.length))

  /** A native menu cannot be operated from outside: what would pop up is searched and clicked in its place. */
  async function chooseFromMenu(...labels: readonly string[]): Promise<void> {
    await app.electron.evaluate(({ Menu }, path) => {
      Menu.prototype.popup = function () {
        let { items } = this
        for (const [index, label] of path.entries()) {
          const item = items.find((candidate) => candidate.label === label)
          if (item === undefined) throw new Error(`No ${label} among ${items.map((one) => one.label).join(', ')}`)
          if (index === path.length - 1) (item.click as () => void)()
          else items = item.submenu?.items ?? []
        }
      }
    }, labels)
    await app.window
      .getByRole('article')
      .getByRole('button', { name: /^More for/ })
      .click()
  }

  it('says what it does not send, and why', async () => {
    await chooseFromMenu('What is not sent...')
    const row = app.window.getByRole('dialog').getByRole('listitem').filter({ hasText: 'link' })
    await row.waitFor()
    expect(await row.innerText()).toContain('Symbolic link')
    await app.window.getByRole('button', { name: 'Close' }).click()
  })

  it('pauses alone for a while, and resumes', async () => {
    await chooseFromMenu('Pause', 'For 2 hours')
    await app.window
      .getByRole('article')
      .getByText(/^Paused until/)
      .waitFor()
    await chooseFromMenu('Resume')
    await app.window
      .getByRole('article')
      .getByText(/^Up to date/)
      .waitFor()
  })

  it('asks what becomes of its files when all are gone, and nothing happens while nobody answers', async () => {
    for (const name of names) renameSync(join(folder.path, name), join(aside.path, name))
    await app.window.getByRole('button', { name: 'Decide...' }).click()
    const dialog = app.window.getByRole('dialog')
    await dialog.getByRole('listitem').nth(2).waitFor()
    expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual(names)
    expect(await app.window.evaluate(() => document.activeElement?.textContent)).toBe('Keep 3 files in B2')
    await app.window.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(inBucket()).toEqual(names)
  })

  it('has nothing to ask any more when they are back', async () => {
    await app.window.getByRole('button', { name: 'Decide...' }).click()
    for (const name of names) renameSync(join(aside.path, name), join(folder.path, name))
    await app.window.getByText('Nothing to decide any more').waitFor()
    await app.window.getByRole('button', { name: 'Close' }).click()
    await app.waitForStatus(/^Up to date\s*3 files/)
  })

  it('leaves them in B2 when that is the answer', async () => {
    for (const name of names) renameSync(join(folder.path, name), join(aside.path, name))
    await app.window.getByRole('button', { name: 'Decide...' }).click()
    await app.window.getByRole('button', { name: 'Keep 3 files in B2' }).click()
    await app.waitForStatus(/^Up to date\s*0 files/)
    expect(inBucket()).toEqual(names)
    await app.window.getByText('Kept in B2').first().waitFor()
  })

  it('hides them in B2 when that is the answer, and keeps their versions', async () => {
    for (const name of names) renameSync(join(aside.path, name), join(folder.path, name))
    await app.waitForStatus(/^Up to date\s*3 files/)
    for (const name of names) renameSync(join(folder.path, name), join(aside.path, name))
    await app.window.getByRole('button', { name: 'Decide...' }).click()
    await app.window.getByRole('button', { name: 'Hide 3 files in B2' }).click()
    await waitFor('the hides', () => inBucket().length === 0)
    await app.waitForStatus(/^Up to date\s*0 files/)
    const versions = emulator.fileVersions(bucketName).filter(({ action }) => action === 'upload')
    expect(new Set(versions.map(({ fileName }) => fileName.slice('docs/'.length)))).toEqual(new Set(names))
  })

  it('stops being synced when a person wants that, and nothing is deleted', async () => {
    writeFileSync(join(folder.path, 'last.txt'), 'last')
    await app.waitForStatus(/^Up to date\s*1 file/)
    await chooseFromMenu('Stop syncing...')
    await app.window.getByRole('dialog').getByRole('button', { name: 'Stop syncing' }).click()
    await app.waitForStatus(/^No folder chosen yet/)
    expect(inBucket()).toEqual(['last.txt'])
    expect(existsSync(join(folder.path, 'last.txt'))).toBe(true)
  })
})
