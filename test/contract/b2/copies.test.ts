import { expect } from 'vitest'
import { bytesOf, finish, PART_BYTES, sendPart, startLarge } from './large.ts'
import { contract, filesOf, succeed } from './service.ts'
import { sha1 } from './wire.ts'
import type { FileJson } from './wire.ts'

const DIGITS = '0123456789'

contract('b2_copy_file', [], (test) => {
  test('makes a new file of the same content, type and info', async (b2) => {
    const source = await b2.store(b2.newName(), DIGITS, { 'Content-Type': 'text/plain', 'X-Bz-Info-color': 'red' })
    const fileName = b2.newName(' \u00e4+')
    const copy = succeed<FileJson>(await b2.client.call('copy_file', { sourceFileId: source.fileId, fileName }))
    const same = { fileName, contentLength: 10, contentType: 'text/plain', fileInfo: { color: 'red' } }
    expect(copy).toMatchObject({ action: 'copy', bucketId: b2.bucketId, contentSha1: sha1(DIGITS), ...same })
    expect(copy.fileId).not.toBe(source.fileId)
    expect((await b2.download(fileName)).body.toString()).toBe(DIGITS)
    // Only the answer itself says `copy`.
    const listed = await b2.client.call('list_file_names', { bucketId: b2.bucketId, prefix: fileName })
    expect(filesOf(listed)).toMatchObject([{ action: 'upload', fileId: copy.fileId, ...same }])
  })

  test('takes other type and info with REPLACE, also onto the same name, as a new version', async (b2) => {
    const { fileName, fileId } = await b2.store(b2.newName(), DIGITS, { 'X-Bz-Info-color': 'red' })
    const change = { contentType: 'text/x-other', fileInfo: { shape: 'J\u00fcrgen +' } }
    const params = { sourceFileId: fileId, fileName, metadataDirective: 'REPLACE', ...change }
    const copy = succeed<FileJson>(await b2.client.call('copy_file', params))
    expect(copy).toMatchObject({ fileName, contentSha1: sha1(DIGITS), ...change })
    expect((await b2.versionsOf(fileName)).map((version) => version.fileId)).toEqual([copy.fileId, fileId])
    const reply = await b2.download(fileName)
    expect(reply.headers).toMatchObject({ 'content-type': expect.stringMatching(/^text\/x-other/) })
    expect(reply.headers).not.toHaveProperty('x-bz-info-color')
  })

  test('needs a type for REPLACE, and takes none for COPY', async (b2) => {
    const { fileId } = await b2.store(b2.newName())
    const params = { sourceFileId: fileId, fileName: b2.newName() }
    for (const wrong of [
      { metadataDirective: 'REPLACE', fileInfo: { a: 'b' } },
      { metadataDirective: 'COPY', contentType: 'text/plain' },
      { metadataDirective: 'SOMEHOW' },
      { fileName: '' },
    ]) {
      const reply = await b2.client.call('copy_file', { ...params, ...wrong })
      expect([wrong, reply]).toMatchObject([wrong, { status: 400, json: { code: 'bad_request' } }])
    }
    expect(await b2.versionsOf(params.fileName)).toEqual([])
  })

  test('copies a range, both ends included', async (b2) => {
    const { fileId } = await b2.store(b2.newName(), DIGITS)
    const fileName = b2.newName()
    const params = { sourceFileId: fileId, fileName, range: 'bytes=3-5' }
    const copy = succeed<FileJson>(await b2.client.call('copy_file', params))
    expect(copy.contentLength).toBe(3)
    // Whether a copied range gets a SHA-1 is not documented.
    expect(copy.contentSha1).toBeOneOf([sha1('345'), 'none', null])
    expect((await b2.download(fileName)).body.toString()).toBe('345')
  })

  test('refuses a range outside of the source', async (b2) => {
    const { fileId } = await b2.store(b2.newName(), DIGITS)
    const fileName = b2.newName()
    const params = { sourceFileId: fileId, fileName, range: 'bytes=10-12' }
    expect(await b2.client.call('copy_file', params)).toMatchObject({
      status: 416,
      json: { code: 'range_not_satisfiable', status: 416 },
    })
    expect(await b2.versionsOf(fileName)).toEqual([])
  })

  test('takes old and hidden versions as its source, which brings them back', async (b2) => {
    const fileName = b2.newName()
    const { fileId } = await b2.store(fileName, 'old')
    await b2.store(fileName, 'new')
    succeed(await b2.client.call('hide_file', { bucketId: b2.bucketId, fileName }))
    succeed(await b2.client.call('copy_file', { sourceFileId: fileId, fileName }))
    expect((await b2.download(fileName)).body.toString()).toBe('old')
  })

  test('copies a large file in one call', async (b2) => {
    const { fileId } = await startLarge(b2, b2.newName(), { large_file_sha1: sha1('whatever') })
    const part = bytesOf(PART_BYTES, 1)
    succeed(await sendPart(b2, fileId, 1, part))
    succeed(await sendPart(b2, fileId, 2, 'end'))
    succeed(await finish(b2, fileId, [part, 'end'].map(sha1)))
    const fileName = b2.newName()
    const copy = succeed<FileJson>(await b2.client.call('copy_file', { sourceFileId: fileId, fileName }))
    const whole = Buffer.concat([part, Buffer.from('end')])
    expect(copy.contentLength).toBe(whole.length)
    // Whether the copy gains a SHA-1 is not documented.
    expect(copy.contentSha1).toBeOneOf([sha1(whole), 'none', null])
    expect(sha1((await b2.download(fileName)).body)).toBe(sha1(whole))
  })

  test('knows no source that is gone, and none that is no file id', async (b2) => {
    const { fileName, fileId } = await b2.store(b2.newName())
    succeed(await b2.client.call('delete_file_version', { fileName, fileId }))
    const gone = await b2.client.call('copy_file', { sourceFileId: fileId, fileName })
    expect(gone).toMatchObject({ status: 404, json: { code: expect.toBeOneOf(['not_found', 'file_not_present']) } })
    const malformed = await b2.client.call('copy_file', { sourceFileId: 'nonsense', fileName })
    expect(malformed).toMatchObject({ status: 400, json: { code: 'bad_request' } })
  })
})

contract('b2_copy_part', [], (test) => {
  test('takes ranges as parts, beside uploaded ones, and answers the SHA-1 of the range', async (b2) => {
    const old = bytesOf(PART_BYTES + 1000, 7)
    const source = await b2.store(b2.newName(), old)
    const fileName = b2.newName()
    const { fileId } = await startLarge(b2, fileName)
    const copyPart = async (partNumber: number, range?: string) =>
      b2.client.call('copy_part', { sourceFileId: source.fileId, largeFileId: fileId, partNumber, range })
    const [middle, uploaded, last] = [old.subarray(500, PART_BYTES + 500), bytesOf(PART_BYTES, 8), old.subarray(0, 4)]
    const copied = succeed<object>(await copyPart(1, `bytes=500-${PART_BYTES + 499}`))
    expect(copied).toMatchObject({ fileId, partNumber: 1, contentLength: PART_BYTES, contentSha1: sha1(middle) })
    succeed(await sendPart(b2, fileId, 2, uploaded))
    // Too small for any place but the last, which is found out when the file is finished.
    expect(await copyPart(3, 'bytes=0-3')).toMatchObject({ status: 200, json: { contentSha1: sha1(last) } })
    expect(await copyPart(4)).toMatchObject({ status: 200, json: { contentSha1: sha1(old) } })
    expect(await b2.client.call('list_parts', { fileId })).toMatchObject({
      json: { parts: [middle, uploaded, last, old].map((part) => ({ contentSha1: sha1(part) })) },
    })
    const hashes = [middle, uploaded, old].map(sha1)
    expect(await finish(b2, fileId, [...hashes.slice(0, 2), sha1(last), sha1(old)])).toMatchObject({ status: 400 })
    succeed(await copyPart(3))
    succeed(await copyPart(4, 'bytes=0-3'))
    expect(await finish(b2, fileId, [...hashes, sha1(last)])).toMatchObject({ status: 200 })
    const whole = Buffer.concat([middle, uploaded, old, last])
    expect(sha1((await b2.download(fileName)).body)).toBe(sha1(whole))
  })

  test('refuses what is outside of the source, a source that is gone, and a file that is not being sent', async (b2) => {
    const source = await b2.store(b2.newName(), DIGITS)
    const { fileId, fileName } = await startLarge(b2, b2.newName())
    const params = { sourceFileId: source.fileId, largeFileId: fileId, partNumber: 1 }
    const copyPart = async (other: object) => b2.client.call('copy_part', { ...params, ...other })
    expect(await copyPart({ range: 'bytes=10-12' })).toMatchObject({
      status: 416,
      json: { code: 'range_not_satisfiable' },
    })
    expect(await copyPart({ partNumber: 0 })).toMatchObject({ status: 400 })
    expect(await copyPart({ partNumber: 10_001 })).toMatchObject({ status: 400 })
    expect(await copyPart({ largeFileId: source.fileId })).toMatchObject({ status: 400 })
    expect(await b2.client.call('list_parts', { fileId })).toMatchObject({ json: { parts: [] } })

    succeed(await b2.client.call('delete_file_version', { fileName: source.fileName, fileId: source.fileId }))
    expect((await copyPart({})).status).toBeOneOf([400, 404])
    succeed(await b2.client.call('delete_file_version', { fileName, fileId }))
    expect((await copyPart({})).status).toBeOneOf([400, 404])
  })
})
