/**
 * Somebody else's B2 client works against the emulator: rclone, as Debian ships it, configured by environment variables
 * only. It speaks v1 of the API, and its idea of "the same" is independent of ours.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmulator } from '../b2-emulator/emulator.ts'
import type { Emulator } from '../b2-emulator/emulator.ts'
import { byUtf8, contentOf, nastyPaths, writeBelow } from '../support/nasty-files.ts'
import { lines, rcloneFor } from '../support/rclone.ts'
import type { Rclone } from '../support/rclone.ts'

const FILES = 1000

/** Names that rclone itself stores under another name, because older B2 rules or its own forbid them. */
const MAPPED_BY_RCLONE = {
  'back\\slash.txt': 'back＼slash.txt',
  'bell\u0007.txt': 'bell␇.txt',
  'del\u007f.txt': 'del␡.txt',
}

let emulator: Emulator
let directory: string
let rclone: Rclone

beforeAll(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName: 'rclone-tests' }] })
  directory = mkdtempSync(join(tmpdir(), 'rclone-test-'))
  rclone = rcloneFor(emulator, directory)
})
afterAll(async () => {
  await emulator.stop()
  rmSync(directory, { recursive: true, force: true })
})

const namesInBucket = (): string[] => emulator.listVisible('rclone-tests').map((file) => file.fileName)

describe('rclone against the emulator', () => {
  it('syncs, checks and lists 1,000 files with nasty names, then their changes', { timeout: 180_000 }, async () => {
    const root = join(directory, 'tree')
    const paths = nastyPaths(FILES)
    expect(new Set(paths).size).toBe(FILES)
    for (const [i, path] of paths.entries()) writeBelow(root, path, contentOf(path, i))

    await rclone('sync', root, 'X:rclone-tests', '--transfers', '16')
    expect(namesInBucket()).toEqual([...paths].sort(byUtf8))
    expect((await rclone('check', root, 'X:rclone-tests')).stderr).toContain(': 0 differences found')
    const listed = await rclone('lsf', '-R', '--files-only', 'X:rclone-tests')
    expect(lines(listed.stdout).sort(byUtf8)).toEqual([...paths].sort(byUtf8))
    expect(lines((await rclone('lsf', '-R', '--fast-list', 'X:rclone-tests')).stdout).sort(byUtf8)).toEqual(
      lines((await rclone('lsf', '-R', root)).stdout).sort(byUtf8),
    )

    const changed = paths.filter((_, i) => i % 20 === 1)
    const deleted = paths.filter((_, i) => i % 20 === 2)
    const added = ['new/ä + %.txt', 'new/🪣']
    for (const path of [...changed, ...added]) writeBelow(root, path, `changed ${path}`)
    for (const path of deleted) rmSync(join(root, path))
    emulator.clearCalls()

    await rclone('sync', root, 'X:rclone-tests', '--transfers', '16')
    const uploaded = emulator.calls.filter((call) => call.operation === 'upload_file').map((call) => call.fileName)
    expect(uploaded.sort()).toEqual([...changed, ...added].sort())
    expect(namesInBucket()).toEqual([...paths, ...added].filter((path) => !deleted.includes(path)).sort(byUtf8))
    expect((await rclone('check', root, 'X:rclone-tests')).stderr).toContain(': 0 differences found')
    expect(emulator.violations).toEqual([])
  })

  it('finds the difference when there is one', async () => {
    const root = join(directory, 'small')
    emulator.createBucket('difference')
    for (const name of ['one', 'two']) writeBelow(root, name, name)
    await rclone('sync', root, 'X:difference')
    writeBelow(root, 'two', 'TWO')
    await expect(rclone('check', root, 'X:difference')).rejects.toThrow('1 differences found')
  })

  it('maps names that it does not store as they are, and back', async () => {
    const root = join(directory, 'mapped')
    emulator.createBucket('mapped-names')
    for (const name of Object.keys(MAPPED_BY_RCLONE)) writeBelow(root, name, name)
    await rclone('sync', root, 'X:mapped-names')
    const stored = emulator.listVisible('mapped-names').map((file) => file.fileName)
    expect(stored).toEqual(Object.values(MAPPED_BY_RCLONE))
    expect((await rclone('check', root, 'X:mapped-names')).stderr).toContain(': 0 differences found')
  })

  it('reads back what it wrote', async () => {
    const source = join(directory, 'source')
    const target = join(directory, 'target')
    emulator.createBucket('round-trip')
    for (const [i, path] of nastyPaths(50).entries()) writeBelow(source, path, contentOf(path, i + 1))
    await rclone('sync', source, 'X:round-trip')
    await rclone('sync', 'X:round-trip', target)
    expect((await rclone('check', '--download', source, target)).stderr).toContain(': 0 differences found')
  })

  it('works with a key that is limited to one bucket and a folder in it', async () => {
    const { bucketId } = emulator.createBucket('limited-key')
    const capabilities = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles']
    const key = emulator.createKey({ capabilities, bucketIds: [bucketId], namePrefix: 'mine/' })
    const root = join(directory, 'limited')
    writeBelow(root, 'sub/x', 'x')
    const limited = rcloneFor({ ...key, realm: emulator.realm }, directory)
    await limited('sync', root, 'X:limited-key/mine')
    expect((await limited('check', root, 'X:limited-key/mine')).stderr).toContain(': 0 differences found')
    await expect(limited('copy', root, 'X:limited-key/theirs', '--retries', '1')).rejects.toThrow('401')
  })
})
