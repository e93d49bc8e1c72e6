/** A key that stops working while Pail runs, and the way on from there. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, makeTempFolder, readKeychain } from '../support/desktop-app.ts'
import { waitFor } from '../support/wait-for.ts'

const bucketName = 'pail-e2e'
const capabilities = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'shareFiles']

describe('a key that is revoked while Pail runs', () => {
  const data = makeTempFolder('data')
  const folder = makeTempFolder('docs')
  let emulator: Emulator
  let app: DesktopApp
  let first: { readonly applicationKeyId: string; readonly applicationKey: string }

  beforeAll(async () => {
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    first = emulator.createKey({ capabilities })
    writeFileSync(join(folder.path, 'a.txt'), 'a')
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path })
    await app.connect(first.applicationKeyId, first.applicationKey)
    await app.chooseBucketAndFolder(bucketName, folder.path, 'docs/')
    await app.waitForStatus(/^Up to date\s*1 file/)
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    data.remove()
    folder.remove()
  })

  it('is said in one sentence with one button, and the file waits', async () => {
    emulator.revokeKey(first.applicationKeyId)
    writeFileSync(join(folder.path, 'b.txt'), 'b')
    await app.waitForStatus(/^Needs you/)
    await app.window
      .getByText(/^B2 does not accept this key/)
      .first()
      .waitFor()
    expect(emulator.listVisible(bucketName, 'docs/b.txt')).toEqual([])
  })

  it('goes on with another key, and forgets the one that was revoked', async () => {
    const second = emulator.createKey({ capabilities })
    await app.window.getByRole('button', { name: 'Enter the key again' }).first().click()
    await app.connect(second.applicationKeyId, second.applicationKey)
    await app.window.getByRole('region', { name: 'What the key may do' }).waitFor()
    await app.window.getByRole('button', { name: 'Continue' }).click()
    await waitFor('the file', () => emulator.listVisible(bucketName, 'docs/b.txt').length === 1)
    await app.waitForStatus(/^Up to date\s*2 files/)
    expect([readKeychain(first.applicationKeyId), readKeychain(second.applicationKeyId)]).toEqual([
      null,
      second.applicationKey,
    ])
  })
})
