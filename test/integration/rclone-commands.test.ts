/** What rclone can do with B2 beyond sync: parts, versions, links, clean-up, ranges and copies inside of the bucket. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from '../b2-emulator/emulator.ts'
import type { Emulator } from '../b2-emulator/emulator.ts'
import { bytesOf } from '../contract/b2/large.ts'
import { connect, sha1 } from '../contract/b2/wire.ts'
import { lines, rcloneFor } from '../support/rclone.ts'
import type { Rclone } from '../support/rclone.ts'
import { waitFor } from '../support/wait-for.ts'

const MIB = 1024 * 1024
/** The smallest parts rclone makes, and the smallest file it sends in parts. */
const IN_PARTS = ['--b2-upload-cutoff', '5Mi', '--b2-chunk-size', '5Mi', '--b2-copy-cutoff', '5Mi']
/** Two parts and a half. */
const LARGE = bytesOf(12 * MIB + MIB / 2, 1)

let emulator: Emulator
let directory: string
let rclone: Rclone
let bucketName: string
let buckets = 0

beforeAll(async () => {
  emulator = await startEmulator()
  directory = mkdtempSync(join(tmpdir(), 'rclone-test-'))
  rclone = rcloneFor(emulator, directory)
})
afterAll(async () => {
  await emulator.stop()
  rmSync(directory, { recursive: true, force: true })
})
beforeEach(() => {
  bucketName = emulator.createBucket(`rclone-commands-${++buckets}`).bucketName
  emulator.clearCalls()
})

/** Puts a file with this content under this name in the bucket. */
async function put(fileName: string, content: string | Buffer, ...flags: readonly string[]): Promise<void> {
  const source = join(directory, 'source')
  writeFileSync(source, content)
  await rclone('copyto', source, `X:${bucketName}/${fileName}`, ...flags)
}

const read = async (fileName: string): Promise<string> => sha1(await emulator.readFile(bucketName, fileName))
const callsOf = (operation: string) => emulator.calls.filter((call) => call.operation === operation)
const versions = (): string[] =>
  emulator.fileVersions(bucketName).map((version) => `${version.action} ${version.fileName}`)

describe('rclone against the emulator', () => {
  it('sends a file above its cut-off in parts', async () => {
    await put('large.bin', LARGE, ...IN_PARTS)
    expect(callsOf('start_large_file')).toMatchObject([{ status: 200 }])
    expect(callsOf('upload_part').map((call) => [call.status, call.bytesReceived])).toHaveLength(3)
    expect(callsOf('finish_large_file')).toMatchObject([{ status: 200, fileName: 'large.bin' }])
    expect(callsOf('upload_file')).toEqual([])
    expect(await read('large.bin')).toBe(sha1(LARGE))
    expect(emulator.fileVersions(bucketName)).toMatchObject([{ fileInfo: { large_file_sha1: sha1(LARGE) } }])

    const target = join(directory, 'read-back')
    await rclone('copyto', `X:${bucketName}/large.bin`, target)
    expect(sha1(readFileSync(target))).toBe(sha1(LARGE))
    expect(emulator.violations).toEqual([])
  })

  it('lists old versions beside the current one, and reads them', async () => {
    await put('note.txt', 'first')
    await put('note.txt', 'the second')
    await put('hidden.txt', 'hidden')
    await rclone('deletefile', `X:${bucketName}/hidden.txt`)
    expect(lines((await rclone('lsf', `X:${bucketName}`)).stdout)).toEqual(['note.txt'])
    const listed = lines((await rclone('lsf', '--b2-versions', '--format', 'sp', `X:${bucketName}`)).stdout)
    const old = expect.stringMatching(/^5;note-v\d{4}-\d\d-\d\d-\d{6}-\d{3}\.txt$/)
    const hidden = expect.stringMatching(/^6;hidden-v\d{4}-\d\d-\d\d-\d{6}-\d{3}\.txt$/)
    expect(listed).toHaveLength(3)
    expect(listed).toEqual(expect.arrayContaining(['10;note.txt', old, hidden]))
    const name = listed.find((line) => line.startsWith('5;'))?.slice(2) ?? ''
    expect((await rclone('cat', '--b2-versions', `X:${bucketName}/${name}`)).stdout).toBe('first')
    expect(emulator.violations).toEqual([])
  })

  it('makes a link to a private file that opens no other', async () => {
    await put('folder/a b \u00e4.txt', 'linked')
    await put('other.txt', 'other')
    const link = (await rclone('link', `X:${bucketName}/folder/a b \u00e4.txt`)).stdout.trim()
    expect(callsOf('get_download_authorization')).toMatchObject([{ fileName: 'folder/a b \u00e4.txt' }])
    // This rclone leaves the encoding of the name to the browser, as which fetch behaves.
    expect(await (await fetch(link)).text()).toBe('linked')
    const [address = '', query = ''] = link.split('?')
    const other = await fetch(`${address.slice(0, address.indexOf('folder/'))}other.txt?${query}`)
    expect([other.status, await other.json()]).toMatchObject([401, { code: 'unauthorized' }])
    expect((await fetch(address)).status).toBe(401)
    expect(emulator.violations).toEqual([])
  })

  it('cleans up: old versions, and large files that were started a day ago', async () => {
    const client = await connect(emulator.realm, emulator)
    const bucketId = emulator.buckets.find((bucket) => bucket.bucketName === bucketName)?.bucketId
    const start = async (fileName: string) =>
      client.call('start_large_file', { bucketId, fileName, contentType: 'b2/x-auto' })
    const day = 24 * 3600_000
    emulator.advanceClock(-1.5 * day)
    await start('long-ago')
    emulator.advanceClock(1.5 * day)
    await start('just-now')
    for (const content of ['first', 'second']) await put('note.txt', content)
    await put('hidden.txt', 'hidden')
    await rclone('deletefile', `X:${bucketName}/hidden.txt`)
    expect(versions()).toEqual([
      'hide hidden.txt',
      'upload hidden.txt',
      'start just-now',
      'start long-ago',
      'upload note.txt',
      'upload note.txt',
    ])

    await rclone('cleanup', `X:${bucketName}`)
    // Of a hidden name it removes the marker too.
    expect(versions()).toEqual(['start just-now', 'upload note.txt'])
    expect((await emulator.readFile(bucketName, 'note.txt')).toString()).toBe('second')
    expect(emulator.violations).toEqual([])
  })

  it('reads a range', async () => {
    await put('digits', '0123456789')
    const cat = async (...flags: readonly string[]) => (await rclone('cat', ...flags, `X:${bucketName}/digits`)).stdout
    expect(await cat('--offset', '3', '--count', '4')).toBe('3456')
    expect(await cat('--tail', '2')).toBe('89')
    // A call is written down at its end, which rclone may hear of first.
    await waitFor('both calls', () => callsOf('download_file_by_id').length === 2)
    expect(callsOf('download_file_by_id').map((call) => call.status)).toEqual([206, 206])
    expect(emulator.violations).toEqual([])
  })

  it('copies and moves inside of the bucket without sending the bytes again', async () => {
    await put('a', 'content of a')
    await put('large', LARGE, ...IN_PARTS)
    emulator.clearCalls()
    await rclone('copyto', `X:${bucketName}/a`, `X:${bucketName}/b/copy`)
    await rclone('moveto', `X:${bucketName}/a`, `X:${bucketName}/b/moved`)
    await rclone('copyto', `X:${bucketName}/large`, `X:${bucketName}/b/large`, ...IN_PARTS)
    expect(emulator.listVisible(bucketName).map((file) => file.fileName)).toEqual([
      'b/copy',
      'b/large',
      'b/moved',
      'large',
    ])
    expect([await read('b/copy'), await read('b/moved')]).toEqual([sha1('content of a'), sha1('content of a')])
    expect(await read('b/large')).toBe(sha1(LARGE))
    expect([callsOf('copy_file').length, callsOf('copy_part').length]).toEqual([2, 3])
    expect(callsOf('hide_file')).toMatchObject([{ fileName: 'a' }])
    expect(emulator.calls.filter((call) => call.operation.startsWith('upload'))).toEqual([])
    expect(emulator.violations).toEqual([])
  })
})
