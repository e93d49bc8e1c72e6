/** The app as it is packaged: only what electron-builder put in, started from where it put it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pinnedNode, projectRoot } from '../../scripts/lib.mjs'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { DesktopApp, EVERYDAY, makeTempFolder, readBucket, readKeychain, readTree } from '../support/desktop-app.ts'
import { readFuses } from '../support/electron-fuses.ts'

const bucketName = 'pail-e2e'

const executables: Readonly<Record<string, string>> = {
  linux: 'linux-unpacked/pail',
  win32: 'win-unpacked/Pail.exe',
  darwin: `mac${process.arch === 'arm64' ? '-arm64' : ''}/Pail.app/Contents/MacOS/Pail`,
}

describe('the packaged app', () => {
  const packaged = join(projectRoot, 'dist/for-tests', executables[process.platform] ?? '')
  const data = makeTempFolder('data')
  const folder = makeTempFolder('docs')
  let emulator: Emulator
  let app: DesktopApp

  beforeAll(async () => {
    const packaging = spawnSync(pinnedNode(), ['scripts/package.mjs', '--for-tests'], {
      cwd: projectRoot,
      encoding: 'utf8',
    })
    expect(packaging.status, packaging.stdout + packaging.stderr).toBe(0)
    emulator = await startEmulator({ buckets: [{ bucketName }] })
    app = await DesktopApp.start({ realm: emulator.realm, dataFolder: data.path, packaged })
  })

  afterAll(async () => {
    await app.quit().catch(() => undefined)
    await emulator.stop()
    data.remove()
    folder.remove()
  })

  it('has an executable that is Pail and nothing else', () => {
    // A debugger may attach to this one, as the tests drive it that way; what is shipped refuses that as well.
    const { grantFileProtocolExtraPrivileges = false, ...fuses } = readFuses(packaged)
    expect({ ...fuses, grantFileProtocolExtraPrivileges }).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })
  })

  it('is packaged and runs from its own archive', async () => {
    const [isPackaged, path] = await app.electron.evaluate(({ app }) => [app.isPackaged, app.getAppPath()] as const)
    expect([isPackaged, path.endsWith('app.asar')]).toEqual([true, true])
  })

  it('brings a folder into the bucket, with its key in the keychain', async () => {
    mkdirSync(join(folder.path, 'deep/er'), { recursive: true })
    writeFileSync(join(folder.path, 'deep/er/a b.txt'), 'packaged')
    const key = emulator.createKey({ capabilities: EVERYDAY })
    await app.connect(key.applicationKeyId, key.applicationKey)
    await app.chooseBucketAndFolder(bucketName, folder.path, 'p/')
    await app.waitForStatus(/^Up to date 1 file/)
    expect(await readBucket(emulator, bucketName, 'p/')).toEqual(readTree(folder.path))
    expect(readKeychain(key.applicationKeyId)).toBe(key.applicationKey)
  })
})
