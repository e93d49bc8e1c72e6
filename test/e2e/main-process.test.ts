/** While the engine works, Electron's main process has time: every click, menu and window waits for its thread. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DbusTray } from '../support/dbus-tray.ts'
import { DesktopApp, makeTempFolder } from '../support/desktop-app.ts'
import { recordedTasks, recordTasks } from '../support/main-tasks.ts'

const bucketName = 'pail-e2e'
const fileCount = 10_000
const filesPerFolder = 100

/** What people notice as a hitch begins there. */
const LONG_MS = 50

describe('a first sync of 10,000 files', () => {
  const data = makeTempFolder('data')
  const folder = makeTempFolder('many')
  let emulator: Emulator
  let tray: DbusTray
  let app: DesktopApp

  beforeAll(async () => {
    for (let index = 0; index < fileCount; index += 1) {
      const directory = join(folder.path, `part ${Math.floor(index / filesPerFolder)}`)
      if (index % filesPerFolder === 0) mkdirSync(directory)
      writeFileSync(join(directory, `file ${index}.bin`), Buffer.alloc(1000 + (index % 1000), index))
    }
    emulator = await startEmulator({ buckets: [{ bucketName }], store: 'discard', latencyMs: 5 })
    // Failures are written down, counted and shown, too.
    emulator.failNext('upload_file', { status: 503, share: 0.01, count: Infinity })
    tray = await DbusTray.start()
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
    await app.takeKey()
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    tray.stop()
    await emulator.stop()
    data.remove()
    folder.remove()
  })

  it('holds the main process with no task of over 50 ms', async () => {
    await recordTasks(app)
    await app.chooseBucketAndFolder(bucketName, folder.path, 'many/')
    await app.window.getByRole('button', { name: 'Transfers' }).click()
    await app.waitForStatus(/^Sending/)
    await app.waitForStatus(/^Up to date\s*10,000 files/)
    const tasks = await recordedTasks(app)
    expect(tasks.filter(({ cpuMs }) => cpuMs > LONG_MS)).toEqual([])
  })

  it('would be seen to, by one that is put there', async () => {
    await recordTasks(app)
    await app.electron.evaluate((_electron, busyMs) => {
      const { user } = process.cpuUsage()
      while (process.cpuUsage().user - user < busyMs * 1000);
    }, 2 * LONG_MS)
    expect((await recordedTasks(app)).filter(({ cpuMs }) => cpuMs > LONG_MS)).toHaveLength(1)
  })
})
