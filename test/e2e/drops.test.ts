/** Files dragged onto the real window, or chosen in the system's dialog: to the bucket, with a link. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, EVERYDAY, makeTempFolder, readBucket } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

describe('what is dropped on the window', () => {
  const data = makeTempFolder('data')
  const home = makeTempFolder('home')
  let emulator: Emulator
  let app: DesktopApp

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    put('synced/notes.txt', 'Hello')
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    // Not the master key: Pail would make one for itself that reaches the folder's place alone.
    const key = emulator.createKey({ capabilities: EVERYDAY })
    await app.connect(key.applicationKeyId, key.applicationKey)
    await app.chooseBucketAndFolder(bucketName, join(home.path, 'synced'), 'fotos/')
    await app.waitForStatus(/^Up to date/)
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    data.remove()
    home.remove()
  })

  function put(name: string, content: string | Uint8Array): string {
    const path = join(home.path, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return path
  }

  /** Drags files from outside onto the middle of the window, as the system does it; what happens while they hover is `hover`. */
  async function drag(
    files: readonly string[],
    hover: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const session = await app.electron.context().newCDPSession(app.window)
    const where = { x: 400, y: 300, data: { items: [], files: [...files], dragOperationsMask: 1 } }
    await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...where })
    await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...where })
    await hover()
    await session.send('Input.dispatchDragEvent', { type: 'drop', ...where })
    await session.detach()
  }

  /** The system's own dialog cannot be operated from outside, so its answer is given in its place. */
  async function choose(button: string, paths: readonly string[]): Promise<void> {
    await app.electron.evaluate(({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...filePaths] })
    }, paths)
    await app.window.getByRole('button', { name: button }).first().click()
    await app.window.getByTestId('drop-amount').getByText(/file/).waitFor()
  }

  const upload = (what: string | RegExp) => app.window.getByRole('dialog').getByRole('button', { name: what }).click()
  const row = (name: string): Locator =>
    app.window.getByRole('list', { name: 'Dropped files' }).getByRole('listitem').filter({ hasText: name })
  const sharedTree = async () =>
    Object.fromEntries(
      [...(await readBucket(emulator, bucketName, 'shared/'))].map(([name, content]) => [name, content.toString()]),
    )

  it('is asked about while it hovers and when it is let go, and then goes where the button says', async () => {
    put('desk/Sommer/Strand 🏖 100%+.jpg', 'sand')
    put('desk/Sommer/Thumbs.db', 'junk')
    symlinkSync('Thumbs.db', join(home.path, 'desk/Sommer/link'))
    const files = [put('desk/report.pdf', 'a report'), join(home.path, 'desk/Sommer')]
    await drag(files, () => app.window.getByText('Drop to upload').waitFor())
    await app.window.getByText('Drop to upload').waitFor({ state: 'detached' })
    await app.window.getByTestId('drop-amount').getByText('2 files, 12 B - 2 left out').waitFor()
    expect(emulator.listVisible(bucketName, 'shared/')).toEqual([])
    await upload('Upload 2 files to pail-e2e/shared/')
    await row('report.pdf').getByText('Uploaded').waitFor()
    await row('Strand').getByText('Uploaded').waitFor()
    expect(await sharedTree()).toEqual({ 'report.pdf': 'a report', 'Sommer/Strand 🏖 100%+.jpg': 'sand' })
    await app.waitForStatus(/^Up to date 1 file/)
  })

  it('has a link that opens exactly this file', async () => {
    await row('report.pdf').getByRole('button', { name: 'Copy link: report.pdf' }).click()
    await app.window.getByText('Link copied.').first().waitFor()
    const url = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
    expect(await (await fetch(url)).text()).toBe('a report')
    expect((await fetch(url.split('?')[0] ?? '')).status).toBe(401)
  })

  it('may be chosen in a dialog, and stands beside what has its name', async () => {
    await choose('Choose files...', [put('other/report.pdf', 'another report')])
    await upload('Upload 1 file to pail-e2e/shared/')
    await row('report (2).pdf').getByText('Uploaded').waitFor()
    expect(await sharedTree()).toMatchObject({ 'report.pdf': 'a report', 'report (2).pdf': 'another report' })
  })

  it('may be a folder, goes to another place, and replaces where a person says so', async () => {
    put('third/report.pdf', 'the last word')
    await choose('Choose folders...', [join(home.path, 'third')])
    await app.window.getByLabel('Place in the bucket').fill('else where')
    await app.window.getByRole('radio', { name: /^Replace/ }).click()
    await upload('Upload 1 file to pail-e2e/else where/')
    await waitFor('the file in the bucket', () => emulator.listVisible(bucketName, 'else where/third/').length === 1)
    await choose('Choose files...', [put('desk/report.pdf', 'changed')])
    expect(await app.window.getByLabel('Place in the bucket').inputValue()).toBe('else where/')
    expect(await app.window.getByRole('radio', { name: /^Replace/ }).isChecked()).toBe(true)
    await app.window.getByLabel('Place in the bucket').fill('shared')
    await upload('Upload 1 file to pail-e2e/shared/')
    await waitFor('the other content', async () => (await sharedTree())['report.pdf'] === 'changed')
  })

  it('is refused by the place of a sync folder, and nothing is sent', async () => {
    await choose('Choose files...', [put('desk/x.txt', 'x')])
    await app.window.getByLabel('Place in the bucket').fill('fotos/in')
    await upload('Upload 1 file to pail-e2e/fotos/in/')
    await app.window.getByRole('alert').getByText('Choose another place.').waitFor()
    await upload('Cancel')
    expect(emulator.listVisible(bucketName, 'fotos/').map(({ fileName }) => fileName)).toEqual(['fotos/notes.txt'])
  })

  it('is cancelled by its cross, and nothing of it arrives', async () => {
    emulator.failNext('upload_file', { kind: 'stall-midway' })
    await choose('Choose files...', [put('desk/unwanted.bin', Buffer.alloc(700_000))])
    await upload(/^Upload 1 file/)
    await waitFor('the upload to be under way', () => emulator.inFlight > 0)
    await row('unwanted.bin').getByRole('button', { name: 'Cancel: unwanted.bin' }).click()
    await row('unwanted.bin').waitFor({ state: 'detached' })
    // Cancelled before the upload itself had begun: the next one is not to stand still for it.
    emulator.clearFaults()
    await app.waitForStatus(/^Up to date/)
    expect(Object.keys(await sharedTree())).not.toContain('unwanted.bin')
  })

  it('says why it failed, and goes when it is tried again', async () => {
    const path = put('desk/late.txt', 'late')
    await choose('Choose files...', [path])
    rmSync(path)
    await upload(/^Upload/)
    await row('late.txt').getByText('No longer there').waitFor()
    await app.waitForStatus(/^Needs you.*No longer there/)
    writeFileSync(path, 'back again')
    await row('late.txt').getByRole('button', { name: 'Retry: late.txt' }).click()
    await row('late.txt').getByText('Uploaded').waitFor()
    expect((await sharedTree())['late.txt']).toBe('back again')
  })

  it('is forgotten when it is cleared, and stays in the bucket', async () => {
    await app.window.getByRole('button', { name: 'Clear finished' }).click()
    await app.window.getByText('uploaded once, and not watched').first().waitFor()
    expect(Object.keys(await sharedTree())).toContain('late.txt')
  })
})
