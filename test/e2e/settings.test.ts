/** What is set in the window, and that it acts at once: on the window, the tray, the menus, the engine, and the next start. */
import { once } from 'node:events'
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { electronLaunch } from '../../scripts/electron-runtime.mjs'
import { createKeychainStore } from '../../main/engine/credentials/keychain-store.ts'
import { PROXY_SECRET_ID } from '../../main/engine/credentials/secret-store.ts'
import { systemClock } from '../../main/engine/lib/clock.ts'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DbusTray } from '../support/dbus-tray.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

describe('the settings', () => {
  const data = makeTempFolder('data')
  const folder = makeTempFolder('docs')
  const autostart = join(process.env['XDG_CONFIG_HOME'] ?? '', 'autostart/pail.desktop')
  let emulator: Emulator
  let tray: DbusTray
  let app: DesktopApp

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    tray = await DbusTray.start()
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    writeFileSync(join(folder.path, 'a.txt'), 'a')
    writeFileSync(join(folder.path, 'b.iso'), 'b')
    await app.chooseBucketAndFolder(bucketName, folder.path, 'docs/')
    await app.waitForStatus(/^Up to date 2 files/)
    await app.window.getByRole('button', { name: 'Settings', exact: true }).click()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    tray.stop()
    await emulator.stop()
    data.remove()
    folder.remove()
  })

  const labels = async () => (await tray.menu()).filter((item) => !item.isSeparator).map((item) => item.label)
  const menus = () =>
    app.electron.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map((item) => item.label) ?? [])
  const choose = (name: string, value: string) => app.window.getByRole('combobox', { name }).selectOption(value)

  it('shows what the key reaches and may do', async () => {
    await app.window.getByText(`Buckets: ${bucketName}.`).waitFor()
    expect(
      await app.window.getByRole('list', { name: 'What it may do' }).getByLabel('May', { exact: true }).count(),
      // The limited key that Pail has made with the master key.
    ).toBe(5)
  })

  it('turns the window dark and light at once', async () => {
    // Playwright's own idea of the system would win otherwise.
    await app.window.emulateMedia({ colorScheme: null })
    const isDark = () => app.window.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
    await choose('Appearance', 'dark')
    await waitFor('a dark window', isDark)
    await choose('Appearance', 'light')
    await waitFor('a light window', async () => !(await isDark()))
  })

  it('speaks German at once, in the window, the tray and the menus', async () => {
    await app.window.getByRole('combobox', { name: 'Language of Pail' }).focus()
    await choose('Language of Pail', 'de')
    await app.waitForStatus(/^Aktuell 2 Dateien/)
    await waitFor('a German tray', async () => (await labels()).includes('Pail öffnen'))
    expect(await labels()).toEqual([
      expect.stringMatching(/^Aktuell - 2 Dateien/),
      'Pail öffnen',
      'Ordner öffnen',
      'Zuletzt',
      'Pausieren',
      'Einstellungen',
      'Beenden',
    ])
    expect((await menus()).slice(0, 2)).toEqual(['&Datei', '&Bearbeiten'])
    expect(await app.window.evaluate(() => document.documentElement.lang)).toBe('de')
    // What was chosen keeps the focus: nothing was built anew under the hand.
    expect(await app.window.evaluate(() => document.activeElement?.tagName)).toBe('SELECT')
  })

  it('has the system start it at login, and takes that back', async () => {
    const atLogin = app.window.getByRole('switch', { name: 'Beim Anmelden starten' })
    await atLogin.check()
    await waitFor('the entry', () => existsSync(autostart))
    expect(readFileSync(autostart, 'utf8')).toMatch(/^Exec=.*"--at-login"$/m)
    await atLogin.uncheck()
    await waitFor('no entry', () => !existsSync(autostart))
  })

  it('keeps what was set over a start', async () => {
    await app.quit()
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.waitForStatus(/^Aktuell 2 Dateien/)
    expect(await app.electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('light')
    await app.window.getByRole('button', { name: 'Einstellungen', exact: true }).click()
    await choose('Sprache von Pail', 'en')
    await app.waitForStatus(/^Up to date 2 files/)
  })

  it('limits the line', async () => {
    const upload = app.window.getByRole('textbox', { name: 'Upload', exact: true })
    await upload.fill('2,5')
    await upload.press('Enter')
    await app.window.getByText('Now: upload 2.5 MB/s, download unlimited.').waitFor()
    await upload.fill('0.001')
    await app.window.getByText('A number from 0.01 on').waitFor()
    await upload.press('Escape')
    expect(await upload.inputValue()).toBe('2.5')
  })

  it('paints hours of the week with the keyboard, all of them for this moment as well', async () => {
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) {
      const button = app.window.getByRole('button', { name: `paint all of ${day}` })
      await button.focus()
      await button.press('Enter')
      await app.window.getByRole('gridcell', { name: `${day}, 23:00 to 00:00: upload 500 kB/s` }).waitFor()
    }
    await app.window.getByText('Now: upload 500 kB/s, download unlimited.').waitFor()
  })

  it('shows what a rule would leave out before it counts, and then leaves it out', async () => {
    const name = folder.path.slice(folder.path.lastIndexOf('/') + 1)
    const rules = app.window.getByRole('textbox', { name: `Ignore rules of ${name}` })
    await rules.fill('*.iso')
    await app.window.getByText('Leaves out 1 file (1 B) that is sent now:').waitFor()
    await app.window.getByRole('button', { name: 'Use these rules' }).click()
    await app.waitForStatus(/^Up to date 1 file/)
    expect(emulator.listVisible(bucketName, 'docs/b.iso')).toHaveLength(1)
  })

  it('deletes nothing for good before the name of the bucket was typed', async () => {
    const policy = app.window.getByRole('combobox', { name: 'Deleted files' })
    await policy.selectOption('delete')
    const confirm = app.window.getByRole('button', { name: 'Delete for good from now on' })
    const typed = app.window.getByRole('dialog').getByRole('textbox')
    await typed.fill('pail-e2')
    expect(await confirm.isDisabled()).toBe(true)
    await app.window.getByRole('button', { name: 'Leave it as it is' }).click()
    expect(await policy.inputValue()).toBe('hide')
    await policy.selectOption('delete')
    await typed.fill(bucketName)
    await confirm.click()
    await waitFor('the policy', async () => (await policy.inputValue()) === 'delete')
  })

  it('asks a domain for links once, and takes it whether it answers or not', async () => {
    let asked = 0
    const domain = createServer((_, response) => {
      asked += 1
      response.writeHead(404).end()
    }).listen(0, '127.0.0.1')
    await once(domain, 'listening')
    const host = `127.0.0.1:${(domain.address() as AddressInfo).port}`
    const field = app.window.getByRole('textbox', { name: `Domain for links to ${bucketName}` })
    await field.fill('https://files.example.com/and/a/path')
    await app.window.getByText('Only the name, such as files.example.com').waitFor()
    await field.fill(host)
    await field.press('Enter')
    await app.window.getByText(`${host} answered.`).waitFor()
    expect(asked).toBe(1)
    domain.closeAllConnections()
    domain.close()
    await field.fill('127.0.0.1:1')
    await field.press('Enter')
    await app.window.getByText('127.0.0.1:1 does not answer.').waitFor()
    expect(await field.inputValue()).toBe('127.0.0.1:1')
    await field.fill('')
    await field.press('Enter')
    await app.window.getByText('127.0.0.1:1 does not answer.').waitFor({ state: 'detached' })
  })

  it('keeps the name and password of a proxy in the keychain and in no file', async () => {
    const password = 'hunter2-of-the-proxy'
    await choose('Proxy', 'address')
    await app.window.getByLabel('Address', { exact: true }).fill(`maria:${password}@127.0.0.1:1`)
    expect(await app.window.getByLabel('User name').inputValue()).toBe('maria')
    await app.window.getByRole('button', { name: 'Use this proxy' }).click()
    await app.window.getByRole('button', { name: 'Forget name and password' }).waitFor()
    const keychain = createKeychainStore(systemClock)
    expect(await keychain.get(PROXY_SECRET_ID)).toContain(password)
    const files = readdirSync(data.path, { recursive: true, encoding: 'utf8' }).map((name) => join(data.path, name))
    const contents = files.filter((path) => lstatSync(path).isFile()).map((path) => readFileSync(path))
    expect(contents.some((bytes) => bytes.includes('http://127.0.0.1:1'))).toBe(true)
    expect(contents.some((bytes) => bytes.includes(password))).toBe(false)
    await choose('Proxy', 'none')
    await waitFor('it to be forgotten', async () => (await keychain.get(PROXY_SECRET_ID)) === null)
    await choose('Proxy', 'system')
    await app.window.getByText('HTTPS_PROXY and NO_PROXY are obeyed').waitFor()
  })

  it('lets a folder wait outside its hours, from the moment they are painted', async () => {
    const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
    const name = folder.path.slice(folder.path.lastIndexOf('/') + 1)
    await choose('Times of sending', 'some')
    const week = app.window.getByRole('grid', { name: `Hours in which ${name} is sent` })
    await app.window.getByRole('radio', { name: 'Waits' }).check()
    const far = days[(new Date().getDay() + 3) % 7] ?? ''
    for (const day of days.filter((each) => each !== far)) {
      await week.getByRole('button', { name: `paint all of ${day}` }).press('Enter')
      await week.getByRole('gridcell', { name: `${day}, 23:00 to 00:00: Waits` }).waitFor()
    }
    writeFileSync(join(folder.path, 'late.txt'), 'late')
    await app.waitForStatus(/^Waits until .* 1 file waiting/)
    expect(emulator.listVisible(bucketName, 'docs/late.txt')).toEqual([])
    await choose('Times of sending', 'always')
    await app.waitForStatus(/^Up to date 2 files/)
    expect(emulator.listVisible(bucketName, 'docs/late.txt')).toHaveLength(1)
  })

  it('lets a folder go first', async () => {
    await choose('Whose turn it is', 'first')
    const chosen = app.window.getByRole('combobox', { name: 'Whose turn it is' })
    await waitFor('the choice', async () => (await chosen.inputValue()) === 'first')
  })

  it('copies a report without a key or a name', async () => {
    await app.window.getByRole('button', { name: 'Copy diagnostics' }).click()
    const report = await waitFor('the report', () => app.electron.evaluate(({ clipboard }) => clipboard.readText()))
    expect(report).toMatch(/^Pail \d+\.\d+\.\d+, Electron /)
    for (const secret of [emulator.applicationKey, emulator.applicationKeyId, bucketName, folder.path, 'docs/']) {
      expect(report).not.toContain(secret)
    }
  })

  it('shows no window when the system starts it, until a person does', async () => {
    await app.quit()
    const launch = electronLaunch({
      args: ['--at-login'],
      env: { PAIL_DATA_DIR: data.path, PAIL_B2_REALM: emulator.realm, LANGUAGE: 'en' },
    })
    const electron = await _electron.launch(launch)
    const windows = () => electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
    await tray.waitForItem()
    await waitFor('the engine at work', async () => /^Up to date/.test((await labels())[0] ?? ''))
    expect(await windows()).toBe(0)
    await expect(DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })).rejects.toThrow()
    await waitFor('the window', async () => (await windows()) === 1)
    const closed = electron.waitForEvent('close')
    await electron.evaluate(({ app: running }) => {
      running.quit()
    })
    await closed
  })

  it('speaks the language of the system where none was chosen', async () => {
    const fresh = makeTempFolder('data')
    const german = await DesktopApp.start({ realm: emulator.realm, dataFolder: fresh.path, language: 'de_AT' })
    await german.window.getByRole('heading', { name: 'Mit Backblaze B2 verbinden' }).waitFor()
    await german.quit()
    fresh.remove()
  })
})
