/** The tray item, read and clicked over D-Bus as a panel would; and what a locked keychain does. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DbusTray } from '../support/dbus-tray.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { lockKeyring, unlockKeyring } from '../support/keyring.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

describe('on a desktop with a tray', () => {
  const data = makeTempFolder('data')
  const folder = makeTempFolder('docs')
  let emulator: Emulator
  let tray: DbusTray
  let app: DesktopApp

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    tray = await DbusTray.start()
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await tray.waitForItem()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    tray.stop()
    await emulator.stop()
    data.remove()
    folder.remove()
  })

  const labels = async () => (await tray.menu()).filter((item) => !item.isSeparator).map((item) => item.label)
  const waitForLine = (pattern: RegExp) =>
    waitFor(`tray line ${String(pattern)}`, async () => pattern.test((await labels())[0] ?? ''))

  it('says that it is not set up', async () => {
    await waitForLine(/^Not connected to B2 yet/)
    expect((await tray.properties()).tooltip).toMatch(/Not connected to B2 yet/)
  })

  it('says the same sentence as the window when all is well, with pictures for every size', async () => {
    const notSetUp = (await tray.properties()).iconPixels
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    writeFileSync(join(folder.path, 'a.txt'), 'a')
    await app.chooseBucketAndFolder(bucketName, folder.path, 'docs/')
    await waitForLine(/^Up to date - 1 file/)
    const { tooltip, iconSizes, iconPixels } = await tray.properties()
    expect(tooltip).toMatch(/Up to date - 1 file/)
    expect(iconSizes.length).toBeGreaterThan(0)
    expect(iconPixels.equals(notSetUp)).toBe(false)
    expect((await labels()).slice(1)).toEqual(['Open Pail', 'Open folder', 'Recent', 'Pause', 'Settings', 'Quit'])
  })

  it('pauses and resumes from its menu', async () => {
    const idle = (await tray.properties()).iconPixels
    await tray.click('Pause', 'Until I resume')
    await waitForLine(/^Paused/)
    expect((await tray.properties()).iconPixels.equals(idle)).toBe(false)
    await app.waitForStatus(/^Paused/)
    writeFileSync(join(folder.path, 'b.txt'), 'b')
    await waitForLine(/^Paused - 1 file waiting/)
    expect(emulator.listVisible(bucketName, 'docs/b.txt')).toEqual([])
    await tray.click('Resume')
    await waitForLine(/^Up to date - 2 files/)
    expect(emulator.listVisible(bucketName, 'docs/b.txt')).toHaveLength(1)
  })

  it('pauses for a while, and says until when', async () => {
    await tray.click('Pause', 'For 2 hours')
    await waitForLine(/^Paused until (tomorrow, )?\d\d:\d\d$/)
    await app.waitForStatus(/^Paused until/)
    await tray.click('Resume')
    await waitForLine(/^Up to date - 2 files/)
  })

  it('shows that B2 cannot be reached, and goes on by itself', async () => {
    await emulator.setReachable(false)
    writeFileSync(join(folder.path, 'c.txt'), 'c')
    await waitForLine(/^No connection to B2 since \d\d:\d\d - 1 file waits/)
    await emulator.setReachable(true)
    await waitForLine(/^Up to date - 3 files/)
  })

  it('shows that a file needs a person', async () => {
    writeFileSync(join(folder.path, 'bell\u0007.txt'), 'x')
    await waitForLine(/^Needs you - B2 refuses this name/)
  })

  it('opens the window', async () => {
    const isVisible = () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()))
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
    await waitFor('no window', async () => !(await isVisible()))
    await tray.click('Open Pail')
    await waitFor('the window', isVisible)
  })

  it('waits for a locked keychain, says so, and goes on when it is open', async () => {
    await app.quit()
    await lockKeyring()
    writeFileSync(join(folder.path, 'd.txt'), 'd')
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await tray.waitForItem()
    await waitForLine(/^Waiting for the keychain/)
    expect(emulator.listVisible(bucketName, 'docs/d.txt')).toEqual([])
    await unlockKeyring()
    await waitFor('the file in the bucket', () => emulator.listVisible(bucketName, 'docs/d.txt').length === 1)
  })

  it('quits from its menu', async () => {
    const closed = app.electron.waitForEvent('close')
    await tray.click('Quit')
    await closed
  })
})
