/** A B2 client on an emulator of its own, over real HTTP, with a clock that skips its waits. */
import { createHash } from 'node:crypto'
import { createB2Client, type B2Client, type B2ClientOptions } from '../../main/engine/b2/client.ts'
import type { LargeFileUpload, LargePart } from '../../main/engine/b2/large-upload.ts'
import { USUAL_MINIMUM_PART_SIZE } from '../../main/engine/b2/limits.ts'
import type { FileUpload } from '../../main/engine/b2/upload.ts'
import { Sha1Hex } from '../../shared/ids.ts'
import { startEmulator, type Emulator, type EmulatorOptions } from '../b2-emulator/emulator.ts'
import { FakeClock } from './fake-clock.ts'

export const BUCKET = 'pail-test'

/** When every file of these tests was last changed, Unix milliseconds. */
export const MODIFIED = 1_700_000_000_123

export type B2Bench = {
  readonly emulator: Emulator
  readonly clock: FakeClock
  readonly bucketId: string
  /** A client for the emulator's key, or for another one; closed by `close`. */
  connect(options?: Partial<B2ClientOptions>): B2Client
  /** What `uploadFile` takes for a file of this content. */
  anUpload(fileName: string, content: string | Buffer, more?: Partial<FileUpload>): FileUpload
  /** The same where the bytes are known before they are sent. */
  aKnownUpload(fileName: string, content: string | Buffer): FileUpload
  /** How often an operation (without `b2_`) was called since `clearCalls`. */
  countOf(operation: string): number
  close(): Promise<void>
}

export async function startB2Bench(options: EmulatorOptions = {}): Promise<B2Bench> {
  const emulator = await startEmulator({ buckets: [{ bucketName: BUCKET }, { bucketName: 'pail-other' }], ...options })
  const clock = new FakeClock({ skipsSleeps: true })
  const clients: B2Client[] = []
  const bucketId = emulator.buckets.find((bucket) => bucket.bucketName === BUCKET)?.bucketId ?? ''
  return {
    emulator,
    clock,
    bucketId,
    connect(more = {}) {
      const { realm, applicationKeyId, applicationKey } = emulator
      const client = createB2Client({ realm, applicationKeyId, applicationKey, clock, random: () => 0.5, ...more })
      clients.push(client)
      return client
    },
    anUpload(fileName, content, more = {}) {
      const bytes = Buffer.from(content)
      return {
        bucketId,
        fileName,
        contentLength: bytes.length,
        srcLastModifiedMillis: MODIFIED,
        makeBody: () => inPieces(bytes),
        ...more,
      }
    },
    aKnownUpload(fileName, text) {
      const content = Buffer.from(text)
      const sha1 = Sha1Hex.parse(sha1Of(content))
      return { bucketId, fileName, content, sha1, srcLastModifiedMillis: MODIFIED }
    },
    countOf: (operation) => emulator.calls.filter((call) => call.operation === operation).length,
    async close() {
      await Promise.all(clients.map((client) => client.close()))
      await emulator.stop()
    },
  }
}

/** Bytes as a file is read: in pieces of 64 KiB. */
export async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

/** A file to be sent in parts of this size, which is the least that B2 takes. */
export function inParts(
  content: Buffer,
  partSize = USUAL_MINIMUM_PART_SIZE,
): Pick<LargeFileUpload, 'parts' | 'sending' | 'takeCopySlot'> {
  const makeBody = (start: number, length: number) => inPieces(content.subarray(start, start + length))
  const takeSlot = async () => () => undefined
  return { parts: partsOf(content, partSize), sending: { makeBody, takeSlot }, takeCopySlot: takeSlot }
}

/** The parts of a large file of this content, all to be sent. */
export function partsOf(content: Buffer, partSize: number): readonly LargePart[] {
  return Array.from({ length: Math.ceil(content.length / partSize) }, (_, index) => {
    const bytes = content.subarray(index * partSize, (index + 1) * partSize)
    return { start: index * partSize, contentLength: bytes.length, sha1: Sha1Hex.parse(sha1Of(bytes)), copyFrom: null }
  })
}

export async function allRows<Row>(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for await (const page of pages) rows.push(...page)
  return rows
}

export async function allBytes(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

export function sha1Of(content: string | Uint8Array): string {
  return createHash('sha1').update(content).digest('hex')
}

/** Runs `work` for every item, this many at a time. */
export async function inLanes<Item>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const queue = items.values()
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
