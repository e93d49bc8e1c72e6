/** Pail in the menus of file managers: installed by its settings, run as each file manager runs it, and removed again. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { electronLaunch } from '../../scripts/electron-runtime.mjs'
import type { RightClickAction } from '../../shared/model/right-click.ts'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { readClipboard, writeClipboard } from '../support/clipboard.ts'
import { DbusNotifications } from '../support/dbus-notifications.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { choose, menuCommand, MENUS, type Menu } from '../support/file-manager-menus.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'
const own =
  '<?xml encoding="UTF-8" version="1.0"?>\n<actions>\n<action>\n\t<name>Mine</name>\n\t<unique-id>1-1</unique-id>\n</action>\n</actions>\n'
/** What shells, menus and addresses are likely to get wrong. */
const oddName = 'it\u2019s \'one\' & "two" $HOME 100% #1 + caf\u00e9 \u{1f41f}.txt'

describe('the menus of file managers', () => {
  const data = makeTempFolder('data')
  const programs = makeTempFolder('bin')
  const home = makeTempFolder('home')
  const folder = join(home.path, 'My Docs')
  const folders = { data: process.env['XDG_DATA_HOME'] ?? '', config: process.env['XDG_CONFIG_HOME'] ?? '' }
  const usualPath = process.env['PATH'] ?? ''
  let before: readonly string[] = []
  let emulator: Emulator
  let desktop: DbusNotifications
  let app: DesktopApp

  beforeAll(async () => {
    for (const name of MENUS) {
      writeFileSync(join(programs.path, name), '#!/bin/sh\n')
      chmodSync(join(programs.path, name), 0o755)
    }
    process.env['PATH'] = `${programs.path}:${usualPath}`
    mkdirSync(join(folders.config, 'Thunar'))
    writeFileSync(join(folders.config, 'Thunar/uca.xml'), own)
    mkdirSync(join(folder, 'inner'), { recursive: true })
    writeFileSync(join(folder, 'a.txt'), 'a')
    writeFileSync(join(folder, 'inner/b.txt'), 'b')
    writeFileSync(join(folder, oddName), 'odd')
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    desktop = await DbusNotifications.start()
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.chooseBucketAndFolder(bucketName, folder, 'docs/')
    await app.waitForStatus(/^Up to date\s*3 files/)
    before = menuTree()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    process.env['PATH'] = usualPath
    desktop.stop()
    await emulator.stop()
    for (const each of [data, programs, home]) each.remove()
  })

  /** Where file managers keep such things, without what Chromium leaves there. */
  function menuTree(): readonly string[] {
    return [folders.data, folders.config].flatMap((top) =>
      readdirSync(top, { recursive: true, encoding: 'utf8' })
        .filter((name) => !/^(electron|chromium|dconf|keyrings|pki)/i.test(name))
        .map((name) => {
          const found = lstatSync(join(top, name))
          return `${name} ${found.mode} ${found.isFile() ? readFileSync(join(top, name), 'utf8') : ''}`
        })
        .toSorted(),
    )
  }

  const environment = () =>
    electronLaunch({ env: { PAIL_DATA_DIR: data.path, PAIL_B2_REALM: emulator.realm, LANGUAGE: 'en' } }).env
  const rightClick = (menu: Menu, action: RightClickAction, ...paths: readonly string[]) =>
    choose(menuCommand(menu, action, paths, folders), environment())
  const contentOf = async (url: string | undefined) => (await fetch(url ?? '')).text()
  const isVisible = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()))
  const closeWindow = async () => {
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
    await waitFor('no window', async () => !(await isVisible()))
  }
  const linksInClipboard = async (count: number) => {
    const text = await waitFor(`${count} links`, async () => {
      const read = (await readClipboard()) ?? ''
      return read.startsWith('http') && read.split('\n').length === count && read
    })
    return text.split('\n')
  }
  const openSettings = () => app.window.getByRole('button', { name: 'Settings', exact: true }).click()
  const all = () => app.window.getByRole('switch', { name: 'Pail in the right-click menu' })

  it('are named in the settings where they are on this computer, and get the entries', async () => {
    await openSettings()
    const section = app.window.getByRole('region', { name: 'Right-click menu' })
    await section.getByRole('switch', { name: 'Thunar' }).waitFor()
    expect(await section.getByRole('switch').count()).toBe(MENUS.length + 1)
    expect(await all().isChecked()).toBe(false)
    await section.getByRole('switch', { name: 'Thunar' }).check()
    await waitFor('the action', () => readFileSync(join(folders.config, 'Thunar/uca.xml'), 'utf8') !== own)
    expect(await all().isChecked()).toBe(false)
    await all().check()
    await waitFor('all of them', () => existsSync(join(folders.data, 'kio/servicemenus/pail.desktop')))
    await section.getByRole('switch', { name: 'Dolphin', checked: true }).waitFor()
  })

  it('accept what is written for them', () => {
    const file = join(folders.data, 'kio/servicemenus/pail.desktop')
    const { status, stdout, error } = spawnSync('desktop-file-validate', [file], { encoding: 'utf8' })
    expect({ status, stdout, error }).toEqual({ status: 0, stdout: '', error: undefined })
    expect(lstatSync(file).mode & 0o111).not.toBe(0)
  })

  it.each(MENUS)('copy a link that opens the file, from %s, with the window closed', async (menu) => {
    await closeWindow()
    await writeClipboard('before')
    const told = desktop.told.length
    expect(await rightClick(menu, 'copy-link', join(folder, oddName))).toBe(0)
    const [link] = await linksInClipboard(1)
    expect(await contentOf(link)).toBe('odd')
    await waitFor('the notification', () => desktop.told[told])
    expect(desktop.told[told]).toMatchObject({
      title: 'Link copied',
      body: expect.stringContaining('works until'),
    })
    expect(await isVisible()).toBe(false)
  })

  it.each(MENUS)('copy a link for each of many files, one a line, in their order, from %s', async (menu) => {
    await writeClipboard('before')
    expect(await rightClick(menu, 'copy-link', join(folder, oddName), join(folder, 'a.txt'))).toBe(0)
    const links = await linksInClipboard(2)
    expect(await Promise.all(links.map(contentOf))).toEqual(['odd', 'a'])
  })

  it.each(MENUS)('show how a file is, from %s', async (menu) => {
    await closeWindow()
    expect(await rightClick(menu, 'show', join(folder, oddName))).toBe(0)
    const dialog = app.window.getByRole('dialog', { name: oddName })
    await dialog.getByText(/^It is in B2 as it is here/).waitFor()
    await dialog.getByText('Uploaded').waitFor()
    expect(await isVisible()).toBe(true)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
  })

  it('show why a file is not in B2, one after the other where many were selected', async () => {
    writeFileSync(join(folder, 'Thumbs.db'), 'x')
    await rightClick('dolphin', 'show', join(folder, 'Thumbs.db'), join(folder, 'inner'))
    const dialog = app.window.getByRole('dialog')
    await dialog.getByText(/^Pail leaves out temporary and system files/).waitFor()
    await dialog.getByText('1 of 2').waitFor()
    await dialog.getByRole('button', { name: 'Next file' }).click()
    await dialog.getByText(/^It is a folder/).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  it('ask in the window whether to send a copy of a file that is nowhere in B2, and link that', async () => {
    const outside = join(home.path, 'elsewhere.txt')
    writeFileSync(outside, 'elsewhere')
    await closeWindow()
    await writeClipboard('before')
    expect(await rightClick('thunar', 'copy-link', outside, join(folder, 'a.txt'))).toBe(0)
    await app.window.getByRole('dialog').getByRole('button', { name: 'Send a copy' }).click()
    const links = await linksInClipboard(2)
    await waitFor('the copy', async () => (await fetch(links[0] ?? '')).ok)
    expect(await Promise.all(links.map(contentOf))).toEqual(['elsewhere', 'a'])
  })

  it('ask before a link opens more than what was chosen', async () => {
    writeFileSync(join(folder, 'a.txt.private'), 'p')
    await app.waitForStatus(/^Up to date\s*4 files/)
    await writeClipboard('before')
    await rightClick('nemo', 'copy-link', join(folder, 'a.txt'))
    await app.window.getByRole('dialog').getByRole('button', { name: 'Share a copy' }).click()
    const [link] = await linksInClipboard(1)
    // A copy that takes longer is promised.
    await waitFor('the copy', async () => (await fetch(link ?? '')).ok)
    expect(await contentOf(link)).toBe('a')
    rmSync(join(folder, 'a.txt.private'))
  })

  it('copy a link to a file that is still on its way', async () => {
    writeFileSync(join(folder, 'new.txt'), 'new')
    await writeClipboard('before')
    await rightClick('caja', 'copy-link', join(folder, 'new.txt'))
    const [link] = await linksInClipboard(1)
    await waitFor('the file in B2', async () => (await fetch(link ?? '')).ok)
    expect(await contentOf(link)).toBe('new')
  })

  it('are answered by the running Pail when it is started once more for it', async () => {
    await writeClipboard('before')
    const { executablePath, args, env } = electronLaunch({
      args: ['--copy-link', join(folder, 'inner/b.txt')],
      env: { PAIL_DATA_DIR: data.path },
    })
    const second = spawn(executablePath, args, { env, stdio: 'ignore' })
    const ended = new Promise((resolve) => second.on('exit', resolve))
    const [link] = await linksInClipboard(1)
    expect([await contentOf(link), await ended]).toEqual(['b', 0])
  })

  it('start Pail without a window where it does not run, and the link is copied then', async () => {
    await app.quit()
    await writeClipboard('before')
    void rightClick('nautilus', 'copy-link', join(folder, 'inner/b.txt'))
    const [link] = await linksInClipboard(1)
    expect(await contentOf(link)).toBe('b')
    const pid = Number(readFileSync(join(data.path, 'right-click/pid'), 'utf8'))
    process.kill(pid, 'SIGTERM')
    await waitFor('its end', () => !existsSync(`/proc/${pid}`))
    expect(existsSync(join(data.path, 'right-click/pid'))).toBe(false)
  })

  it('start Pail where it does not run, and the file is shown then', async () => {
    const launch = electronLaunch({
      args: ['--show', join(folder, 'a.txt')],
      env: { PAIL_DATA_DIR: data.path, PAIL_B2_REALM: emulator.realm, LANGUAGE: 'en' },
    })
    const electron = await _electron.launch(launch)
    const window = await electron.firstWindow()
    await window
      .getByRole('dialog', { name: 'a.txt' })
      .getByText(/^It is in B2 as it is here/)
      .waitFor()
    const closed = electron.waitForEvent('close')
    await electron.evaluate(({ app: running }) => {
      running.quit()
    })
    await closed
  })

  it('speak German when Pail does, and are as they were before when they are taken out', async () => {
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await openSettings()
    await app.window.getByRole('combobox', { name: 'Language of Pail' }).selectOption('de')
    await waitFor('German names', () => existsSync(join(folders.data, 'nautilus/scripts/Pail-Link kopieren')))
    expect(existsSync(join(folders.data, 'nautilus/scripts/Copy Pail link'))).toBe(false)
    await app.window.getByRole('switch', { name: 'Pail im Rechtsklick-Menü' }).uncheck()
    await waitFor('no entries', () => !existsSync(join(data.path, 'right-click/launch')))
    expect(menuTree()).toEqual(before)
    expect(readdirSync(join(data.path, 'right-click'))).toEqual(['pid'])
  })
})
