import { expect } from 'vitest'
import { contract, succeed } from './service.ts'
import type { B2 } from './service.ts'
import { decodeName, send, sha1 } from './wire.ts'
import type { FileJson } from './wire.ts'

const DIGITS = '0123456789'

async function storeDigits(b2: B2): Promise<FileJson> {
  return b2.store(b2.newName(' \u00e4+.txt'), DIGITS, {
    'Content-Type': 'text/plain',
    'X-Bz-Info-Author': 'J%C3%BCrgen%20M.',
    'X-Bz-Info-src_last_modified_millis': '1641308478123',
    'X-Bz-Info-b2-content-disposition': 'attachment',
    'X-Bz-Info-b2-content-language': 'de',
    'X-Bz-Info-b2-cache-control': 'max-age%3D60',
  })
}

contract('downloads', [], (test) => {
  test('by name and by id answer content and metadata', async (b2) => {
    const { fileName, fileId, uploadTimestamp } = await storeDigits(b2)
    for (const reply of [await b2.download(fileName), await b2.downloadById(fileId)]) {
      expect(reply.status).toBe(200)
      expect(reply.body.toString()).toBe(DIGITS)
      expect(reply.headers).toMatchObject({
        'accept-ranges': 'bytes',
        'content-length': '10',
        'content-type': expect.stringMatching(/^text\/plain/),
        'content-disposition': 'attachment',
        'content-language': 'de',
        'cache-control': 'max-age=60',
        'x-bz-content-sha1': sha1(DIGITS),
        'x-bz-file-id': fileId,
        'x-bz-info-src_last_modified_millis': '1641308478123',
        'x-bz-upload-timestamp': String(uploadTimestamp),
      })
      expect(decodeName(String(reply.headers['x-bz-file-name']))).toBe(fileName)
      expect(decodeName(String(reply.headers['x-bz-info-author']))).toBe('J\u00fcrgen M.')
      // These become response headers of their own.
      expect(reply.headers).not.toHaveProperty('x-bz-info-b2-cache-control')
    }
  })

  test('by id answer to POST too', async (b2) => {
    const { fileId } = await storeDigits(b2)
    const reply = await b2.client.call('download_file_by_id', { fileId })
    expect(reply.body.toString()).toBe(DIGITS)
  })

  test('by HEAD answer the same headers and no body', async (b2) => {
    const { fileName, fileId } = await storeDigits(b2)
    const headers = { Authorization: b2.client.token }
    const url = `${b2.client.downloadUrl}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`
    for (const each of [b2.downloadUrlOf(fileName), url]) {
      const reply = await send(each, { method: 'HEAD', headers })
      expect(reply).toMatchObject({ status: 200, body: Buffer.alloc(0) })
      expect(reply.headers).toMatchObject({ 'content-length': '10', 'x-bz-file-id': fileId })
    }
    const missing = await send(b2.downloadUrlOf(b2.newName()), { method: 'HEAD', headers })
    expect(missing).toMatchObject({ status: 404, body: Buffer.alloc(0) })
  })

  const ranges: readonly (readonly [range: string, bytes: string, contentRange: string])[] = [
    ['bytes=5-8', '5678', 'bytes 5-8/10'],
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=5-', '56789', 'bytes 5-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=7-99', '789', 'bytes 7-9/10'],
    ['bytes=0-9', DIGITS, 'bytes 0-9/10'],
  ]
  test('of a range answer 206 with those bytes, and the hash of the whole file', async (b2) => {
    const { fileName, fileId } = await storeDigits(b2)
    for (const [Range, bytes, contentRange] of ranges) {
      for (const reply of [await b2.download(fileName, { Range }), await b2.downloadById(fileId, { Range })]) {
        expect([reply.status, reply.body.toString(), reply.headers['content-range']]).toEqual([
          206,
          bytes,
          contentRange,
        ])
        expect(reply.headers).toMatchObject({
          'content-length': String(bytes.length),
          'x-bz-content-sha1': sha1(DIGITS),
        })
      }
    }
  })

  test('ignore a range that is none', async (b2) => {
    const { fileName } = await storeDigits(b2)
    for (const Range of ['bytes=8-5', 'bytes=a-b', 'lines=1-2']) {
      const reply = await b2.download(fileName, { Range })
      expect([reply.status, reply.body.toString()]).toEqual([200, DIGITS])
    }
  })

  test('refuse a range outside of the file', async (b2) => {
    const { fileName } = await storeDigits(b2)
    const empty = b2.newName()
    await b2.store(empty, '')
    const refused = { status: 416, json: { code: 'range_not_satisfiable', status: 416 } }
    expect(await b2.download(fileName, { Range: 'bytes=10-' })).toMatchObject(refused)
    expect(await b2.download(fileName, { Range: 'bytes=10-12' })).toMatchObject(refused)
    expect(await b2.download(empty, { Range: 'bytes=0-' })).toMatchObject(refused)
  })

  test('by id find old and hidden versions, by name only the current one', async (b2) => {
    const fileName = b2.newName()
    const old = await b2.store(fileName, 'old')
    await b2.store(fileName, 'new')
    expect((await b2.downloadById(old.fileId)).body.toString()).toBe('old')
    expect((await b2.download(fileName)).body.toString()).toBe('new')
    succeed(await b2.client.call('hide_file', { bucketId: b2.bucketId, fileName }))
    expect((await b2.downloadById(old.fileId)).body.toString()).toBe('old')
    const hidden = await b2.download(fileName)
    expect(hidden).toMatchObject({ status: 404, json: { code: expect.toBeOneOf(['not_found', 'file_not_present']) } })
  })

  test('answer 404 for no file and no bucket, 400 for an id that is none', async (b2) => {
    expect(await b2.download(b2.newName())).toMatchObject({ status: 404, json: { status: 404 } })
    // A key that is limited to buckets is not told whether another one exists.
    const url = `${b2.client.downloadUrl}/file/pail-no-such-bucket-${Date.now()}/x`
    const { status } = await send(url, { headers: { Authorization: b2.client.token } })
    expect(status).toBeOneOf(b2.client.buckets === null ? [404] : [401, 404])
    const { fileName, fileId } = await b2.store(b2.newName())
    succeed(await b2.client.call('delete_file_version', { fileName, fileId }))
    expect(await b2.downloadById(fileId)).toMatchObject({ status: 404 })
    expect(await b2.downloadById('nonsense')).toMatchObject({ status: 400, json: { code: 'bad_request' } })
  })

  test('give the bytes as stored, also when they say they are compressed', async (b2) => {
    const fileName = b2.newName()
    await b2.store(fileName, 'not really gzip', { 'X-Bz-Info-b2-content-encoding': 'gzip' })
    const reply = await b2.download(fileName, { 'Accept-Encoding': 'gzip' })
    expect(reply.headers['content-encoding']).toBe('gzip')
    expect(reply.body.toString()).toBe('not really gzip')
  })

  test('take their response headers from the query', async (b2) => {
    const { fileName } = await storeDigits(b2)
    const disposition = 'attachment; filename="other name.txt"'
    const query = `b2ContentDisposition=${encodeURIComponent(disposition)}&b2ContentType=text%2Fcsv&b2CacheControl=no-store`
    const headers = { Authorization: b2.client.token }
    const reply = await send(`${b2.downloadUrlOf(fileName)}?${query}`, { headers })
    expect(reply).toMatchObject({
      status: 200,
      headers: { 'content-disposition': disposition, 'content-type': 'text/csv', 'cache-control': 'no-store' },
    })
  })

  test('need a token', async (b2, skip) => {
    const { fileName, fileId } = await storeDigits(b2)
    const { accountId } = b2.client
    const listed = await b2.client.call('list_buckets', { accountId, bucketId: b2.bucketId })
    const [bucket] = succeed<{ buckets: { bucketType: string }[] }>(listed).buckets
    skip(bucket?.bucketType !== 'allPrivate', 'the bucket is public')
    const url = `${b2.client.downloadUrl}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`
    for (const each of [b2.downloadUrlOf(fileName), url]) {
      expect(await send(each)).toMatchObject({ status: 401, json: { status: 401 } })
      const nonsense = await send(each, { headers: { Authorization: '4_no_such_token' } })
      expect(nonsense).toMatchObject({ status: 401, json: { code: 'bad_auth_token' } })
    }
  })
})
