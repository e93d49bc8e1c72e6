import { expect } from 'vitest'
import { bytesOf, finish, PART_BYTES, sendPart, startLarge, unfinishedOf } from './large.ts'
import { contract, filesOf, succeed } from './service.ts'
import { sha1, uploadPartTo } from './wire.ts'
import type { UploadUrl } from './wire.ts'

type PartsPage = {
  readonly parts: { partNumber: number; contentSha1: string }[]
  readonly nextPartNumber: number | null
}

const badRequest = { status: 400, json: { code: 'bad_request', status: 400 } }

contract('large files', [], (test) => {
  test('come into being from parts sent in any order and again', async (b2) => {
    const fileName = b2.newName('-\u00e4 +.bin')
    const [first, second, last] = [bytesOf(PART_BYTES, 1), bytesOf(PART_BYTES, 2), Buffer.from('the end')]
    const whole = Buffer.concat([first, second, last])
    const fileInfo = {
      src_last_modified_millis: '1641308478123',
      large_file_sha1: sha1(whole),
      author: 'J\u00fcrgen +',
    }
    const started = await startLarge(b2, fileName, fileInfo)
    const { fileId, uploadTimestamp } = started
    expect(started).toMatchObject({
      action: 'start',
      bucketId: b2.bucketId,
      contentLength: 0,
      contentSha1: 'none',
      fileInfo,
      fileName,
    })
    expect(await sendPart(b2, fileId, 3, last)).toMatchObject({
      status: 200,
      json: { fileId, partNumber: 3, contentLength: 7, contentSha1: sha1(last) },
    })
    succeed(await sendPart(b2, fileId, 1, 'replaced by what is sent later'))
    succeed(await sendPart(b2, fileId, 2, second))
    succeed(await sendPart(b2, fileId, 1, first))

    const finished = succeed<object>(await finish(b2, fileId, [first, second, last].map(sha1)))
    expect(finished).toMatchObject({
      action: 'upload',
      contentLength: whole.length,
      contentMd5: null,
      contentSha1: 'none',
      contentType: 'application/octet-stream',
      fileId,
      fileInfo,
      fileName,
      uploadTimestamp,
    })
    const reply = await b2.download(fileName)
    expect(sha1(reply.body)).toBe(sha1(whole))
    expect(reply.headers).toMatchObject({ 'x-bz-content-sha1': 'none', 'x-bz-info-large_file_sha1': sha1(whole) })
    const Range = `bytes=${PART_BYTES - 2}-${PART_BYTES + 1}`
    const across = await b2.download(fileName, { Range })
    expect(across.status).toBe(206)
    expect(across.body).toEqual(whole.subarray(PART_BYTES - 2, PART_BYTES + 2))
    expect(await b2.client.call('get_file_info', { fileId })).toMatchObject({ json: { action: 'upload', fileId } })
  })

  test('are seen as started until they are finished, but not by name', async (b2) => {
    const fileName = b2.newName()
    await b2.store(fileName, 'old')
    const { fileId } = await startLarge(b2, fileName)
    expect(await unfinishedOf(b2, fileName)).toMatchObject([{ action: 'start', fileId, fileName, contentLength: 0 }])
    expect((await b2.versionsOf(fileName)).map((version) => version.action)).toEqual(['start', 'upload'])
    expect((await b2.download(fileName)).body.toString()).toBe('old')
    const query = { bucketId: b2.bucketId, prefix: fileName }
    expect(filesOf(await b2.client.call('list_file_names', query))).toMatchObject([{ action: 'upload' }])

    succeed(await sendPart(b2, fileId, 1, bytesOf(PART_BYTES, 1)))
    succeed(await sendPart(b2, fileId, 2, 'x'))
    succeed(await finish(b2, fileId, [sha1(bytesOf(PART_BYTES, 1)), sha1('x')]))
    expect(await unfinishedOf(b2, fileName)).toEqual([])
    expect((await b2.versionsOf(fileName)).map((version) => version.action)).toEqual(['upload', 'upload'])
    expect((await b2.download(fileName)).body).toHaveLength(PART_BYTES + 1)
  })

  // Inferred, not documented: a version that was uploaded while a large file was on its way stays the current one.
  test('keep the time they were started, and the newest by that time is the current one', async (b2) => {
    const fileName = b2.newName()
    const started = await startLarge(b2, fileName)
    const meanwhile = await b2.store(fileName, 'meanwhile')
    const part = bytesOf(PART_BYTES, 3)
    succeed(await sendPart(b2, started.fileId, 1, part))
    expect(succeed(await finish(b2, started.fileId, [sha1(part)]))).toMatchObject({
      uploadTimestamp: started.uploadTimestamp,
    })
    const versions = await b2.versionsOf(fileName)
    const current = await b2.download(fileName)
    expect(current.headers['x-bz-file-id']).toBe(versions[0]?.fileId)
    if (b2.isEmulator) expect(current.headers['x-bz-file-id']).toBe(meanwhile.fileId)
  })

  test('list their parts in pages', async (b2) => {
    const { fileId } = await startLarge(b2, b2.newName())
    for (const partNumber of [4, 1, 2]) succeed(await sendPart(b2, fileId, partNumber, `part ${partNumber}`))
    const list = async (params: object) => succeed<PartsPage>(await b2.client.call('list_parts', { fileId, ...params }))
    const numbers = (page: PartsPage): number[] => page.parts.map((part) => part.partNumber)
    const all = await list({})
    expect([numbers(all), all.nextPartNumber]).toEqual([[1, 2, 4], null])
    expect(all.parts.map((part) => part.contentSha1)).toEqual([1, 2, 4].map((n) => sha1(`part ${n}`)))
    const [one, two] = [await list({ maxPartCount: 1 }), await list({ startPartNumber: 2, maxPartCount: 1 })]
    expect([numbers(one), numbers(two)]).toEqual([[1], [2]])
    // The cursor may name a part that does not exist.
    const rest = await list({ startPartNumber: two.nextPartNumber })
    expect([numbers(rest), rest.nextPartNumber]).toEqual([[4], null])
    expect(await b2.client.call('list_parts', { fileId, maxPartCount: 1001 })).toMatchObject({
      status: 400,
      json: { code: expect.toBeOneOf(['out_of_range', 'bad_request']) },
    })
  })

  test('are listed while unfinished in pages, by prefix', async (b2) => {
    const folder = `${b2.newName()}/`
    const started: string[] = []
    for (const name of ['a', 'b', 'a']) started.push((await startLarge(b2, folder + name)).fileId)
    const listed: string[] = []
    let startFileId: string | null = null
    do {
      const params: object = { bucketId: b2.bucketId, namePrefix: folder, maxFileCount: 2, startFileId }
      const reply = await b2.client.call('list_unfinished_large_files', params)
      listed.push(...filesOf(reply).map((file) => file.fileId))
      startFileId = reply.json['nextFileId'] as string | null
    } while (startFileId !== null)
    // In which order is not documented.
    expect(listed.sort()).toEqual(started.sort())
    expect(await unfinishedOf(b2, `${folder}b`)).toMatchObject([{ fileName: `${folder}b` }])
    const tooMany = { bucketId: b2.bucketId, namePrefix: folder, maxFileCount: 101 }
    expect(await b2.client.call('list_unfinished_large_files', tooMany)).toMatchObject({ status: 400 })
  })

  test('are not finished while a part is missing, or has another hash', async (b2) => {
    const { fileId } = await startLarge(b2, b2.newName())
    const part = bytesOf(PART_BYTES, 1)
    succeed(await sendPart(b2, fileId, 1, part))
    const absent = await finish(b2, fileId, [part, 'x'].map(sha1))
    expect(absent).toMatchObject({ status: 400, json: { code: expect.toBeOneOf(['missing_part', 'bad_request']) } })
    succeed(await sendPart(b2, fileId, 2, 'x'))
    const other = await finish(b2, fileId, [part, 'y'].map(sha1))
    expect(other).toMatchObject({
      status: 400,
      json: { code: expect.toBeOneOf(['part_sha1_mismatch', 'bad_request']) },
    })
    for (const tooFew of [[], [sha1(part)]]) expect(await finish(b2, fileId, tooFew)).toMatchObject({ status: 400 })
    if (b2.isEmulator) {
      expect([absent.json['code'], other.json['code']]).toEqual(['missing_part', 'part_sha1_mismatch'])
    }
    expect(await finish(b2, fileId, [part, 'x'].map(sha1))).toMatchObject({ status: 200 })
  })

  test('take a part that is too small, and refuse it at the end', async (b2) => {
    const { fileId } = await startLarge(b2, b2.newName())
    const short = bytesOf(PART_BYTES - 1, 1)
    succeed(await sendPart(b2, fileId, 1, short))
    succeed(await sendPart(b2, fileId, 2, 'x'))
    expect(await finish(b2, fileId, [short, 'x'].map(sha1))).toMatchObject(badRequest)
    const whole = bytesOf(PART_BYTES, 1)
    succeed(await sendPart(b2, fileId, 1, whole))
    expect(await finish(b2, fileId, [whole, 'x'].map(sha1))).toMatchObject({ status: 200 })
  })

  test('are finished once', async (b2) => {
    const fileName = b2.newName()
    const { fileId } = await startLarge(b2, fileName)
    const part = bytesOf(PART_BYTES, 1)
    const hashes = [part, 'x'].map(sha1)
    succeed(await sendPart(b2, fileId, 1, part))
    succeed(await sendPart(b2, fileId, 2, 'x'))
    expect(await finish(b2, fileId, hashes)).toMatchObject({ status: 200 })
    expect(await finish(b2, fileId, hashes)).toMatchObject({ status: 400 })
    expect(await b2.client.call('list_parts', { fileId })).toMatchObject({ status: 400 })
    expect(await b2.client.call('get_upload_part_url', { fileId })).toMatchObject({ status: 400 })
    expect(await b2.client.call('cancel_large_file', { fileId })).toMatchObject({ status: 400 })
    expect(await b2.versionsOf(fileName)).toMatchObject([{ fileId, action: 'upload' }])
  })

  test('leave nothing when they are cancelled, or deleted like a version', async (b2) => {
    const { accountId } = b2.client
    const { bucketId } = b2
    const [cancelled, deleted] = [b2.newName(), b2.newName()]
    const { fileId } = await startLarge(b2, cancelled)
    succeed(await sendPart(b2, fileId, 1, 'x'))
    expect(succeed(await b2.client.call('cancel_large_file', { fileId }))).toMatchObject({
      accountId,
      bucketId,
      fileId,
      fileName: cancelled,
    })
    expect(await b2.client.call('cancel_large_file', { fileId })).toMatchObject({ status: 400 })
    expect(await b2.client.call('list_parts', { fileId })).toMatchObject({ status: 400 })
    expect(await finish(b2, fileId, [sha1('x')])).toMatchObject({ status: 400 })

    const other = await startLarge(b2, deleted)
    const version = { fileName: deleted, fileId: other.fileId }
    expect(await b2.client.call('delete_file_version', version)).toMatchObject({ status: 200 })
    for (const fileName of [cancelled, deleted]) {
      expect(await b2.versionsOf(fileName)).toEqual([])
      expect(await unfinishedOf(b2, fileName)).toEqual([])
    }
    expect(await b2.client.call('cancel_large_file', { fileId: 'bad-id' })).toMatchObject(badRequest)
  })

  test('are refused with a name or info that an upload could not have', async (b2) => {
    const { bucketId } = b2
    const good = { bucketId, fileName: b2.newName(), contentType: 'b2/x-auto' }
    for (const bad of [
      { fileName: '' },
      { fileName: `${good.fileName}\ttab` },
      { fileName: good.fileName.padEnd(1025, 'x') },
      { fileInfo: { 'b2-mine': 'x' } },
      { fileInfo: { long: 'x'.repeat(7000) } },
      { contentType: undefined },
    ]) {
      const reply = await b2.client.call('start_large_file', { ...good, ...bad })
      expect([bad, reply]).toMatchObject([bad, badRequest])
    }
  })
})

contract('b2_upload_part', [], (test) => {
  test('checks the hash, which may come after the bytes', async (b2) => {
    const { fileId } = await startLarge(b2, b2.newName())
    const url = succeed<UploadUrl>(await b2.client.call('get_upload_part_url', { fileId }))
    expect(url).toMatchObject({ fileId, uploadUrl: expect.any(String), authorizationToken: expect.any(String) })
    const atEnd = { 'X-Bz-Content-Sha1': 'hex_digits_at_end' }
    const sent = await uploadPartTo(url, 1, `part${sha1('part')}`, atEnd)
    expect(sent).toMatchObject({ status: 200, json: { contentLength: 4, contentSha1: sha1('part') } })
    const wrong = await uploadPartTo(url, 2, 'part', { 'X-Bz-Content-Sha1': sha1('other') })
    expect(wrong).toMatchObject({
      status: 400,
      json: { code: 'bad_request', message: expect.stringMatching(/^(Sha1|Checksum) did not match data received/) },
    })
    expect(await b2.client.call('list_parts', { fileId })).toMatchObject({ json: { parts: [{ partNumber: 1 }] } })
  })

  test('refuses numbers outside of 1 to 10,000', async (b2) => {
    const { fileId } = await startLarge(b2, b2.newName())
    expect(await sendPart(b2, fileId, 10_000, 'x')).toMatchObject({ status: 200 })
    for (const partNumber of [0, 10_001]) {
      expect(await sendPart(b2, fileId, partNumber, 'x')).toMatchObject({ status: 400 })
    }
  })

  test('takes no part after the file was cancelled', async (b2) => {
    const { fileId } = await startLarge(b2, b2.newName())
    const url = succeed<UploadUrl>(await b2.client.call('get_upload_part_url', { fileId }))
    succeed(await b2.client.call('cancel_large_file', { fileId }))
    const { status } = await uploadPartTo(url, 1, 'x')
    expect(status).toBeOneOf([400, 401])
    expect(await b2.client.call('get_upload_part_url', { fileId })).toMatchObject({ status: 400 })
  })
})
