/** The app killed in the middle of its work, and what the next start makes of it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, makeTempFolder, readBucket, readTree } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'
const fileCount = 200

describe('kill -9 in the middle of 200 uploads', () => {
  const data = makeTempFolder('data')
  const folder = makeTempFolder('many')
  let emulator: Emulator
  let app: DesktopApp

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    for (let index = 0; index < fileCount; index += 1) {
      const directory = join(folder.path, `part ${index % 7}`)
      mkdirSync(directory, { recursive: true })
      writeFileSync(join(directory, `file ${index}.bin`), Buffer.alloc(2000 + index * 37, index))
    }
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(emulator.applicationKeyId, emulator.applicationKey)
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    data.remove()
    folder.remove()
  })

  const stored = () =>
    emulator.calls
      .filter(({ operation, status }) => operation === 'upload_file' && status === 200)
      .map((call) => call.fileName)

  it('loses nothing and sends nothing twice', async () => {
    emulator.setLatency(60)
    await app.chooseBucketAndFolder(bucketName, folder.path, 'many/')
    await waitFor('some uploads', () => stored().length >= 40)
    await app.kill()
    const beforeRestart = stored().length
    expect(beforeRestart).toBeLessThan(fileCount)

    emulator.setLatency(0)
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.waitForStatus(/^Up to date 200 files/)
    expect(await readBucket(emulator, bucketName, 'many/')).toEqual(readTree(folder.path))
    expect(stored().toSorted()).toEqual([...new Set(stored())].toSorted())
    expect(stored()).toHaveLength(fileCount)
    expect(emulator.violations).toEqual([])
  })

  it('sends nothing at the next start', async () => {
    await app.quit()
    emulator.clearCalls()
    writeFileSync(join(folder.path, 'changed meanwhile.txt'), 'new')
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.waitForStatus(/^Up to date 201 files/)
    expect(stored()).toEqual(['many/changed meanwhile.txt'])
  })
})
