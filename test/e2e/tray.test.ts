/** The tray, read and clicked over D-Bus as a panel would: each state it can show, everything its menu offers. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DbusTray } from '../support/dbus-tray.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { lockKeyring, unlockKeyring } from '../support/keyring.ts'
import { pictureName } from '../support/tray-picture.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'
const MINUTE_MS = 60_000

/** The round trip of a line that is not the fastest. */
const LATENCY_MS = 20

/** At this speed a large file takes for as long as a test may look at it. */
const SLOW = { kind: 'slow', bytesPerSecond: 2000, count: Infinity } as const
const largeFile = Buffer.alloc(4_000_000, 'large')

describe('on a desktop with a tray', () => {
  const data = makeTempFolder('data')
  const home = makeTempFolder('home')
  const folder = join(home.path, 'Docs & more')
  const aside = join(home.path, 'aside')
  let emulator: Emulator
  let tray: DbusTray
  let app: DesktopApp

  beforeAll(async () => {
    for (const path of [folder, aside]) mkdirSync(path)
    emulator = await startEmulator({ buckets: [{ bucketName }], latencyMs: LATENCY_MS })
    tray = await DbusTray.start()
    await start()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    tray.stop()
    await emulator.stop()
    data.remove()
    home.remove()
  })

  async function start(): Promise<void> {
    const env = fileManager()
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path, env })
    await tray.waitForItem()
  }

  /** The program that desktops open folders with, in whose place one writes down what it was to open. */
  function fileManager(): { readonly PATH: string } {
    const program = join(home.path, 'xdg-open')
    writeFileSync(program, `#!/bin/sh\nprintf %s "$1" > '${join(home.path, 'opened')}'\n`)
    chmodSync(program, 0o755)
    return { PATH: `${home.path}:${process.env['PATH'] ?? ''}` }
  }

  /** Waits until picture, tooltip and the menu's first line all say so; the last two are the same sentence. */
  async function shows(picture: string, sentence: RegExp): Promise<void> {
    await waitFor(`the tray to show ${picture} and ${String(sentence)}`, async () => {
      const [properties, menu] = [await tray.properties(), await tray.menu()]
      const [first] = menu
      expect({ picture: pictureName(properties), tooltip: properties.tooltip, first: first?.label }).toEqual({
        picture,
        tooltip: expect.stringMatching(new RegExp(`Pail - ${sentence.source}`)) as string,
        first: expect.stringMatching(new RegExp(`^${sentence.source}`)) as string,
      })
      return true
    })
  }

  const labels = async () => (await tray.menu()).filter((item) => !item.isSeparator).map((item) => item.label)
  const inBucket = () => emulator.listVisible(bucketName, 'docs/').map(({ fileName }) => fileName.slice('docs/'.length))
  const write = (name: string, content: string | Buffer = name) => {
    writeFileSync(join(folder, name), content)
  }

  const isVisible = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()))
  const closeWindow = async () => {
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
    await waitFor('no window', async () => !(await isVisible()))
  }

  it('says that it is not set up, and offers nothing that could not be done', async () => {
    await shows('not-set-up', /Not connected to B2 yet$/)
    const disabled = (await tray.menu()).filter(({ enabled, isSeparator }) => !enabled && !isSeparator)
    expect(disabled.map(({ label }) => label).slice(1)).toEqual(['Open folder', 'Recent', 'Pause'])
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
  })

  it('says the same sentence as the window when all is well', async () => {
    write('a.txt')
    await app.chooseBucketAndFolder(bucketName, folder, 'docs/')
    await shows('idle', /Up to date - 1 file - checked .+$/)
    await app.waitForStatus(/^Up to date\s*1 file/)
    expect((await labels()).slice(1)).toEqual(['Open Pail', 'Open folder', 'Recent', 'Pause', 'Settings', 'Quit'])
  })

  it('moves gently while it sends, and says how much is left', async () => {
    emulator.failNext('upload_file', SLOW)
    write('large.bin', largeFile)
    await shows('sending-1', /Sending 1 file - .*\d.*B(\/s)?$/)
    await shows('sending-2', /Sending 1 file - .*\d.*B(\/s)?$/)
  })

  it('pauses what is on its way, and goes on when it resumes', async () => {
    await tray.click('Pause', 'Until I resume')
    await shows('paused', /Paused - 1 file waiting$/)
    await app.waitForStatus(/^Paused/)
    emulator.clearFaults()
    expect(inBucket()).toEqual(['a.txt'])
    await tray.click('Resume')
    await shows('idle', /Up to date - 2 files - checked .+$/)
    expect(inBucket()).toEqual(['a.txt', 'large.bin'])
  })

  it.each([
    ['For 30 minutes', 30],
    ['For 2 hours', 120],
  ])('pauses %s, and says until when', async (label, minutes) => {
    const from = Date.now()
    await tray.click('Pause', label)
    await shows('paused', /Paused until (tomorrow, )?\d\d:\d\d$/)
    const { tooltip } = await tray.properties()
    const clocks = new Set<string>()
    for (let at = from; at < Date.now() + MINUTE_MS; at += MINUTE_MS) clocks.add(clock(at + minutes * MINUTE_MS))
    expect([...clocks]).toContain(/\d\d:\d\d$/.exec(tooltip)?.[0])
    await app.waitForStatus(/^Paused until/)
    await tray.click('Resume')
    await shows('idle', /Up to date - 2 files - checked .+$/)
  })

  it('says since when B2 cannot be reached and how much waits, and goes on by itself', async () => {
    await emulator.setReachable(false)
    write('b.txt')
    await shows('offline', /No connection to B2 since \d\d:\d\d - 1 file waits$/)
    await emulator.setReachable(true)
    await shows('idle', /Up to date - 3 files - checked .+$/)
  })

  it('says that files need a person, counts them, and leads to them', async () => {
    for (const name of ['bell\u0007.txt', 'bell\u0007 2.txt']) write(name)
    await shows('problem', /Needs you - 2 problems$/)
    await closeWindow()
    await tray.click('Problems (2)')
    await app.window.getByRole('heading', { level: 1, name: 'Problems' }).waitFor()
    await waitFor('the window', isVisible)
    for (const name of ['bell\u0007.txt', 'bell\u0007 2.txt']) rmSync(join(folder, name))
    await shows('idle', /Up to date - 3 files - checked .+$/)
    expect((await labels()).filter((label) => label.startsWith('Problems'))).toEqual([])
  })

  it('says that a mass deletion is held, until the files are back', async () => {
    await app.shortenDeleteDelay()
    for (const name of inBucket()) renameSync(join(folder, name), join(aside, name))
    await shows('held', /Stopped to be safe - .+$/)
    expect(inBucket()).toEqual(['a.txt', 'b.txt', 'large.bin'])
    for (const name of inBucket()) renameSync(join(aside, name), join(folder, name))
    await shows('idle', /Up to date - 3 files - checked .+$/)
  })

  it('opens a folder in the file manager', async () => {
    await tray.click('Open folder', 'Docs & more')
    await waitFor('the file manager', () => readFileSync(join(home.path, 'opened'), 'utf8') === folder)
  })

  it('copies a link that works to a file that came into B2 last', async () => {
    await tray.click('Recent', 'Copy link: b.txt')
    const readText = () => app.electron.evaluate(({ clipboard }) => clipboard.readText())
    const url = await waitFor('the link', async () => /^http.*/.exec(await readText())?.[0])
    expect(await (await fetch(url)).text()).toBe('b.txt')
  })

  it('leads to the settings', async () => {
    await closeWindow()
    await tray.click('Settings')
    await app.window.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await waitFor('the window', isVisible)
  })

  it.each([
    ['its first line', () => tray.click('Open Pail')],
    ['a click on the icon itself', () => tray.activate()],
  ])('shows the window after %s', async (_, click) => {
    await closeWindow()
    await click()
    await waitFor('the window', isVisible)
  })

  it('waits for a locked keychain, says so and how much waits, and goes on when it is open', async () => {
    await app.quit()
    await lockKeyring()
    write('c.txt')
    await start()
    await shows('waiting', /Waiting for the keychain - 1 file waits( - next try in .+)?$/)
    expect(inBucket()).not.toContain('c.txt')
    await unlockKeyring()
    await shows('idle', /Up to date - 4 files - checked .+$/)
    expect(inBucket()).toContain('c.txt')
  })

  it('quits from its menu', async () => {
    const closed = app.electron.waitForEvent('close')
    await tray.click('Quit')
    await closed
    // The locked keychain of the test before still owes an answer; nothing waits for that.
    expect(readFileSync(join(data.path, 'logs/shell.log'), 'utf8')).not.toContain('did not stop within')
  })
})

/** `14:05`, as the tray says it. */
function clock(at: number): string {
  const moment = new Date(at)
  return [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
}
