import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sha1Of } from '../../../test/support/b2-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { Sha1Hex } from '../../../shared/ids.ts'
import { hashContent, type HashOptions } from './hash-content.ts'

const BLOCK = 300_000

async function onDisk(bytes: Buffer): Promise<FileHandle> {
  const path = join(tempFolder(), 'file')
  writeFileSync(path, bytes)
  const file = await open(path)
  onTestFinished(() => file.close())
  return file
}
const options = (sizeBytes: number, more: Partial<HashOptions> = {}): HashOptions => ({
  sizeBytes,
  blockBytes: BLOCK,
  known: null,
  runBlocks: 100,
  isRestless: false,
  signal: new AbortController().signal,
  ...more,
})
const blocksOf = (bytes: Buffer) =>
  Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, index) =>
    sha1Of(bytes.subarray(index * BLOCK, (index + 1) * BLOCK)),
  ) as Sha1Hex[]

describe('a large file', () => {
  it('is hashed as a whole and by its blocks', async () => {
    const bytes = randomBytes(3 * BLOCK + 1)
    const hashed = await hashContent(await onDisk(bytes), options(bytes.length))
    expect(hashed).toEqual({
      sha1: sha1Of(bytes),
      blocks: { blockBytes: BLOCK, sha1s: blocksOf(bytes) },
      runs: [],
    })
  })

  it('that changes meanwhile is hashed in one reading, to the same end', async () => {
    const bytes = randomBytes(6 * BLOCK + 5)
    for (const known of [null, blocksOf(bytes).with(2, 'f'.repeat(40) as Sha1Hex)]) {
      const file = await onDisk(bytes)
      const hashed = await hashContent(file, options(bytes.length, { known, isRestless: true }))
      expect(hashed).toEqual(await hashContent(file, options(bytes.length, { known })))
    }
  })

  it('is compared with other blocks, and what is equal is hashed run by run', async () => {
    const bytes = randomBytes(6 * BLOCK + 5)
    const known = blocksOf(bytes).with(2, 'f'.repeat(40) as Sha1Hex)
    const { runs } = await hashContent(await onDisk(bytes), options(bytes.length, { known, runBlocks: 3 }))
    const run = (first: number, count: number) => ({
      first,
      count,
      sha1: sha1Of(bytes.subarray(first * BLOCK, (first + count) * BLOCK)),
    })
    // No run has more than three blocks, and the last block is a short one.
    expect(runs).toEqual([run(0, 2), run(3, 3), run(6, 1)])
  })

  it('that grew has no run where it ended before', async () => {
    const bytes = randomBytes(2 * BLOCK)
    const known = blocksOf(bytes.subarray(0, BLOCK + 7))
    const { runs } = await hashContent(await onDisk(bytes), options(bytes.length, { known }))
    expect(runs.map(({ first, count }) => [first, count])).toEqual([[0, 1]])
  })

  it('that became shorter is told, and not hashed', async () => {
    const hashed = hashContent(await onDisk(randomBytes(BLOCK)), options(BLOCK + 1))
    await expect(hashed).rejects.toMatchObject({ code: 'file_changed_while_reading' })
  })

  it('that cannot be read is told with the reason', async () => {
    const directory = await open(tempFolder())
    onTestFinished(() => directory.close())
    await expect(hashContent(directory, options(BLOCK))).rejects.toMatchObject({
      code: 'file_unreadable',
      details: { errno: 'EISDIR' },
    })
  })

  it('is read no further when nobody wants to know any more', async () => {
    const stop = new AbortController()
    const bytes = randomBytes(40 * BLOCK)
    const hashed = hashContent(await onDisk(bytes), options(bytes.length, { signal: stop.signal }))
    const reason = new Error('enough')
    stop.abort(reason)
    await expect(hashed).rejects.toBe(reason)
    await expect(hashContent(await onDisk(bytes), options(1, { signal: stop.signal }))).rejects.toBe(reason)
  })
})
