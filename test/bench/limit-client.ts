/**
 * The limit: a bare client that only posts bytes whose SHA-1s it is told, as fast as undici can, on so many connections.
 * `limit-client.ts MANIFEST`. It looks for nothing, remembers nothing, and gives up at the first answer that is no 200.
 */
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { Client } from 'undici'

/** What to send, and into which bucket. */
export type Manifest = {
  readonly bucketId: string
  /** Uploads at a time. */
  readonly connections: number
  readonly files: readonly {
    readonly path: string
    /** In the bucket. */
    readonly name: string
    /** Unix milliseconds. */
    readonly modifiedMs: number
    /** More than one for a file that is sent in parts. */
    readonly parts: readonly { readonly bytes: number; readonly sha1: string }[]
  }[]
}

type Account = {
  readonly authorizationToken: string
  readonly apiInfo: { readonly storageApi: { readonly apiUrl: string } }
}

const AT_ONCE_BYTES = 2 ** 20

/** One request to an upload URL. */
type Piece = {
  readonly path: string
  readonly start: number
  readonly bytes: number
  readonly headers: Readonly<Record<string, string>>
}

type UploadUrl = { readonly uploadUrl: string; readonly authorizationToken: string }

const env = (name: string): string => process.env[name] ?? ''
const { bucketId, connections, files } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Manifest

const realm = new Client(env('B2_REALM_URL'))
const basic = Buffer.from(`${env('B2_APPLICATION_KEY_ID')}:${env('B2_APPLICATION_KEY')}`).toString('base64')
const account = await json<Account>(realm, 'GET', '/b2api/v4/b2_authorize_account', `Basic ${basic}`)
const api = new Client(account.apiInfo.storageApi.apiUrl)

const [small, large] = [files.filter(({ parts }) => parts.length === 1), files.filter(({ parts }) => parts.length > 1)]
if (small.length > 0) {
  await sendAll(
    small.map(({ path, name, modifiedMs, parts: [{ bytes, sha1 } = { bytes: 0, sha1: '' }] }) => {
      const info = { 'X-Bz-Info-src_last_modified_millis': String(modifiedMs) }
      const headers = {
        'X-Bz-File-Name': encode(name),
        'Content-Type': 'b2/x-auto',
        'X-Bz-Content-Sha1': sha1,
        ...info,
      }
      return { path, start: 0, bytes, headers }
    }),
    () => call<UploadUrl>('b2_get_upload_url', { bucketId }),
  )
}
for (const { path, name, modifiedMs, parts } of large) {
  const fileInfo = { src_last_modified_millis: String(modifiedMs) }
  const started = { bucketId, fileName: name, contentType: 'b2/x-auto', fileInfo }
  const { fileId } = await call<{ fileId: string }>('b2_start_large_file', started)
  let start = 0
  const pieces = parts.map(({ bytes, sha1 }, index) => {
    const piece = { path, start, bytes, headers: { 'X-Bz-Part-Number': String(index + 1), 'X-Bz-Content-Sha1': sha1 } }
    start += bytes
    return piece
  })
  await sendAll(pieces, () => call<UploadUrl>('b2_get_upload_part_url', { fileId }))
  await call('b2_finish_large_file', { fileId, partSha1Array: parts.map(({ sha1 }) => sha1) })
}
await Promise.all([realm.close(), api.close()])

async function sendAll(pieces: readonly Piece[], urlOf: () => Promise<UploadUrl>): Promise<void> {
  const queue = pieces.values()
  const lane = async (): Promise<void> => {
    const { uploadUrl, authorizationToken } = await urlOf()
    const { origin, pathname } = new URL(uploadUrl)
    const client = new Client(origin)
    for (const { path, start, bytes, headers } of queue) {
      const all = { ...headers, Authorization: authorizationToken, 'Content-Length': String(bytes) }
      const body = read(path, start, bytes)
      const answer = await client.request({ method: 'POST', path: pathname, headers: all, body })
      const text = await answer.body.text()
      if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`)
    }
    await client.close()
  }
  await Promise.all(Array.from({ length: Math.min(connections, pieces.length) }, lane))
}

/** A small file at once; of a larger one the thread pool reads the next bytes while the last ones are sent. */
function read(path: string, start: number, bytes: number): Buffer | Readable {
  if (bytes > AT_ONCE_BYTES) {
    return createReadStream(path, { start, end: start + bytes - 1, highWaterMark: AT_ONCE_BYTES })
  }
  const content = Buffer.allocUnsafe(bytes)
  const fd = openSync(path, 'r')
  for (let at = 0; at < bytes;) at += readSync(fd, content, at, bytes - at, start + at)
  closeSync(fd)
  return content
}

function call<T>(operation: string, params: unknown): Promise<T> {
  return json<T>(api, 'POST', `/b2api/v4/${operation}`, account.authorizationToken, JSON.stringify(params))
}

async function json<T>(client: Client, method: 'GET' | 'POST', path: string, token: string, body?: string): Promise<T> {
  const answer = await client.request({ method, path, headers: { Authorization: token }, body: body ?? null })
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await answer.body.text()}`)
  return (await answer.body.json()) as T
}

function encode(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}
