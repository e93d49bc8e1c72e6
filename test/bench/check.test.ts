import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator, type Emulator } from '../b2-emulator/emulator.ts'
import { bucketIdOf, connect, sha1, startLarge, uploadPart, type Client } from '../b2-emulator/test-client.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { differences, heldBelow, heldIn, sha1sOf } from './check.ts'

const BUCKET = 'check-tests'

let emulator: Emulator
let client: Client
beforeEach(async () => {
  const buckets = [{ bucketName: BUCKET }]
  emulator = await startEmulator({ store: 'discard', buckets, absoluteMinimumPartSize: 1 })
  client = await connect(emulator)
})
afterEach(() => emulator.stop())

const FILES = { 'a b.txt': 'hello', 'below/c': 'world', empty: '' }

/** A folder with the files, and Pail's mark. */
function makeFolder(): string {
  const folder = tempFolder()
  mkdirSync(join(folder, 'below'))
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content)
  writeFileSync(join(folder, '.pail-folder'), 'mark')
  return folder
}

async function uploadAll(): Promise<void> {
  for (const [name, content] of Object.entries(FILES)) await client.upload(BUCKET, `files/${name}`, content)
}

async function uploadLarge(fileName: string, parts: readonly string[]): Promise<void> {
  const fileId = await startLarge(client, bucketIdOf(emulator, BUCKET), fileName)
  for (const [index, part] of parts.entries()) await uploadPart(client, fileId, index + 1, part)
  await client.call('finish_large_file', { fileId, partSha1Array: parts.map(sha1) })
}

const check = (folder: string): readonly string[] =>
  differences(folder, heldBelow('files', emulator.listVisible(BUCKET)))

describe('the check of a bucket after a run', () => {
  it('finds nothing wrong with a bucket that holds the folder', async () => {
    await uploadAll()
    expect(check(makeFolder())).toEqual([])
  })

  it('names what is missing, what is wrong and what is too much', async () => {
    await uploadAll()
    const folder = makeFolder()
    await client.upload(BUCKET, 'files/a b.txt', 'HELLO')
    await client.upload(BUCKET, 'files/below/c', 'longer')
    await client.call('hide_file', { bucketId: bucketIdOf(emulator, BUCKET), fileName: 'files/empty' })
    await client.upload(BUCKET, 'files/more', 'x')
    await client.upload(BUCKET, 'elsewhere', 'x')
    expect([...check(folder)].sort()).toEqual([
      '/elsewhere should not be there',
      'a b.txt has other bytes',
      'below/c has 6 bytes instead of 5',
      'empty is missing',
      'more should not be there',
    ])
  })

  it('looks into each part of a large file, whatever its sender says of the whole', async () => {
    const folder = tempFolder()
    for (const name of ['right', 'wrong', 'turned']) writeFileSync(join(folder, name), 'hello world')
    await uploadLarge('files/right', ['hello', ' wor', 'ld'])
    await uploadLarge('files/wrong', ['hello', ' wor', 'lx'])
    await uploadLarge('files/turned', [' world', 'hello'])
    expect([...check(folder)].sort()).toEqual(['turned has other bytes', 'wrong has other bytes'])
  })

  it('does not take the word of a copy whose bytes nobody has hashed', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'copy'), 'hello')
    await uploadLarge('other', ['hello'])
    const [source] = emulator.listVisible(BUCKET)
    await client.call('copy_file', { sourceFileId: source?.fileId, fileName: 'files/copy' })
    expect(check(folder)).toContain('copy has other bytes')
  })
})

describe('the check of a restored folder', () => {
  it('finds nothing in an equal one, and a file that is missing or other', () => {
    const [folder, restored] = [makeFolder(), makeFolder()]
    expect(differences(folder, heldIn(restored))).toEqual([])
    writeFileSync(join(restored, 'a b.txt'), 'jello')
    rmSync(join(restored, 'below/c'))
    expect([...differences(folder, heldIn(restored))].sort()).toEqual(['a b.txt has other bytes', 'below/c is missing'])
  })
})

it('hashes stretches of a file longer than what it reads at once', () => {
  const path = join(tempFolder(), 'long')
  const content = Buffer.alloc(3_000_001, 'long ')
  writeFileSync(path, content)
  expect(sha1sOf(path, [2_500_000, 500_001])).toEqual([
    sha1(content.subarray(0, 2_500_000)),
    sha1(content.subarray(2_500_000)),
  ])
})
