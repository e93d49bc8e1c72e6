/**
 * Everything that can go wrong, at every call, and then at random in thousands of transfers: what arrives is right,
 * exactly once, without a word to anybody.
 */
import { describe, expect, it } from 'vitest'
import type { B2Client } from '../../main/engine/b2/client.ts'
import { seededRandom } from '../b2-emulator/random.ts'
import type { Emulator } from '../b2-emulator/emulator.ts'
import type { Fault } from '../b2-emulator/faults.ts'
import {
  allBytes,
  allRows,
  BUCKET,
  inLanes,
  MODIFIED,
  inParts,
  sha1Of,
  startB2Bench,
  type B2Bench,
} from '../support/b2-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const SEED = Number(process.env['PAIL_TEST_SEED'] ?? 20_261_124)
const PART = 2_000

/** Short, because stalled calls are part of the matrix. */
const TIMEOUTS = { headersMs: 400, workMs: 400, silenceMs: 400 }

const FAULTS: Readonly<Record<string, Fault>> = {
  'internal error': { status: 500 },
  busy: { status: 503 },
  'busy for two seconds': { status: 503, retryAfter: 2 },
  'too many requests': { status: 429 },
  'too many requests until a date': { status: 429, retryAfter: 'Tue, 24 Nov 2026 00:00:01 GMT' },
  'request timeout': { status: 408 },
  'an edge server in the way': { kind: 'not-json', status: 502 },
  'a page instead of the answer': { kind: 'not-json' },
  'a cut before': { kind: 'cut-before' },
  'a cut midway': { kind: 'cut-midway' },
  'a lost answer': { kind: 'cut-after' },
  'silence before': { kind: 'stall-before' },
  'silence midway': { kind: 'stall-midway' },
  'silence after': { kind: 'stall-after' },
  'a broken off answer': { kind: 'truncated' },
  'a slow line': { kind: 'slow', bytesPerSecond: 50_000 },
  'damaged bytes': { kind: 'wrong-sha1' },
  'an expired token': { kind: 'expired-token' },
}

/** Every call that the client makes. */
const CALLS = [
  'list_buckets',
  'update_bucket',
  'get_upload_url',
  'upload_file',
  'start_large_file',
  'get_upload_part_url',
  'upload_part',
  'copy_part',
  'list_parts',
  'list_unfinished_large_files',
  'finish_large_file',
  'cancel_large_file',
  'copy_file',
  'list_file_names',
  'list_file_versions',
  'get_file_info',
  'hide_file',
  'delete_file_version',
  'download_file_by_name',
  'download_file_by_id',
  'get_download_authorization',
  'create_key',
  'list_keys',
  'delete_key',
]

type Setup = { readonly bench: B2Bench; readonly client: B2Client }

/** An emulator and a client that `end` checks and closes. */
async function start(): Promise<Setup> {
  const bench = await startB2Bench({ recommendedPartSize: PART, absoluteMinimumPartSize: 100, seed: SEED })
  return { bench, client: bench.connect({ timeouts: TIMEOUTS, random: seededRandom(SEED) }) }
}

/** Until every call is answered or its end noticed. */
function settled(emulator: Emulator): Promise<unknown> {
  return waitFor('no call in flight', () => emulator.inFlight === 0)
}

async function end({ bench }: Setup): Promise<void> {
  await settled(bench.emulator)
  expect(bench.emulator.violations).toEqual([])
  await bench.close()
}

function aLargeFile({ bucketId }: B2Bench, fileName: string, content: Buffer) {
  return {
    bucketId,
    fileName,
    srcLastModifiedMillis: MODIFIED,
    fileInfo: { large_file_sha1: sha1Of(content) },
    ...inParts(content, PART),
  }
}

/** A large file that is like a stored version but for its first part: all others are copied from there. */
function aChangedFile(bench: B2Bench, fileName: string, content: Buffer, fileId: string) {
  const file = aLargeFile(bench, fileName, content)
  const copied = file.parts.map((part) => ({ ...part, copyFrom: { fileId, sourceStart: part.start } }))
  return { ...file, parts: [...file.parts.slice(0, 1), ...copied.slice(1)] }
}

function withNewStart(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from('new'.padEnd(PART)), content.subarray(PART)])
}

/** A content that tells its name, of this many bytes. */
function contentOf(name: string, bytes: number): Buffer {
  return Buffer.from(`${name} `.repeat(Math.ceil(bytes / (name.length + 1)))).subarray(0, bytes)
}

/** What a bucket shows in the end: every name with its content, and every version and unfinished file there is. */
async function inBucket(emulator: Emulator) {
  const files: Record<string, string> = {}
  for (const { fileName } of emulator.listVisible(BUCKET)) {
    files[fileName] = sha1Of(await emulator.readFile(BUCKET, fileName))
  }
  const versions = emulator.fileVersions(BUCKET).map(({ fileName, action }) => `${action} ${fileName}`)
  return { files, versions: versions.toSorted(), unfinished: emulator.unfinishedLargeFiles(BUCKET).length }
}

/** Makes every call at least once and checks what it says. */
async function makeEveryCall({ bench, client }: Setup, anUpload: B2Bench['aKnownUpload']): Promise<void> {
  const { bucketId } = bench
  const rule = { fileNamePrefix: 'x/', daysFromHidingToDeleting: 1 }
  expect((await client.updateBucket(bucketId, () => ({ lifecycleRules: [rule] }))).lifecycleRules).toMatchObject([rule])

  const source = contentOf('source', 3_000)
  const { fileId: sourceFileId } = await client.uploadFile(anUpload('source', source))
  await client.uploadLargeFile(aLargeFile(bench, 'large', contentOf('large', 2 * PART + 1)))
  await client.copyFile({ sourceFileId, bucketId, fileName: 'copy' })

  const joined = await client.startLargeFile({ bucketId, fileName: 'joined', srcLastModifiedMillis: MODIFIED })
  const range = { first: 1_000, last: 2_999 }
  const part = { largeFileId: joined.fileId, partNumber: 1, sourceFileId, range }
  const { contentSha1 } = await client.copyPart(part)
  expect(contentSha1).toBe(sha1Of(source.subarray(1_000)))
  expect(await allRows(client.listParts(joined.fileId))).toMatchObject([{ partNumber: 1, contentSha1 }])
  await client.finishLargeFile({ ...joined, bucketId }, [contentSha1])

  const dropped = await client.startLargeFile({ bucketId, fileName: 'dropped', srcLastModifiedMillis: MODIFIED })
  const unfinished = await allRows(client.listUnfinishedLargeFiles(bucketId))
  expect(unfinished.map((file) => file.fileId)).toEqual([dropped.fileId])
  await client.cancelLargeFile(dropped.fileId)

  const { fileId } = await client.uploadFile(anUpload('gone', 'x'))
  expect(await client.getFileInfo(fileId)).toMatchObject({ fileName: 'gone' })
  await client.deleteFileVersion('gone', fileId)
  await client.uploadFile(anUpload('hidden', 'x'))
  await client.hideFile(bucketId, 'hidden')

  const names = (await allRows(client.listFileNames(bucketId, { pageSize: 2 }))).map((file) => file.fileName)
  expect(names).toEqual(['copy', 'joined', 'large', 'source'])
  expect(await allRows(client.listFileVersions(bucketId, { pageSize: 2 }))).toHaveLength(6)

  for (const from of [{ bucketName: BUCKET, fileName: 'source' }, { fileId: sourceFileId }]) {
    expect(await downloaded(client, from)).toBe(sha1Of(source))
  }
  await client.getDownloadAuthorization({ bucketId, fileNamePrefix: 'source', validDurationInSeconds: 60 })
  const key = await client.createKey({ keyName: 'k', capabilities: ['listFiles'] })
  expect((await allRows(client.listKeys())).map((each) => each.applicationKeyId)).toContain(key.applicationKeyId)
  await client.deleteKey(key.applicationKeyId)
}

/** Reads until the bytes are right: damage on the way is told at the end, and the reader asks again. */
async function downloaded(client: B2Client, from: Parameters<B2Client['downloadFile']>[0]): Promise<string> {
  for (;;) {
    try {
      return sha1Of(await allBytes((await client.downloadFile(from)).chunks))
    } catch (error) {
      expect(error).toMatchObject({ code: 'checksum_mismatch' })
    }
  }
}

describe.each([
  ['anUpload', 'bytes that are read while they are sent'],
  ['aKnownUpload', 'bytes that are known before'],
] as const)('every fault at every call', (kind, what) => {
  it.concurrent.each(Object.entries(FAULTS))(`%s does no harm to ${what}`, async (_, fault) => {
    const setup = await start()
    const { emulator } = setup.bench
    for (const operation of CALLS) emulator.failNext(operation, fault)
    await makeEveryCall(setup, setup.bench[kind])
    await settled(emulator)
    const met = new Set(emulator.calls.filter((call) => call.fault !== undefined).map((call) => call.operation))
    expect([...met].toSorted()).toEqual(CALLS.toSorted())
    emulator.clearFaults()
    expect(await inBucket(emulator)).toEqual({
      files: {
        copy: sha1Of(contentOf('source', 3_000)),
        joined: sha1Of(contentOf('source', 3_000).subarray(1_000)),
        large: sha1Of(contentOf('large', 2 * PART + 1)),
        source: sha1Of(contentOf('source', 3_000)),
      },
      versions: ['hide hidden', 'upload copy', 'upload hidden', 'upload joined', 'upload large', 'upload source'],
      unfinished: 0,
    })
    await end(setup)
  })

  it.concurrent.each(Object.entries(FAULTS).filter(([, { kind }]) => kind !== 'not-json'))(
    `%s does no harm to ${what} at the very first one`,
    async (_, fault) => {
      const setup = await start()
      setup.bench.emulator.failNext('authorize_account', fault)
      await setup.client.uploadFile(setup.bench[kind]('a', 'x'))
      expect(setup.bench.emulator.fileVersions(BUCKET)).toHaveLength(1)
      await end(setup)
    },
  )
})

describe('every fault at every call that goes on with a large file of which parts are copied', () => {
  const MADE = [
    'start_large_file',
    'get_upload_part_url',
    'upload_part',
    'copy_part',
    'list_parts',
    'finish_large_file',
  ]

  it.concurrent.each(Object.entries(FAULTS))('%s does no harm to it', async (_, fault) => {
    const setup = await start()
    const { bench, client } = setup
    const { emulator } = bench
    const old = contentOf('large', 4 * PART + 1)
    const { version } = await client.uploadLargeFile(aLargeFile(bench, 'large', old))
    for (const operation of MADE) emulator.failNext(operation, fault)
    emulator.clearCalls()
    const changed = aChangedFile(bench, 'large', withNewStart(old), version.fileId)
    const { fileId: resumeFileId } = await client.startLargeFile(changed)
    const { copiedBytes } = await client.uploadLargeFile({ ...changed, resumeFileId })
    expect(copiedBytes).toBe(3 * PART + 1)
    await settled(emulator)
    const met = new Set(emulator.calls.filter((call) => call.fault !== undefined).map((call) => call.operation))
    expect([...met].toSorted()).toEqual(MADE.toSorted())
    emulator.clearFaults()
    expect(await inBucket(emulator)).toEqual({
      files: { large: sha1Of(withNewStart(old)) },
      versions: ['upload large', 'upload large'],
      unfinished: 0,
    })
    await end(setup)
  })
})

describe(`a twentieth of all calls fails (seed ${SEED})`, () => {
  const SMALL = 3_000
  const OTHERS = 150

  /** Thousands of transfers of every kind; downloads are compared on the spot. */
  async function transfer({ bench, client }: Setup): Promise<void> {
    const { bucketId } = bench
    const work: (() => Promise<unknown>)[] = []
    for (let i = 0; i < SMALL; i++) {
      const name = `small/${i}`
      const anUpload = i % 2 === 0 ? bench.anUpload : bench.aKnownUpload
      work.push(() => client.uploadFile(anUpload(name, contentOf(name, i % 3_000))))
    }
    for (let i = 0; i < OTHERS; i++) {
      const name = `other/${i}`
      const content = contentOf(name, 2 * PART + i)
      work.push(async () => {
        const { version } = await client.uploadLargeFile(aLargeFile(bench, `${name}/large`, content))
        const changed = aChangedFile(bench, `${name}/changed`, withNewStart(content), version.fileId)
        await client.uploadLargeFile(changed)
      })
      work.push(async () => {
        const { fileId } = await client.uploadFile(bench.anUpload(`${name}/from`, content))
        await client.copyFile({ sourceFileId: fileId, bucketId, fileName: `${name}/copy` })
        expect(await downloaded(client, { bucketName: BUCKET, fileName: `${name}/copy` })).toBe(sha1Of(content))
        await client.hideFile(bucketId, `${name}/from`)
      })
      work.push(() => allRows(client.listFileNames(bucketId, { prefix: 'small/1', pageSize: 400 + i })))
    }
    await inLanes(16, work, (run) => run())
    await settled(bench.emulator)
  }

  it(
    'and everything arrives byte for byte, once, with less than half as many calls more',
    { timeout: 300_000 },
    async () => {
      const calm = await start()
      await transfer(calm)
      const expected = await inBucket(calm.bench.emulator)
      const needed = calm.bench.emulator.calls.length
      await end(calm)

      const setup = await start()
      const { emulator } = setup.bench
      const kinds = Object.values(FAULTS)
      for (const fault of kinds) emulator.failNext('*', { ...fault, count: Infinity, share: 0.05 / kinds.length })
      await transfer(setup)
      emulator.clearFaults()

      const made = emulator.calls.length
      const faults = emulator.calls.filter((call) => call.fault !== undefined).length
      console.log(`seed ${SEED}: ${needed} calls needed, ${made} made, ${faults} of them met a fault`)
      expect(faults).toBeGreaterThan(needed * 0.03)
      expect(await inBucket(emulator)).toEqual(expected)
      expect(expected.versions).toHaveLength(SMALL + 5 * OTHERS)
      expect(made).toBeLessThan(1.5 * needed)
      await end(setup)
    },
  )
})
