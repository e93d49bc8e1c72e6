import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from './emulator.ts'
import type { Emulator } from './emulator.ts'
import { bucketIdOf, connect, send, sha1, startLarge, uploadPart } from './test-client.ts'
import type { Client } from './test-client.ts'

let emulator: Emulator
let client: Client
let directory: string
let bucketId: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'b2-emulator-discard-'))
  const buckets = [{ bucketName: 'discarding' }]
  emulator = await startEmulator({ dataDirectory: directory, store: 'discard', buckets, absoluteMinimumPartSize: 1 })
  client = await connect(emulator)
  bucketId = bucketIdOf(emulator, 'discarding')
})
afterAll(async () => {
  await emulator.stop()
  rmSync(directory, { recursive: true })
})

describe('an emulator that discards contents', () => {
  it('still checks the hash, and keeps size and SHA-1 but neither bytes nor MD5', async () => {
    const wrong = await client.upload('discarding', 'wrong', 'hello', { 'X-Bz-Content-Sha1': sha1('other') })
    expect(wrong).toMatchObject({ status: 400, json: { message: 'Checksum did not match data received' } })
    const uploaded = await client.upload('discarding', 'file', 'hello')
    expect(uploaded.json).toMatchObject({ contentLength: 5, contentSha1: sha1('hello'), contentMd5: null })
    const message = 'The emulator did not keep the content of file'
    expect(await client.download('discarding', 'file')).toMatchObject({ status: 404, json: { message } })
    const url = `${emulator.realm}/file/discarding/file`
    const head = await send(url, { method: 'HEAD', headers: { Authorization: client.token } })
    expect(head).toMatchObject({ status: 200, headers: { 'content-length': '5', 'x-bz-content-sha1': sha1('hello') } })
    await expect(emulator.readFile('discarding', 'file')).rejects.toThrow('did not keep')
    expect(readdirSync(join(directory, 'blobs'))).toEqual([])
  })

  it('copies whole files, whose hash is known, and refuses ranges', async () => {
    const sourceFileId = (await client.upload('discarding', 'source', 'hello')).json?.['fileId']
    const copy = (fields: object) => client.call('copy_file', { sourceFileId, fileName: 'copy', ...fields })
    expect((await copy({})).json).toMatchObject({ contentLength: 5, contentSha1: sha1('hello') })
    const refused = { status: 400, json: { message: 'The emulator did not keep the content of source' } }
    expect(await copy({ range: 'bytes=0-3' })).toMatchObject(refused)
    const largeFileId = await startLarge(client, bucketId, 'large')
    const part = await client.call('copy_part', { sourceFileId, largeFileId, partNumber: 1 })
    expect(part.json).toMatchObject({ contentSha1: sha1('hello') })
    expect(
      await client.call('copy_part', { sourceFileId, largeFileId, partNumber: 2, range: 'bytes=0-3' }),
    ).toMatchObject(refused)
    await uploadPart(client, largeFileId, 2, 'world')
    const partSha1Array = [sha1('hello'), sha1('world')]
    const finished = await client.call('finish_large_file', { fileId: largeFileId, partSha1Array })
    expect(finished.json).toMatchObject({ action: 'upload', contentLength: 10 })
    expect(await client.download('discarding', 'large')).toMatchObject({ status: 404 })
    const whole = await client.call('copy_file', { sourceFileId: largeFileId, fileName: 'large-copy' })
    expect(whole.json).toMatchObject({ contentLength: 10, contentSha1: 'none' })
  })

  it('says so after a restart that keeps contents, too', async () => {
    await client.upload('discarding', 'old', 'hello')
    await emulator.stop()
    emulator = await startEmulator({ dataDirectory: directory })
    client = await connect(emulator)
    await client.upload('discarding', 'new', 'world')
    expect(await client.download('discarding', 'old')).toMatchObject({ status: 404 })
    expect((await client.download('discarding', 'new')).body.toString()).toBe('world')
  })
})
