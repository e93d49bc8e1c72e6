import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Sha1Hex } from '../../../shared/ids.ts'
import { createUploadBody, type StreamedSource, type UploadBody } from './upload-body.ts'

const source = (chunks: readonly string[], more: Partial<StreamedSource> = {}): StreamedSource => ({
  contentLength: Buffer.byteLength(chunks.join('')),

  makeBody: async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk)
  },
  ...more,
})

async function drain({ body }: UploadBody): Promise<string> {
  const read: Uint8Array[] = []
  if (body instanceof Uint8Array) read.push(body)
  else for await (const chunk of body.chunks) read.push(chunk)
  return Buffer.concat(read).toString()
}

describe('createUploadBody', () => {
  it('ends with the SHA-1 of what went before it', async () => {
    const sha1 = createHash('sha1').update('hello world').digest('hex')
    const body = createUploadBody(source(['hello ', 'world']))
    expect(body.sha1Header).toBe('hex_digits_at_end')
    expect(body.body).toMatchObject({ contentLength: 11 + 40 })
    expect(body.sentSha1()).toBeUndefined()
    expect(await drain(body)).toBe(`hello world${sha1}`)
    expect(body.sentSha1()).toBe(sha1)
  })

  it('takes an empty file', async () => {
    expect(await drain(createUploadBody(source([])))).toBe('da39a3ee5e6b4b0d3255bfef95601890afd80709')
  })

  it.each([
    [2, 'longer'],
    [4, 'shorter'],
  ])('refuses a source of three bytes that said %i', async (contentLength, how) => {
    const body = createUploadBody(source(['abc'], { contentLength }))
    await expect(drain(body)).rejects.toMatchObject({
      code: 'file_changed_while_reading',
      message: expect.stringContaining(how) as string,
    })
    expect(body.sentSha1()).toBeUndefined()
  })

  it('asks before the trailer and passes on what is thrown there', async () => {
    const reason = new Error('changed')
    const body = createUploadBody(source(['abc'], { beforeTrailer: () => Promise.reject(reason) }))
    await expect(drain(body)).rejects.toBe(reason)
    expect(body.sentSha1()).toBeUndefined()
  })

  it('reports the bytes that were taken', async () => {
    const seen: number[] = []
    await drain(createUploadBody(source(['ab', 'c'], { onProgress: (bytesSent) => seen.push(bytesSent) })))
    expect(seen).toEqual([0, 2, 3])
  })

  it.each([
    ['few bytes in one piece', 1000, [0]],
    ['more in pieces that show progress', 100_000, [0, 65_536, 100_000]],
  ])('tells the SHA-1 of known bytes ahead of them, and sends %s', async (_what, size, progress) => {
    const content = Buffer.alloc(size, 'abc')
    const sha1 = Sha1Hex.parse(createHash('sha1').update(content).digest('hex'))
    const seen: number[] = []
    const body = createUploadBody({ content, sha1, onProgress: (bytesSent) => seen.push(bytesSent) })
    expect(body.sha1Header).toBe(sha1)
    // From the first byte on: the last one needs no leave.
    expect(body.sentSha1()).toBe(sha1)
    expect(body.body instanceof Uint8Array).toBe(size === 1000)
    expect(await drain(body)).toBe(content.toString())
    expect(seen).toEqual(progress)
  })

  it('tells a known SHA-1 ahead of bytes that are read on the way, and hashes nothing', async () => {
    // Not the right one: who knows it better is not corrected.
    const sha1 = 'a'.repeat(40) as Sha1Hex
    const asked: (string | undefined)[] = []
    const body: UploadBody = createUploadBody(
      source(['hello ', 'world'], {
        sha1,
        beforeTrailer: async () => {
          asked.push(body.sentSha1())
        },
      }),
    )
    expect(body.sha1Header).toBe(sha1)
    expect(body.body).toMatchObject({ contentLength: 11 })
    expect(await drain(body)).toBe('hello world')
    expect(asked).toEqual([undefined])
    expect(body.sentSha1()).toBe(sha1)
  })

  it.each([2, 4])('refuses a source of three bytes with a known SHA-1 that said %i', async (contentLength) => {
    const body = createUploadBody(source(['abc'], { contentLength, sha1: 'a'.repeat(40) as Sha1Hex }))
    await expect(drain(body)).rejects.toMatchObject({ code: 'file_changed_while_reading' })
    expect(body.sentSha1()).toBeUndefined()
  })
})
