/** What Pail tells a person who is not looking at it, read and clicked over D-Bus as a desktop would. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DbusNotifications } from '../support/dbus-notifications.ts'
import { DbusTray } from '../support/dbus-tray.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

describe('on a desktop with notifications', () => {
  const data = makeTempFolder('data')
  const home = makeTempFolder('home')
  const folder = join(home.path, 'Docs')
  let emulator: Emulator
  let tray: DbusTray
  let desktop: DbusNotifications
  let app: DesktopApp

  beforeAll(async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'a & b.txt'), 'a')
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    tray = await DbusTray.start()
    desktop = await DbusNotifications.start()
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.chooseBucketAndFolder(bucketName, folder, 'docs/')
    await app.waitForStatus(/^Up to date\s*1 file/)
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    tray.stop()
    desktop.stop()
    await emulator.stop()
    data.remove()
    home.remove()
  })

  const closeWindow = () =>
    app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })

  it('says nothing while nothing needs a person', () => {
    expect(desktop.told).toEqual([])
  })

  it('copies a link to a recent file from the tray, and says so', async () => {
    await waitFor('the recent file', async () =>
      (await tray.menu()).some(({ label, enabled }) => label === 'Recent' && enabled),
    )
    await tray.click('Recent', 'Copy link: a & b.txt')
    const told = await waitFor('the notification', () => desktop.told.at(-1))
    expect(told).toMatchObject({
      title: 'Link copied',
      body: expect.stringMatching(/^a & b\.txt - works until \w{3} \d/),
    })
    const url = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
    expect(await (await fetch(url)).text()).toBe('a')
  })

  it('tells once of several files that need a person, and a click leads to them', async () => {
    await closeWindow()
    const before = desktop.told.length
    for (const name of ['bell\u0007.txt', 'bell\u0007 2.txt']) writeFileSync(join(folder, name), 'x')
    const told = await waitFor('the notification', () => desktop.told[before])
    expect(told.title).toMatch(/^B2 refuses/)
    expect(told.body).toMatch(/^2 files: /)
    desktop.click(told)
    await app.window.getByRole('heading', { level: 1, name: 'Problems' }).waitFor()
    const isVisible = () =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()))
    await waitFor('the window', isVisible)
    expect(desktop.told).toHaveLength(before + 1)
  })

  it('shows the problems from the tray as well', async () => {
    await app.window.getByRole('button', { name: 'Overview' }).click()
    await tray.click('Problems (2)')
    await app.window.getByRole('heading', { level: 1, name: 'Problems' }).waitFor()
  })
})
