/**
 * Backblaze's own Python library works against the emulator, as Debian ships it. It speaks v2 of the API, sends parts as
 * B2 recommends, and checks what it gets; b2sdk-client.py has what it is asked to do.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '../b2-emulator/emulator.ts'
import type { Emulator } from '../b2-emulator/emulator.ts'
import { byUtf8, contentOf, nastyPaths, writeBelow } from '../support/nasty-files.ts'

/** The system's own Python, whatever else is first in PATH: only that one sees Debian's packages. */
const PYTHON = '/usr/bin/python3'
const CLIENT = join(import.meta.dirname, 'b2sdk-client.py')

const PART_BYTES = 200_000
/** Five parts and a shorter one. */
const LARGE = Buffer.from(Array.from({ length: 1_123_457 }, (_, i) => (i * 2_654_435_761) >>> 24))

let emulator: Emulator
let directory: string
let bucketName: string
let buckets = 0

beforeAll(async () => {
  emulator = await startEmulator({ recommendedPartSize: PART_BYTES, absoluteMinimumPartSize: PART_BYTES / 4 })
  directory = mkdtempSync(join(tmpdir(), 'b2sdk-test-'))
})
afterAll(async () => {
  await emulator.stop()
  rmSync(directory, { recursive: true, force: true })
})
beforeEach(() => {
  bucketName = emulator.createBucket(`b2sdk-tests-${++buckets}`).bucketName
  emulator.clearCalls()
})

/** Runs one scenario and answers what it told; rejects with its output when it failed or cannot run. */
async function b2sdk(scenario: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const environment = {
    ...process.env,
    B2_TEST_REALM_URL: emulator.realm,
    B2_TEST_KEY_ID: emulator.applicationKeyId,
    B2_TEST_KEY: emulator.applicationKey,
    B2_TEST_BUCKET_NAME: bucketName,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONIOENCODING: 'utf-8',
    PYTHONUTF8: '1',
  }
  return new Promise((resolve, reject) => {
    execFile(PYTHON, [CLIENT, scenario, ...args], { env: environment }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as Record<string, unknown>)
      else if (error.code === 'ENOENT')
        reject(new Error(`${PYTHON} is missing: on Debian, apt-get install python3-b2sdk`))
      else reject(new Error(`b2sdk ${scenario} exited with ${error.code}:\n${stderr}${stdout}`))
    })
  })
}

const sha1 = (content: Buffer | string): string => createHash('sha1').update(content).digest('hex')
const pathOf = (name: string): string => join(directory, name)
const textOf = (name: string): string => readFileSync(pathOf(name), 'utf8')
const callsOf = (operation: string) => emulator.calls.filter((call) => call.operation === operation)
/** Calls that were refused. A download that the library breaks off, to go on in parallel ranges, is none. */
const refusals = () => emulator.calls.filter((call) => call.status >= 400)

describe('b2sdk for Python against the emulator', () => {
  it('uploads, lists and reads files', async () => {
    writeFileSync(pathOf('small'), 'content of a file')
    const told = await b2sdk('small_files', pathOf('small'), pathOf('small'))
    const fileName = 'dir/a + b&c,\u81ea\u7531.txt'
    const old = { fileName, contentLength: 17, contentSha1: sha1('content of a file'), action: 'upload' }
    const current = { fileName, contentLength: 10, contentType: 'text/plain', contentSha1: sha1('0123456789') }
    const { fileId } = told['new'] as { fileId: string }
    expect(told).toMatchObject({
      old: { ...old, fileInfo: { author: 'J\u00fcrgen +' } },
      new: current,
      names: [fileName, 'dir/empty'],
      versions: [current, old, { fileName: 'dir/empty', contentLength: 0 }],
      folders: ['dir/'],
      infoOfId: old,
      headOfName: { fileId, contentLength: 10, contentSha1: sha1('0123456789') },
    })
    expect([textOf('small-by-name'), textOf('small-by-id')]).toEqual(['0123456789', 'content of a file'])
    expect(textOf('small-range')).toBe('345')
    expect(refusals()).toEqual([])
    // One URL serves all three.
    expect([callsOf('get_upload_url').length, callsOf('upload_file').length]).toEqual([1, 3])
    expect(emulator.violations).toEqual([])
  })

  it('uploads a large file in parts, and breaks one off', async () => {
    writeFileSync(pathOf('large'), LARGE)
    const told = await b2sdk('large_files', pathOf('large'), pathOf('large-read'))
    expect(told['stored']).toMatchObject({ fileName: 'large.bin', contentLength: LARGE.length })
    expect(told).toMatchObject({ unfinished: [told['started']], parts: [], unfinishedAfterwards: [] })
    expect(sha1(readFileSync(pathOf('large-read')))).toBe(sha1(LARGE))
    expect(readFileSync(pathOf('large-read-range'))).toEqual(LARGE.subarray(199_990, 200_010))
    expect(callsOf('upload_part').length).toBeGreaterThanOrEqual(Math.floor(LARGE.length / PART_BYTES))
    expect(callsOf('start_large_file')).toHaveLength(2)
    expect(callsOf('finish_large_file')).toMatchObject([{ status: 200 }])
    expect(callsOf('cancel_large_file')).toMatchObject([{ status: 200 }])
    expect(refusals()).toEqual([])
    expect(emulator.violations).toEqual([])
  })

  it('copies inside of the bucket: whole, a part, with other info, and in parts', async () => {
    writeFileSync(pathOf('source'), LARGE)
    const told = await b2sdk('copies', pathOf('source'), pathOf('copied'))
    expect(told).toMatchObject({
      whole: { fileName: 'copies/whole', contentLength: LARGE.length, fileInfo: { color: 'red' } },
      part: { contentLength: 20 },
      other: { contentLength: LARGE.length, contentType: 'text/x-other', fileInfo: { color: 'blue' } },
      pieces: { contentLength: LARGE.length - 1 },
    })
    const copied = ['whole', 'part', 'other', 'pieces'].map((name) => sha1(readFileSync(pathOf(`copied-${name}`))))
    expect(copied).toEqual([LARGE, LARGE.subarray(10, 30), LARGE, LARGE.subarray(1)].map(sha1))
    expect(callsOf('copy_part').length).toBeGreaterThanOrEqual(2)
    expect(refusals()).toEqual([])
    expect(emulator.violations).toEqual([])
  })

  it('hides, shows again and deletes, and understands what is refused', async () => {
    const told = await b2sdk('hide_and_delete')
    expect(told).toMatchObject({
      marker: { action: 'hide', fileName: 'hidden/x' },
      whileHidden: [],
      refused: ['FileAlreadyHidden', 'FileNotPresent', 'FileNotPresent', 'FileNotPresent', 'NonExistentBucket'],
      shown: [told['new']],
      left: [told['old']],
    })
    expect(emulator.violations).toEqual([])
  })

  it('syncs a folder up, finds nothing to do the second time, and syncs it down', { timeout: 120_000 }, async () => {
    const root = pathOf('tree')
    // Slashes in a row and backslashes, which the library itself refuses, are not among them.
    const paths = nastyPaths(200)
    for (const [i, path] of paths.entries()) writeBelow(root, path, contentOf(path, i))
    writeBelow(root, 'large', LARGE)
    const all = [...paths, 'large'].sort(byUtf8)
    const remote = `b2://${bucketName}/some/where`
    const uploads = () => [...callsOf('upload_file'), ...callsOf('upload_part')].length
    const stored = () => emulator.listVisible(bucketName).map((file) => file.fileName)

    await b2sdk('sync', root, remote)
    expect(stored()).toEqual(all.map((path) => `some/where/${path}`))
    expect(refusals()).toEqual([])
    emulator.clearCalls()

    await b2sdk('sync', root, remote)
    expect(uploads()).toBe(0)
    writeBelow(root, paths[1] ?? '', 'changed')
    utimesSync(join(root, paths[1] ?? ''), new Date(), new Date(Date.now() + 10_000))
    rmSync(join(root, paths[2] ?? ''))
    await b2sdk('sync', root, remote)
    expect(uploads()).toBe(1)
    const left = all.filter((path) => path !== paths[2])
    expect(stored()).toEqual(left.map((path) => `some/where/${path}`))
    // Its sync removes old versions of what it sends and all of what is gone.
    expect(emulator.fileVersions(bucketName)).toHaveLength(left.length)

    const target = pathOf('tree-down')
    await b2sdk('sync', remote, target)
    for (const path of left) expect(sha1(readFileSync(join(target, path)))).toBe(sha1(readFileSync(join(root, path))))
    expect(refusals()).toEqual([])
    expect(emulator.violations).toEqual([])
  })

  it('makes keys that may do little, and links to private files', async () => {
    const told = await b2sdk('keys_and_sharing')
    expect(told).toMatchObject({
      // An upload without writeFiles is refused by get_upload_url, which the library asks for several times.
      refused: ['Unauthorized', 'MaxRetriesExceeded', 'Unauthorized', 'Unauthorized', 'RestrictedBucket'],
      names: ['mine/x'],
      isKnown: true,
      isKnownAfterwards: false,
    })
    const { url, otherUrl, token } = told as Record<string, string>
    const open = async (address = '') => fetch(`${address}?Authorization=${encodeURIComponent(token ?? '')}`)
    expect(await (await open(url)).text()).toBe('mine')
    expect((await open(otherUrl)).status).toBe(401)
    expect(emulator.violations).toEqual([])
  })
})
