import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { B2Client } from '../../main/engine/b2/client.ts'
import { allBytes, BUCKET, MODIFIED, inParts, sha1Of, startB2Bench, type B2Bench } from '../support/b2-bench.ts'

let bench: B2Bench
let client: B2Client
beforeEach(async () => {
  bench = await startB2Bench({ recommendedPartSize: 300_000, absoluteMinimumPartSize: 1_000 })
  client = bench.connect({ timeouts: { silenceMs: 200, headersMs: 200 } })
})
afterEach(async () => {
  expect(bench.emulator.violations).toEqual([])
  await bench.close()
})

const NAME = 'Bücher/a+b & c,?#%41.txt'
const byName = { bucketName: BUCKET, fileName: NAME }

describe('a download', () => {
  it('by name or by id has the bytes, type, info and times', async () => {
    const content = randomBytes(200_000)
    const fileInfo = { note: 'ü + & , %' }
    const upload = bench.anUpload(NAME, content, { contentType: 'text/plain', fileInfo })
    const { fileId, uploadTimestamp } = await client.uploadFile(upload)
    const head = {
      fileId,
      fileName: NAME,
      contentLength: content.length,
      contentType: 'text/plain',
      contentSha1: sha1Of(content),
      fileInfo: { src_last_modified_millis: String(MODIFIED), ...fileInfo },
      uploadTimestamp,
    }
    for (const source of [byName, { fileId }]) {
      expect(await client.headFile(source)).toEqual(head)
      const { chunks, discard: _discard, ...rest } = await client.downloadFile(source)
      expect(rest).toEqual({ ...head, range: { first: 0, last: content.length - 1 } })
      expect((await allBytes(chunks)).equals(content)).toBe(true)
    }
  })

  it('of an empty file is empty', async () => {
    await client.uploadFile(bench.anUpload(NAME, ''))
    expect(await allBytes((await client.downloadFile(byName)).chunks)).toHaveLength(0)
  })

  it.each([
    [{ first: 2, last: 5 }, '2345'],
    [{ first: 7, last: 99 }, '789'],
    [{ first: 0, last: 9 }, '0123456789'],
  ])('of the range %j has those bytes', async (range, expected) => {
    await client.uploadFile(bench.anUpload(NAME, '0123456789'))
    const download = await client.downloadFile(byName, { range })
    expect(download).toMatchObject({ contentLength: 10, range: { first: range.first, last: Math.min(9, range.last) } })
    expect((await allBytes(download.chunks)).toString()).toBe(expected)
  })

  it('of a range behind the end says that B2 refuses it', async () => {
    await client.uploadFile(bench.anUpload(NAME, '0123456789'))
    const download = client.downloadFile(byName, { range: { first: 10, last: 11 } })
    await expect(download).rejects.toMatchObject({ code: 'b2_refused', details: { status: 416 } })
  })

  it.each(['cut-midway', 'stall-midway', 'truncated'] as const)(
    'goes on after the last byte it got when it meets %s',
    async (kind) => {
      const content = randomBytes(3_000_000)
      await client.uploadFile(bench.anUpload(NAME, content))
      bench.emulator.failNext('download_file_by_name', { kind })
      bench.emulator.failNext('download_file_by_id', { kind, count: 2 })
      const { chunks } = await client.downloadFile(byName)
      expect((await allBytes(chunks)).equals(content)).toBe(true)
      await expect.poll(() => bench.emulator.inFlight).toBe(0)
      expect(bench.countOf('download_file_by_name')).toBe(1)
      expect(bench.countOf('download_file_by_id')).toBe(3)
    },
  )

  it('goes on with the same version when the name has got a newer one meanwhile', async () => {
    const content = randomBytes(1_000_000)
    await client.uploadFile(bench.anUpload(NAME, content))
    bench.emulator.failNext('download_file_by_name', { kind: 'cut-midway' })
    const { chunks } = await client.downloadFile(byName)
    await client.uploadFile(bench.anUpload(NAME, 'newer'))
    await client.hideFile(bench.bucketId, NAME)
    expect((await allBytes(chunks)).equals(content)).toBe(true)
  })

  it.each([undefined, { first: 0, last: 99_999 }])('of all bytes (range %j) tells of wrong ones', async (range) => {
    await client.uploadFile(bench.anUpload(NAME, randomBytes(100_000)))
    bench.emulator.failNext('download_file_by_name', { kind: 'wrong-sha1' })
    const { chunks } = await client.downloadFile(byName, { range })
    await expect(allBytes(chunks)).rejects.toMatchObject({ code: 'checksum_mismatch' })
  })

  it('of a large file is compared with the SHA-1 that its uploader has noted', async () => {
    const content = randomBytes(700_000)
    const large = async (fileName: string, noted: string) => {
      const { version } = await client.uploadLargeFile({
        bucketId: bench.bucketId,
        fileName,
        srcLastModifiedMillis: MODIFIED,
        fileInfo: { large_file_sha1: noted },
        ...inParts(content, 300_000),
      })
      return version
    }
    const right = await large('right', sha1Of(content))
    const wrong = await large('wrong', sha1Of('something else'))
    expect((await allBytes((await client.downloadFile(right)).chunks)).equals(content)).toBe(true)
    const { chunks } = await client.downloadFile(wrong)
    await expect(allBytes(chunks)).rejects.toMatchObject({ code: 'checksum_mismatch' })
  })

  it('of what is not there, or hidden, says so', async () => {
    await client.uploadFile(bench.anUpload(NAME, 'x'))
    await client.hideFile(bench.bucketId, NAME)
    for (const source of [byName, { bucketName: BUCKET, fileName: 'never' }]) {
      await expect(client.downloadFile(source)).rejects.toMatchObject({ code: 'not_found' })
      await expect(client.headFile(source)).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  it('takes another token when its own has expired, also where the answer has no body', async () => {
    await client.uploadFile(bench.anUpload(NAME, 'x'))
    for (const ask of [() => client.headFile(byName), () => client.downloadFile(byName)]) {
      bench.emulator.clearCalls()
      bench.emulator.expireTokens('account')
      expect(await ask()).toMatchObject({ contentLength: 1 })
      expect(bench.countOf('authorize_account')).toBe(1)
    }
  })

  it('is not asked for with a key that may not read, or is for another bucket or prefix', async () => {
    const { emulator, bucketId } = bench
    await client.uploadFile(bench.anUpload('mine/x', 'x'))
    const blind = bench.connect(emulator.createKey({ capabilities: ['listFiles'] }))
    const missing = { code: 'capability_missing', details: { capability: 'readFiles' } }
    await expect(blind.downloadFile(byName)).rejects.toMatchObject(missing)
    const key = emulator.createKey({ capabilities: ['readFiles'], bucketIds: [bucketId], namePrefix: 'mine/' })
    const limited = bench.connect(key)
    const refused = { code: 'bucket_not_allowed' }
    await expect(limited.headFile(byName)).rejects.toMatchObject(refused)
    await expect(limited.headFile({ bucketName: 'pail-other', fileName: 'mine/x' })).rejects.toMatchObject(refused)
    expect((await limited.headFile({ bucketName: BUCKET, fileName: 'mine/x' })).contentLength).toBe(1)
    expect(emulator.calls.filter((call) => call.status !== 200)).toEqual([])
  })

  it('ends its connection when the reader has enough', async () => {
    await client.uploadFile(bench.anUpload(NAME, randomBytes(20_000_000)))
    const { chunks } = await client.downloadFile(byName)
    for await (const chunk of chunks) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    await expect.poll(() => bench.emulator.inFlight).toBe(0)
  })
})
