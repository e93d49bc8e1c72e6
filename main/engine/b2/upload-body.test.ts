import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createUploadBody, type UploadSource } from './upload-body.ts'

const source = (chunks: readonly string[], more: Partial<UploadSource> = {}): UploadSource => ({
  contentLength: Buffer.byteLength(chunks.join('')),

  makeBody: async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk)
  },
  ...more,
})

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = []
  for await (const chunk of chunks) read.push(chunk)
  return Buffer.concat(read).toString()
}

describe('createUploadBody', () => {
  it('ends with the SHA-1 of what went before it', async () => {
    const sha1 = createHash('sha1').update('hello world').digest('hex')
    const body = createUploadBody(source(['hello ', 'world']))
    expect(body.contentLength).toBe(11 + 40)
    expect(body.sentSha1()).toBeUndefined()
    expect(await drain(body.chunks)).toBe(`hello world${sha1}`)
    expect(body.sentSha1()).toBe(sha1)
  })

  it('takes an empty file', async () => {
    expect(await drain(createUploadBody(source([])).chunks)).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709')
  })

  it.each([
    [2, 'longer'],
    [4, 'shorter'],
  ])('refuses a source of three bytes that said %i', async (contentLength, how) => {
    const body = createUploadBody(source(['abc'], { contentLength }))
    await expect(drain(body.chunks)).rejects.toMatchObject({
      code: 'file_changed_while_reading',
      message: expect.stringContaining(how) as string,
    })
    expect(body.sentSha1()).toBeUndefined()
  })

  it('asks before the trailer and passes on what is thrown there', async () => {
    const reason = new Error('changed')
    const body = createUploadBody(source(['abc'], { beforeTrailer: () => Promise.reject(reason) }))
    await expect(drain(body.chunks)).rejects.toBe(reason)
    expect(body.sentSha1()).toBeUndefined()
  })

  it('reports the bytes that were taken', async () => {
    const seen: number[] = []
    await drain(createUploadBody(source(['ab', 'c'], { onProgress: (bytesSent) => seen.push(bytesSent) })).chunks)
    expect(seen).toEqual([0, 2, 3])
  })
})
