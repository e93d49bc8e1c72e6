import { expect } from 'vitest'
import { contract, filesOf, succeed } from './service.ts'
import type { B2 } from './service.ts'
import type { FileJson } from './wire.ts'

type Page = {
  readonly files: readonly FileJson[]
  readonly nextFileName: string | null
  readonly nextFileId?: string | null
}

type Query = { readonly prefix: string; readonly delimiter?: string; readonly maxFileCount: number }

/** Follows the cursors of a listing to the end; every page is within the asked size, and none repeats. */
async function listAll(b2: B2, operation: string, query: Query): Promise<FileJson[]> {
  const all: FileJson[] = []
  const cursors = new Set<string>()
  let cursor: object = {}
  for (;;) {
    const page = succeed<Page>(await b2.client.call(operation, { bucketId: b2.bucketId, ...query, ...cursor }))
    expect(page.files.length).toBeLessThanOrEqual(query.maxFileCount)
    all.push(...page.files)
    if (page.nextFileName === null) return all
    cursor = {
      startFileName: page.nextFileName,
      ...(page.nextFileId == null ? {} : { startFileId: page.nextFileId }),
    }
    const seen = JSON.stringify(cursor)
    expect(cursors).not.toContain(seen)
    cursors.add(seen)
  }
}

/** Stores files below a new folder, in the order given, and answers the folder. */
async function folderWith(b2: B2, ...names: readonly string[]): Promise<string> {
  const folder = `${b2.newName()}/`
  for (const name of names) await b2.store(folder + name, name)
  return folder
}

async function hide(b2: B2, fileName: string): Promise<FileJson> {
  return succeed<FileJson>(await b2.client.call('hide_file', { bucketId: b2.bucketId, fileName }))
}

const namesIn = (folder: string, files: readonly FileJson[]): string[] =>
  files.map((file) => file.fileName.slice(folder.length))

contract('b2_list_file_names', [], (test) => {
  // U+10400 is above U+FFFD by its bytes and code point, and below it by its UTF-16 units.
  const ordered = ['B', 'a-z', 'a/z', 'b', 'z', '\u00e4', '\uffee', '\u{10400}']

  test('lists names in the order of their UTF-8 bytes, at any page size, and ends with null', async (b2) => {
    const folder = await folderWith(b2, ...[...ordered].reverse())
    for (const maxFileCount of [1, 3, 1000]) {
      const listed = await listAll(b2, 'list_file_names', { prefix: folder, maxFileCount })
      expect(namesIn(folder, listed)).toEqual(ordered)
    }
  })

  test('starts at the cursor, itself included, or after it when it is no name', async (b2) => {
    const prefix = await folderWith(b2, 'a', 'b', 'd')
    const from = async (name: string): Promise<string[]> => {
      const query = { bucketId: b2.bucketId, prefix, startFileName: prefix + name }
      return namesIn(prefix, filesOf(await b2.client.call('list_file_names', query)))
    }
    expect(await from('b')).toEqual(['b', 'd'])
    expect(await from('c')).toEqual(['d'])
  })

  test('tells everything about the newest version of each name, once', async (b2) => {
    const prefix = await folderWith(b2, 'x')
    const newest = await b2.store(`${prefix}x`, 'newer', { 'X-Bz-Info-author': 'J%C3%BCrgen' })
    const files = filesOf(await b2.client.call('list_file_names', { bucketId: b2.bucketId, prefix }))
    expect(files).toEqual([expect.objectContaining(newest)])
    expect(files[0]).toMatchObject({ action: 'upload', contentLength: 5, fileInfo: { author: 'J\u00fcrgen' } })
  })

  test('leaves out hidden names', async (b2) => {
    const prefix = await folderWith(b2, 'a', 'hidden', 'z')
    await hide(b2, `${prefix}hidden`)
    for (const maxFileCount of [1, 100]) {
      const listed = await listAll(b2, 'list_file_names', { prefix, maxFileCount })
      expect(namesIn(prefix, listed)).toEqual(['a', 'z'])
    }
  })

  test('folds what lies deeper than the prefix into folder rows', async (b2) => {
    const prefix = await folderWith(b2, 'docs/x/y', 'photos.txt', 'photos/a', 'photos/b', 'photos/sub/c', 'z')
    const rows = (files: readonly FileJson[]): unknown[] =>
      files.map((file) => [file.action, file.fileName.slice(prefix.length)])
    for (const maxFileCount of [1, 2, 100]) {
      const listed = await listAll(b2, 'list_file_names', { prefix, delimiter: '/', maxFileCount })
      expect(rows(listed)).toEqual([
        ['folder', 'docs/'],
        ['upload', 'photos.txt'],
        ['folder', 'photos/'],
        ['upload', 'z'],
      ])
      expect(listed[0]).toMatchObject({ fileId: null, contentLength: 0, contentType: null, fileInfo: {} })
    }
    const query = { prefix: `${prefix}photos/`, delimiter: '/', maxFileCount: 100 }
    expect(rows(await listAll(b2, 'list_file_names', query))).toEqual([
      ['upload', 'photos/a'],
      ['upload', 'photos/b'],
      ['folder', 'photos/sub/'],
    ])
    expect(rows(await listAll(b2, 'list_file_names', { ...query, prefix: `${prefix}photos` }))).toEqual([
      ['upload', 'photos.txt'],
      ['folder', 'photos/'],
    ])
  })

  test('shows a folder only while it holds a visible file', async (b2) => {
    const prefix = await folderWith(b2, 'gone/1', 'there/1')
    await hide(b2, `${prefix}gone/1`)
    const listed = await listAll(b2, 'list_file_names', { prefix, delimiter: '/', maxFileCount: 100 })
    expect(namesIn(prefix, listed)).toEqual(['there/'])
  })

  test('returns an object that is named like the folder as a file in it', async (b2, skip) => {
    const prefix = `${b2.newName()}/`
    const reply = await b2.upload(prefix, '')
    skip(reply.status !== 200, 'this service stores no names that end with a slash')
    await b2.store(`${prefix}a`)
    const listed = await listAll(b2, 'list_file_names', { prefix, delimiter: '/', maxFileCount: 100 })
    expect(namesIn(prefix, listed)).toEqual(['', 'a'])
  })

  test('takes 0 for its usual page size, and refuses more than 10,000', async ({ client, bucketId, prefix }) => {
    const list = async (maxFileCount: number) => client.call('list_file_names', { bucketId, prefix, maxFileCount })
    expect(await list(0)).toMatchObject({ status: 200 })
    expect(await list(10_000)).toMatchObject({ status: 200 })
    expect(await list(10_001)).toMatchObject({
      status: 400,
      json: { code: expect.toBeOneOf(['out_of_range', 'bad_request']) },
    })
  })

  test('refuses a malformed bucket id, and one of no bucket', async ({ client, prefix }) => {
    const refusal = (...codes: string[]) => ({ status: 400, json: { code: expect.toBeOneOf(codes) } })
    const list = async (bucketId: string) => client.call('list_file_names', { bucketId, prefix })
    expect(await list('nonsense')).toMatchObject(refusal('invalid_bucket_id', 'bad_bucket_id', 'bad_request'))
    const unknown = await list('0'.repeat(24))
    // A key that is limited to buckets is not told whether another one exists.
    if (client.buckets === null) expect(unknown).toMatchObject(refusal('bad_bucket_id', 'invalid_bucket_id'))
    else expect(unknown.status).toBeOneOf([400, 401])
  })
})

contract('b2_list_file_versions', [], (test) => {
  test('lists names in order and each newest first, with hide markers, at any page size', async (b2) => {
    const prefix = await folderWith(b2, 'a', 'b', 'a')
    await hide(b2, `${prefix}a`)
    await b2.store(`${prefix}a`, 'again')
    const whole = await listAll(b2, 'list_file_versions', { prefix, maxFileCount: 100 })
    expect(whole.map((file) => `${file.action} ${file.fileName.slice(prefix.length)}`)).toEqual([
      'upload a',
      'hide a',
      'upload a',
      'upload a',
      'upload b',
    ])
    const times = whole.slice(0, 4).map((file) => file.uploadTimestamp)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    for (const maxFileCount of [1, 2, 3]) {
      const paged = await listAll(b2, 'list_file_versions', { prefix, maxFileCount })
      expect(paged.map((file) => file.fileId)).toEqual(whole.map((file) => file.fileId))
    }
  })

  test('starts at the version of the cursor, itself included, or at the next when it is gone', async (b2) => {
    const prefix = await folderWith(b2, 'x', 'x', 'x', 'y')
    const [newest, middle, oldest, last] = await listAll(b2, 'list_file_versions', {
      prefix,
      maxFileCount: 100,
    })
    const from = async (fileId?: string): Promise<string[]> => {
      const cursor = { startFileName: `${prefix}x`, startFileId: fileId }
      const reply = await b2.client.call('list_file_versions', { bucketId: b2.bucketId, prefix, ...cursor })
      return filesOf(reply).map((file) => file.fileId)
    }
    expect(await from(middle?.fileId)).toEqual([middle?.fileId, oldest?.fileId, last?.fileId])
    const deleted = { fileName: `${prefix}x`, fileId: middle?.fileId }
    succeed(await b2.client.call('delete_file_version', deleted))
    expect(await from(middle?.fileId)).toEqual([oldest?.fileId, last?.fileId])
    expect(await from()).toEqual([newest?.fileId, oldest?.fileId, last?.fileId])
  })

  test('folds with a delimiter too', async (b2) => {
    const prefix = await folderWith(b2, 'a', 'a', 'sub/x')
    const listed = await listAll(b2, 'list_file_versions', { prefix, delimiter: '/', maxFileCount: 1 })
    expect(listed.map((file) => file.action)).toEqual(['upload', 'upload', 'folder'])
  })

  test('refuses an id that is none, and an id without a name', async ({ client, bucketId, prefix, store, newName }) => {
    const { fileName, fileId } = await store(newName())
    const malformed = { bucketId, prefix, startFileName: fileName, startFileId: 'nonsense' }
    expect(await client.call('list_file_versions', malformed)).toMatchObject({
      status: 400,
      json: { code: expect.toBeOneOf(['invalid_file_id', 'bad_request']) },
    })
    expect(await client.call('list_file_versions', { bucketId, prefix, startFileId: fileId })).toMatchObject({
      status: 400,
    })
  })
})
