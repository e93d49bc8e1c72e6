/** What a desktop goes through while Pail runs: sleep, log-out, shutdown, and an engine that crashes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DbusLogind } from '../support/dbus-logind.ts'
import { DbusNotifications } from '../support/dbus-notifications.ts'
import { DbusTray } from '../support/dbus-tray.ts'
import { DesktopApp, makeTempFolder, readBucket, readTree } from '../support/desktop-app.ts'
import { pictureName } from '../support/tray-picture.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'

/** Files of one story, and how many of them are in B2 when it takes its turn. */
const fileCount = 200
const sentBefore = 20

describe('on a desktop', () => {
  const data = makeTempFolder('data')
  const folder = makeTempFolder('docs')
  let emulator: Emulator
  let logind: DbusLogind
  let tray: DbusTray
  let desktop: DbusNotifications
  let app: DesktopApp
  /** What the person has written so far. */
  let written = 0

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    logind = await DbusLogind.start()
    tray = await DbusTray.start()
    desktop = await DbusNotifications.start()
    await start()
    write(1)
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.chooseBucketAndFolder(bucketName, folder.path, 'docs/')
    await untilAllIsThere()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    tray.stop()
    desktop.stop()
    logind.stop()
    await emulator.stop()
    data.remove()
    folder.remove()
  })

  async function start(): Promise<void> {
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path, env: logind.env })
    await logind.untilHeard()
  }

  function write(count: number): void {
    for (let index = 0; index < count; index += 1) {
      writeFileSync(join(folder.path, `file ${written}.bin`), Buffer.alloc(2000 + written * 37, written))
      written += 1
    }
  }

  /** Everything is in B2 and known to be; nothing was sent twice, and no rule of B2's was broken. */
  async function untilAllIsThere(): Promise<void> {
    const sentence = new RegExp(`^Pail - Up to date - ${written} files?`)
    await waitFor(String(sentence), async () => sentence.test((await tray.properties()).tooltip))
    expect(await readBucket(emulator, bucketName, 'docs/')).toEqual(readTree(folder.path))
    expect(stored().toSorted()).toEqual([...new Set(stored())].toSorted())
    expect(emulator.violations).toEqual([])
  }

  const stored = () =>
    emulator.calls
      .filter(({ operation, status }) => operation === 'upload_file' && status === 200)
      .map((call) => call.fileName)

  const logOf = () => readFileSync(join(data.path, 'logs/shell.log'), 'utf8')

  /** In the middle of many uploads. */
  async function inTheMiddle(): Promise<void> {
    emulator.setLatency(150)
    const before = stored().length
    write(fileCount)
    await waitFor('some uploads', () => stored().length >= before + sentBefore)
    expect(stored().length).toBeLessThan(written)
  }

  // Chromium ends its connections before a sleep, also the one that tests see the page through: the tray is asked instead.
  it('goes on after the machine has slept in the middle of its work', async () => {
    await inTheMiddle()
    logind.prepareForSleep(true)
    // Nothing of Pail runs, its connections die, its tokens grow old, and files change meanwhile.
    app.signalAll('SIGSTOP')
    await emulator.setReachable(false)
    emulator.expireTokens()
    write(1)
    emulator.setLatency(0)
    await emulator.setReachable(true)
    app.signalAll('SIGCONT')
    logind.prepareForSleep(false)
    await untilAllIsThere()
  })

  it('looks at everything, in B2 as well, when the machine wakes up', async () => {
    await waitFor('silence', () => emulator.inFlight === 0)
    const before = emulator.calls.length
    logind.prepareForSleep(true)
    logind.prepareForSleep(false)
    await waitFor('the listing', () =>
      emulator.calls.slice(before).some(({ operation }) => operation.startsWith('list_file_')),
    )
    await untilAllIsThere()
  })

  it('ends in order when the session is closed, and goes on in the next one', async () => {
    await inTheMiddle()
    expect(await app.terminate()).toBe(0)
    expect(logOf()).toMatch(/The engine ended: \{"kind":"stopped"[^\n]*\n[^\n]*Engine: stopped\n$/)
    const before = stored().length
    expect(before).toBeLessThan(written)
    emulator.setLatency(0)
    await start()
    await untilAllIsThere()
    expect(stored()).toHaveLength(written)
  })

  it('ends in order when the machine is shut down, which is asked to wait for it', async () => {
    await inTheMiddle()
    const output: string[] = []
    app.electron.process().stdout?.on('data', (bytes: Buffer) => output.push(bytes.toString()))
    await app.electron.evaluate(({ powerMonitor }) => {
      powerMonitor.on('shutdown', ((event: { readonly defaultPrevented: boolean }) => {
        console.log(`delayed: ${event.defaultPrevented}`)
      }) as () => void)
    })
    const closed = app.electron.waitForEvent('close')
    logind.prepareForShutdown()
    await closed
    expect(output.join('')).toContain('delayed: true')
    expect(logOf()).toMatch(/Engine: stopped\n$/)
    emulator.setLatency(0)
    await start()
    await untilAllIsThere()
    expect(stored()).toHaveLength(written)
  })

  it('has its engine back after each crash, and tells of that once', async () => {
    const before = desktop.told.length
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.hide()
    })
    const picture = async () => pictureName(await tray.properties())
    const runs = () => logOf().split('Engine: running').length
    for (const _ of [1, 2, 3]) {
      const soFar = runs()
      app.crashEngine()
      await waitFor('the tray to say so', async () => (await picture()) === 'problem')
      await waitFor('the engine', () => runs() > soFar)
      await waitFor('the tray to be calm', async () => (await picture()) === 'idle')
    }
    expect(logOf().match(/"kind":"crashed"/g)).toHaveLength(3)
    expect(desktop.told.slice(before).map(({ title }) => title)).toEqual(['Pail started again'])
    write(1)
    await untilAllIsThere()
  })
})
