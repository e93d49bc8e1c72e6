import { expect } from 'vitest'
import { contract, filesOf, succeed } from './service.ts'
import { sendWhenInvited, sha1, uploadHeaders, uploadTo } from './wire.ts'
import type { FileJson } from './wire.ts'

const wrongHash = /^(Sha1|Checksum) did not match data received/

contract('b2_upload_file', [], (test) => {
  test('stores the bytes and answers the whole file version', async ({
    client,
    bucketId,
    newName,
    store,
    download,
  }) => {
    const fileName = newName('-note.txt')
    const version = await store(fileName, 'hello', { 'Content-Type': 'text/plain' })
    expect(version).toMatchObject({
      accountId: client.accountId,
      action: 'upload',
      bucketId,
      contentLength: 5,
      contentSha1: sha1('hello'),
      contentMd5: '5d41402abc4b2a76b9719d911017c592',
      contentType: 'text/plain',
      fileId: expect.stringMatching(/^4_z[0-9a-f]{24}_f1.{1,170}$/),
      fileInfo: {},
      fileName,
      serverSideEncryption: expect.anything(),
      uploadTimestamp: expect.any(Number),
    })
    // B2's clock and ours may differ by minutes, but not by a day; seconds would be off by decades.
    expect(Math.abs(version.uploadTimestamp - Date.now())).toBeLessThan(24 * 3600_000)
    expect((await download(fileName)).body.toString()).toBe('hello')
  })

  test('takes an empty file', async ({ newName, store, download }) => {
    const fileName = newName()
    expect(await store(fileName, '')).toMatchObject({ contentLength: 0, contentSha1: sha1('') })
    expect(await download(fileName)).toMatchObject({ status: 200, body: Buffer.alloc(0) })
  })

  test('adds a version each time, and the last one is current', async ({ newName, store, download, versionsOf }) => {
    const fileName = newName()
    const first = await store(fileName, 'first')
    const second = await store(fileName, 'second')
    expect(second.uploadTimestamp).toBeGreaterThanOrEqual(first.uploadTimestamp)
    expect((await versionsOf(fileName)).map((version) => version.fileId)).toEqual([second.fileId, first.fileId])
    expect((await download(fileName)).body.toString()).toBe('second')
  })

  test('takes the hash after the bytes', async ({ newName, store, download }) => {
    const fileName = newName()
    const headers = { 'X-Bz-Content-Sha1': 'hex_digits_at_end' }
    const version = await store(fileName, `streamed${sha1('streamed')}`, headers)
    expect(version).toMatchObject({ contentLength: 8, contentSha1: sha1('streamed') })
    expect((await download(fileName)).body.toString()).toBe('streamed')
  })

  test('marks a hash nobody vouched for as unverified', async ({ newName, store }) => {
    const version = await store(newName(), 'abc', { 'X-Bz-Content-Sha1': 'do_not_verify' })
    expect(version.contentSha1).toBe(`unverified:${sha1('abc')}`)
  })

  test('refuses a wrong hash in the header and at the end, and stores nothing', async (b2) => {
    const fileName = b2.newName()
    const refused = { status: 400, json: { code: 'bad_request', message: expect.stringMatching(wrongHash) } }
    expect(await b2.upload(fileName, 'x', { 'X-Bz-Content-Sha1': sha1('y') })).toMatchObject(refused)
    const headers = { 'X-Bz-Content-Sha1': 'hex_digits_at_end' }
    expect(await b2.upload(fileName, `x${sha1('y')}`, headers)).toMatchObject(refused)
    expect(await b2.versionsOf(fileName)).toEqual([])
  })

  test('refuses a trailer that is no hash, as when a file grew while it was read', async (b2) => {
    const fileName = b2.newName()
    const reply = await b2.upload(fileName, 'g'.repeat(50), { 'X-Bz-Content-Sha1': 'hex_digits_at_end' })
    expect(reply).toMatchObject({ status: 400, json: { code: 'bad_request' } })
    expect(await b2.versionsOf(fileName)).toEqual([])
  })

  test('refuses headers that would be those of a response, and one that lacks', async (b2) => {
    const fileName = b2.newName()
    for (const headers of [
      { 'Content-Disposition': 'inline' },
      { 'Content-Encoding': 'gzip' },
      { Expires: 'Thu, 01 Dec 2033 16:00:00 GMT' },
      { 'X-Bz-Content-Sha1': 'abc' },
      { 'X-Bz-File-Name': '' },
    ]) {
      expect(await b2.upload(fileName, 'x', headers)).toMatchObject({ status: 400, json: { code: 'bad_request' } })
    }
    expect(await b2.versionsOf(fileName)).toEqual([])
  })

  test('finds the content type by the name for b2/x-auto', async ({ newName, store }) => {
    const headers = { 'Content-Type': 'b2/x-auto' }
    expect(await store(newName('-photo.jpg'), 'x', headers)).toMatchObject({ contentType: 'image/jpeg' })
    expect(await store(newName('-without'), 'x', headers)).toMatchObject({ contentType: 'application/octet-stream' })
  })

  test('keeps info: keys in lower case, values decoded', async ({ newName, store, client }) => {
    const { fileId, fileInfo } = await store(newName(), 'x', {
      'X-Bz-Info-Author': 'J%C3%BCrgen+M.%2B%2C%26',
      'X-Bz-Info-src_last_modified_millis': '1641308478123',
    })
    const kept = { author: 'J\u00fcrgen M.+,&', src_last_modified_millis: '1641308478123' }
    expect(fileInfo).toEqual(kept)
    expect(await client.call('get_file_info', { fileId })).toMatchObject({ json: { fileInfo: kept } })
  })

  test('refuses info that is named b2-something unknown, and too much of it', async (b2) => {
    const fileName = b2.newName()
    for (const headers of [{ 'X-Bz-Info-b2-mine': 'x' }, { 'X-Bz-Info-a': 'x'.repeat(7000) }]) {
      expect(await b2.upload(fileName, 'x', headers)).toMatchObject({ status: 400, json: { code: 'bad_request' } })
    }
    expect(await b2.versionsOf(fileName)).toEqual([])
  })

  test('refuses a body without a length', async ({ newName, getUploadUrl, versionsOf }) => {
    const fileName = newName()
    const url = await getUploadUrl()
    const headers = { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' }
    const reply = await uploadTo(url, fileName, 'x', headers)
    expect(reply.status).toBeOneOf([400, 411])
    expect(await versionsOf(fileName)).toEqual([])
  })
})

contract('upload URLs', [], (test) => {
  test('take many uploads one after the other', async ({ getUploadUrl, newName }) => {
    const url = await getUploadUrl()
    for (let i = 0; i < 3; i++) expect(await uploadTo(url, newName(), `${i}`)).toMatchObject({ status: 200 })
  })

  test('carry the version of the call and take no account token', async ({ client, bucketId, newName }) => {
    const url = succeed<{ uploadUrl: string }>(await client.call('get_upload_url', { bucketId }, 2))
    expect(url.uploadUrl).toContain('/b2api/v2/b2_upload_file/')
    const reply = await uploadTo({ ...url, authorizationToken: client.token }, newName(), 'x')
    expect(reply).toMatchObject({ status: 401, json: { code: expect.toBeOneOf(['bad_auth_token', 'unauthorized']) } })
  })

  // Documented: a URL lives until the endpoint rejects an upload. What is a rejection is not said, so either may be.
  test('are dead after a rejected upload, or take the next one whole', async (b2) => {
    const url = await b2.getUploadUrl()
    const fileName = b2.newName()
    expect(await uploadTo(url, fileName, 'x', { 'X-Bz-Content-Sha1': sha1('y') })).toMatchObject({ status: 400 })
    const next = await uploadTo(url, fileName, 'next')
    if (next.status === 200) expect((await b2.download(fileName)).body.toString()).toBe('next')
    else
      expect(next).toMatchObject({ status: 401, json: { code: expect.toBeOneOf(['bad_auth_token', 'unauthorized']) } })
    if (b2.isEmulator) expect(next.status).toBe(401)
  })

  test('refuse a second upload at the same time', async ({ getUploadUrl, newName, versionsOf }) => {
    const url = await getUploadUrl()
    const [first, second] = [newName(), newName()]
    const headers = uploadHeaders(url, first, 'first')
    const waiting = await sendWhenInvited(url.uploadUrl, { method: 'POST', headers, body: 'first' })
    expect(waiting.isInvited).toBe(true)
    const reply = await uploadTo(url, second, 'second')
    // The older code of the same message is `bad_request`.
    expect(reply).toMatchObject({
      status: 400,
      json: {
        code: expect.toBeOneOf(['auth_token_limit', 'bad_request']),
        message: expect.stringContaining('more than one upload using auth token'),
      },
    })
    const { status } = await waiting.finish()
    expect(await versionsOf(first)).toHaveLength(status === 200 ? 1 : 0)
    expect(await versionsOf(second)).toEqual([])
  })

  test('belong to one bucket that must exist', async ({ client }) => {
    const reply = await client.call('get_upload_url', { bucketId: '0'.repeat(24) })
    // A key that is limited to buckets is not told whether another one exists.
    expect(reply.status).toBeOneOf(client.buckets === null ? [400] : [400, 401])
  })
})

contract('b2_get_file_info', [], (test) => {
  test('knows current, old and hidden versions', async ({ client, bucketId, newName, store }) => {
    const fileName = newName()
    const versions = [await store(fileName, 'old'), await store(fileName, 'new')]
    succeed(await client.call('hide_file', { bucketId, fileName }))
    for (const version of versions) {
      const { fileId } = version
      expect(succeed(await client.call('get_file_info', { fileId }))).toMatchObject({ ...version })
    }
  })

  test('tells a malformed id from one of no file', async ({ client, newName, store }) => {
    const { fileId, fileName } = await store(newName())
    succeed(await client.call('delete_file_version', { fileId, fileName }))
    const gone = await client.call('get_file_info', { fileId })
    expect(gone).toMatchObject({ status: 404, json: { code: expect.toBeOneOf(['not_found', 'file_not_present']) } })
    const malformed = await client.call('get_file_info', { fileId: 'nonsense' })
    expect(malformed).toMatchObject({ status: 400, json: { code: 'bad_request' } })
  })
})

contract('b2_hide_file', [], (test) => {
  test('hides with a marker, and deleting the marker shows the file again', async (b2) => {
    const { client, bucketId } = b2
    const fileName = b2.newName(' a+\u00e4')
    const stored = await b2.store(fileName)
    const marker = succeed<FileJson>(await client.call('hide_file', { bucketId, fileName }))
    expect(marker).toMatchObject({ action: 'hide', bucketId, fileName, contentLength: 0, fileInfo: {} })
    expect(marker.fileId).not.toBe(stored.fileId)
    // Recorded: the type of hide markers and the SHA-1 of nothing; documented: null.
    expect(marker.contentType).toBeOneOf(['application/x-bz-hide-marker', null])
    expect(marker.contentSha1).toBeOneOf([sha1(''), 'none', null])
    expect(await b2.download(fileName)).toMatchObject({ status: 404, json: { status: 404 } })
    expect(filesOf(await client.call('list_file_names', { bucketId, prefix: fileName }))).toEqual([])
    expect((await b2.versionsOf(fileName)).map((version) => version.action)).toEqual(['hide', 'upload'])

    const { fileId } = marker
    expect(succeed(await client.call('delete_file_version', { fileName, fileId }))).toEqual({ fileName, fileId })
    expect(await b2.download(fileName)).toMatchObject({ status: 200 })
    expect(filesOf(await client.call('list_file_names', { bucketId, prefix: fileName }))).toHaveLength(1)
  })

  test('is undone by the next upload', async ({ client, bucketId, newName, store, download }) => {
    const fileName = newName()
    await store(fileName, 'old')
    succeed(await client.call('hide_file', { bucketId, fileName }))
    await store(fileName, 'new')
    expect((await download(fileName)).body.toString()).toBe('new')
  })

  test('refuses to hide twice, and what was never there', async ({ client, bucketId, newName, store }) => {
    const [fileName, never] = [newName(), newName()]
    await store(fileName)
    succeed(await client.call('hide_file', { bucketId, fileName }))
    expect(await client.call('hide_file', { bucketId, fileName })).toMatchObject({
      status: 400,
      json: { code: 'already_hidden', message: `File already hidden: ${fileName}` },
    })
    expect(await client.call('hide_file', { bucketId, fileName: never })).toMatchObject({
      status: 400,
      json: { code: 'no_such_file', message: `File not present: ${never}` },
    })
  })
})

contract('b2_delete_file_version', [], (test) => {
  test('uncovers the older version', async ({ client, newName, store, download }) => {
    const fileName = newName()
    await store(fileName, 'old')
    const { fileId } = await store(fileName, 'new')
    expect(succeed(await client.call('delete_file_version', { fileName, fileId }))).toEqual({ fileName, fileId })
    expect((await download(fileName)).body.toString()).toBe('old')
  })

  test('deletes only when name and id belong together, and once', async ({ client, newName, store }) => {
    const { fileName, fileId } = await store(newName())
    const other = newName()
    const remove = async (name: string) => client.call('delete_file_version', { fileName: name, fileId })
    const absent = (name: string) => ({
      status: 400,
      json: { code: 'file_not_present', message: `File not present: ${name} ${fileId}` },
    })
    expect(await remove(other)).toMatchObject(absent(other))
    expect(await remove(fileName)).toMatchObject({ status: 200 })
    expect(await remove(fileName)).toMatchObject(absent(fileName))
    const malformed = await client.call('delete_file_version', { fileName, fileId: 'nonsense' })
    expect(malformed).toMatchObject({ status: 400, json: { code: 'bad_request' } })
  })
})
