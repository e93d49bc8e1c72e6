/**
 * How soon the app is there: its tray, as the panel hears of it over D-Bus, and its window with what the engine says, as the
 * page has drawn it. An account and a synced folder are known; it was started before, so that its files are in memory.
 *
 * Times are from the start of Electron's program, on the clock of this machine. Nothing is judged: they say something about
 * one machine only.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { electronLaunch } from '../../scripts/electron-runtime.mjs'
import { pinnedNode, say } from '../../scripts/lib.mjs'
import { runOnVirtualDesktop } from '../../scripts/virtual-desktop.mjs'
import { startEmulator } from '../b2-emulator/emulator.ts'
import { DbusTray } from '../support/dbus-tray.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { endWithUs } from './measured.ts'
import { percentile } from './figures.ts'

const FILES = 1000
const FILES_PER_FOLDER = 100
const BUCKET = 'bench-start'
const DEFAULT_STARTS = 9

/** Often enough for times in tens of milliseconds. */
const LOOK_EVERY_MS = 5

type Times = { readonly trayMs: number; readonly windowMs: number }

/** `npm run bench -- app-start [STARTS]`. */
export async function measureAppStart(args: readonly string[]): Promise<number> {
  if (process.platform === 'linux' && process.env['PAIL_VIRTUAL_DESKTOP'] === undefined) {
    return runOnVirtualDesktop(pinnedNode(), [process.argv[1] ?? '', 'app-start', ...args])
  }
  const starts = Number(args[0] ?? DEFAULT_STARTS)
  const [data, folder] = [makeTempFolder('data'), makeTempFolder('folder')]
  const emulator = await startEmulator({ buckets: [{ bucketName: BUCKET }] })
  const tray = await DbusTray.start()
  try {
    await setUp(emulator, data.path, folder.path)
    const times: Times[] = []
    // The first one of its kind is not warm.
    await startOnce(tray, emulator.realm, data.path)
    for (let index = 0; index < starts; index += 1) times.push(await startOnce(tray, emulator.realm, data.path))
    print(times)
    return 0
  } finally {
    tray.stop()
    await emulator.stop()
    data.remove()
    folder.remove()
  }
}

async function setUp(
  emulator: { readonly realm: string; readonly applicationKeyId: string; readonly applicationKey: string },
  dataFolder: string,
  folder: string,
): Promise<void> {
  for (let index = 0; index < FILES; index += 1) {
    const directory = join(folder, `part ${Math.floor(index / FILES_PER_FOLDER)}`)
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, `file ${index}.txt`), `file ${index}`)
  }
  const app = await DesktopApp.start({ realm: emulator.realm, dataFolder })
  await app.connect(emulator.applicationKeyId, emulator.applicationKey)
  await app.chooseBucketAndFolder(BUCKET, folder, 'files/')
  await app.waitForStatus(/^Up to date\s*1,000 files/)
  await app.quit()
}

async function startOnce(tray: DbusTray, realm: string, dataFolder: string): Promise<Times> {
  const { executablePath, args, env } = electronLaunch({
    args: ['--remote-debugging-port=0'],
    env: { PAIL_DATA_DIR: dataFolder, PAIL_B2_REALM: realm, LANGUAGE: 'en' },
  })
  const startedAt = Date.now()
  const app = spawn(executablePath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  endWithUs(app)
  const trayAt = tray.waitForItem().then(() => Date.now())
  const windowAt = await untilDrawn(await debuggerOf(app))
  const times = { trayMs: (await trayAt) - startedAt, windowMs: windowAt - startedAt }
  const ended = once(app, 'exit')
  app.kill('SIGTERM')
  await ended
  return times
}

/** Where Chromium's debugger listens, as it says on stderr. */
async function debuggerOf(app: ChildProcess): Promise<string> {
  if (app.stderr === null) throw new Error('stderr is a pipe')
  for await (const line of createInterface({ input: app.stderr })) {
    const [, host] = /^DevTools listening on ws:\/\/([^/]+)/.exec(line) ?? []
    if (host !== undefined) {
      app.stderr.resume()
      return host
    }
  }
  throw new Error('The app ended before it began')
}

/** When the page has drawn what the engine says, Unix milliseconds. */
async function untilDrawn(host: string): Promise<number> {
  for (;;) {
    const value = await askPage(await pageOf(host))
    if (value !== undefined) return value
  }
}

/** Undefined where the page went away meanwhile, as the empty one does before the first. */
async function askPage(url: string): Promise<number | undefined> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const answered = once(socket, 'message')
  const params = { expression: DRAWN_AT, awaitPromise: true, returnByValue: true }
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }))
  const [{ data }] = (await answered) as [{ readonly data: string }]
  socket.close()
  const answer = JSON.parse(data) as { readonly result?: { readonly result?: { readonly value?: number } } }
  return answer.result?.result?.value
}

async function pageOf(host: string): Promise<string> {
  for (;;) {
    const targets = (await (await fetch(`http://${host}/json/list`)).json()) as readonly {
      readonly type: string
      readonly url: string
      readonly webSocketDebuggerUrl: string
    }[]
    const page = targets.find(({ type, url }) => type === 'page' && url.startsWith('pail:'))
    if (page !== undefined) return page.webSocketDebuggerUrl
    await pause(LOOK_EVERY_MS)
  }
}

/** Runs inside the page, whose types are not those of this file. */
const DRAWN_AT = `new Promise((resolve) => {
  const look = () => {
    if (document.querySelector('[data-testid=status-sentence]') === null) return false
    // After the next frame it is on the screen.
    requestAnimationFrame(() => {
      requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()))
    })
    return true
  }
  if (look()) return
  const observer = new MutationObserver(() => {
    if (look()) observer.disconnect()
  })
  observer.observe(document, { childList: true, subtree: true })
})`

function print(times: readonly Times[]): void {
  const line = (what: string, values: readonly number[]): void => {
    const [best, middle, worst] = [0, 50, 100].map((share) => `${Math.round(percentile(values, share))}`.padStart(5))
    say(`${what.padEnd(16)}${best} ms  ${middle} ms  ${worst} ms`)
  }
  say(`\n${times.length} starts: the best, the middle one, the worst\n`)
  line(
    'to the tray',
    times.map(({ trayMs }) => trayMs),
  )
  line(
    'to the window',
    times.map(({ windowMs }) => windowMs),
  )
}
