/**
 * From a right click in a file manager to the link in the clipboard, with Pail running: the script that is installed is run
 * as Nautilus runs it, and the clipboard is read by another program until the link is there. Beside it a second start of the
 * app, which would need no script. Each file is another one, so no link is there before.
 */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { electronLaunch } from '../../scripts/electron-runtime.mjs'
import { pinnedNode, say } from '../../scripts/lib.mjs'
import { runOnVirtualDesktop } from '../../scripts/virtual-desktop.mjs'
import { readClipboard, writeClipboard } from '../support/clipboard.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { choose, menuCommand } from '../support/file-manager-menus.ts'
import { waitFor } from '../support/wait-for.ts'
import { startEmulatorProcess, type Line } from './emulator-process.ts'
import { percentile } from './figures.ts'
import { LAN, WAN } from './stages.ts'

const BUCKET = 'pail-bench'
const CLICKS = 20
const MOST_MS = 300
/** When there is no link by then, something is wrong. */
const GIVE_UP_MS = 30_000

/** Prints what it takes, and answers 1 where half of the clicks take longer than they may. */
export async function measureRightClick(): Promise<number> {
  if (process.platform !== 'linux') {
    say('This is measured on Linux.')
    return 1
  }
  if (!process.env['PAIL_VIRTUAL_DESKTOP']) {
    return runOnVirtualDesktop(pinnedNode(), [
      ...process.execArgv,
      join(import.meta.dirname, 'bench.ts'),
      'right-click',
    ])
  }
  const [data, home] = [makeTempFolder('data'), makeTempFolder('home')]
  const emulator = await startEmulatorProcess(BUCKET, 'files')
  const folder = join(home.path, 'Docs')
  mkdirSync(folder)
  const files = Array.from({ length: 4 * CLICKS }, (_, index) => join(folder, `file ${index}.txt`))
  for (const file of files) writeFileSync(file, file)
  const app = await startApp(emulator, data.path, home.path, folder)
  try {
    const env = electronLaunch({ env: { PAIL_DATA_DIR: data.path } }).env
    const folders = { data: process.env['XDG_DATA_HOME'] ?? '', config: process.env['XDG_CONFIG_HOME'] ?? '' }
    const byScript = (file: string) => choose(menuCommand('nautilus', 'copy-link', [file], folders), env)
    const byStart = (file: string): Promise<unknown> => {
      const { executablePath, args } = electronLaunch({ args: ['--copy-link', file] })
      const child = spawn(executablePath, args, { env, stdio: 'ignore' })
      return new Promise((resolve) => child.on('exit', resolve))
    }
    const medians: number[] = []
    for (const [name, line, click] of [
      ['the entry, B2 next to it', LAN, byScript],
      ['the entry, B2 60 ms away', WAN, byScript],
      ['a second start, B2 next to it', LAN, byStart],
      ['a second start, B2 60 ms away', WAN, byStart],
    ] as const) {
      await emulator.setLine(line satisfies Line)
      const times = await clicks(files.splice(0, CLICKS), click)
      say(`${name}: ${percentile(times, 50).toFixed(0)} ms, 95 of 100 within ${percentile(times, 95).toFixed(0)} ms`)
      if (click === byScript) medians.push(percentile(times, 50))
    }
    return medians.every((median) => median < MOST_MS) ? 0 : 1
  } finally {
    await app.quit()
    await emulator.stop()
    for (const each of [data, home]) each.remove()
  }
}

/** A running app that has sent all files, with its window closed and its entries in Nautilus' menu. */
async function startApp(
  emulator: Awaited<ReturnType<typeof startEmulatorProcess>>,
  data: string,
  home: string,
  folder: string,
): Promise<DesktopApp> {
  const programs = join(home, 'bin')
  mkdirSync(programs)
  writeFileSync(join(programs, 'nautilus'), '#!/bin/sh\n')
  chmodSync(join(programs, 'nautilus'), 0o755)
  process.env['PATH'] = `${programs}:${process.env['PATH'] ?? ''}`
  const app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data })
  await app.connect(emulator.applicationKeyId, emulator.applicationKey)
  await app.chooseBucketAndFolder(BUCKET, folder, 'docs/')
  await app.waitForStatus(/^Up to date/)
  await app.window.getByRole('button', { name: 'Settings', exact: true }).click()
  await app.window.getByRole('switch', { name: 'Pail in the right-click menu' }).check()
  await waitFor('the entry', () => existsSync(join(data, 'right-click/launch')))
  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close()
  })
  return app
}

/** In milliseconds. What reading the clipboard takes, some 10 ms, counts. */
async function clicks(files: readonly string[], click: (file: string) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = []
  for (const file of files) {
    await writeClipboard('before')
    const clickedAt = performance.now()
    const ended = click(file)
    while (!((await readClipboard()) ?? '').startsWith('http')) {
      if (performance.now() - clickedAt > GIVE_UP_MS) throw new Error(`No link to ${file} came into the clipboard`)
    }
    times.push(performance.now() - clickedAt)
    await ended
  }
  return times
}
