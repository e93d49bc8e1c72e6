import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, uploadTo } from './test-client.ts'
import type { Client } from './test-client.ts'

let emulator: Emulator
let client: Client
beforeEach(async () => {
  emulator = await startEmulator({ buckets: [{ bucketName: 'some-bucket' }] })
  client = await connect(emulator)
  const url = await client.getUploadUrl('some-bucket')
  for (const name of ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'b/3', 'b/3']) await uploadTo(url, name, name)
})
afterEach(() => emulator.stop())

type Params = Readonly<Record<string, unknown>>

async function ask(operation: string, params: Params): Promise<Params> {
  const reply = await client.call(operation, {
    bucketId: bucketIdOf(emulator, 'some-bucket'),
    maxFileCount: 2,
    ...params,
  })
  return reply.json ?? {}
}

const names = (params: Params = {}) => ask('list_file_names', params)
const versions = (params: Params = {}) => ask('list_file_versions', params)
const ignored = () => emulator.violations.map((violation) => violation.kind)

describe('a listing that uses its cursor', () => {
  it('is no violation, page after page, in both listings', async () => {
    for (let next: unknown = null; next !== undefined;) {
      next = (await names({ startFileName: next, prefix: 'b/', delimiter: null }))['nextFileName'] ?? undefined
    }
    for (let cursor: Params | undefined = {}; cursor !== undefined;) {
      const { nextFileName, nextFileId } = await versions(cursor)
      cursor = nextFileName === null ? undefined : { startFileName: nextFileName, startFileId: nextFileId }
    }
    expect(ignored()).toEqual([])
  })

  it('may be given up and begun anew, by two at the same time too', async () => {
    await names()
    await names()
    const next = (await names({ prefix: 'a/' }))['nextFileName']
    await names({ prefix: 'a/' })
    await names({ prefix: 'a/', startFileName: next })
    await names({ prefix: 'a/', startFileName: next })
    expect(ignored()).toEqual([])
  })

  it('may be begun anew as often as anything happened in between', async () => {
    for (let round = 0; round < 4; round += 1) {
      await names()
      await client.upload('some-bucket', `c/${round}`)
    }
    expect(ignored()).toEqual([])
  })

  it('may be asked for again when the answer failed or got lost', async () => {
    emulator.failNext('list_file_names', { status: 503, count: 3 })
    emulator.failNext('list_file_names', { kind: 'cut-after', count: 3 })
    for (let round = 0; round < 3; round += 1) await names()
    for (let round = 0; round < 3; round += 1) await expect(names()).rejects.toThrow()
    await names()
    expect(ignored()).toEqual([])
  })

  it('is none at all when a single row is looked up', async () => {
    for (let round = 0; round < 4; round += 1) await names({ maxFileCount: 1 })
    expect(ignored()).toEqual([])
  })

  it('may be another one that begins at its own prefix, where a cursor happens to be', async () => {
    const next = (await names({ startFileName: 'a/2' }))['nextFileName']
    await names({ prefix: next, startFileName: next })
    await versions({ prefix: 'b/3', startFileName: 'b/3' })
    expect(next).toBe('b/1')
    expect(ignored()).toEqual([])
  })
})

describe('a listing that ignores its cursor', () => {
  it('asks for the same page over and over', async () => {
    for (let round = 0; round < 4; round += 1) await names({ prefix: 'a/', startFileName: '' })
    const violation = { kind: 'listing-ignored-its-cursor', operation: 'list_file_names', params: { prefix: 'a/' } }
    expect(emulator.violations).toMatchObject([violation, violation])
  })

  it('takes its cursor to another prefix or delimiter', async () => {
    const next = (await names({ startFileName: 'a/2', prefix: '' }))['nextFileName']
    await names({ startFileName: next, prefix: 'b' })
    await names({ startFileName: next, delimiter: '/' })
    expect(ignored()).toEqual(['listing-ignored-its-cursor', 'listing-ignored-its-cursor'])
  })

  it('gives back only the name of a cursor of name and id', async () => {
    const { nextFileName } = await versions({ startFileName: 'b/2' })
    await versions({ startFileName: nextFileName })
    expect(nextFileName).toBe('b/3')
    expect(ignored()).toEqual(['listing-ignored-its-cursor'])
  })

  it('is counted for the key that was given the cursor only', async () => {
    const next = (await names({ startFileName: 'a/2' }))['nextFileName']
    client = await connect(emulator, emulator.createKey({ capabilities: ['listFiles'] }))
    await names({ startFileName: next, delimiter: '/' })
    expect(ignored()).toEqual([])
  })
})
