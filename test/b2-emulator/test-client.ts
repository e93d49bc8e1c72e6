/** A bare B2 client for the emulator's own tests: says exactly what a test wants said, checks nothing. */
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Emulator } from './emulator.ts'

/** An answer; `json` is undefined when the body is none. */
export type Reply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly json: Record<string, unknown> | undefined
}

/** What to send; the path goes out as it is, unlike with fetch, which would normalize it. */
export type Sending = {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Buffer | string | Readable
}

/** Sends one request on a connection of its own; rejects when the connection breaks before the answer. */
export async function send(url: string, sending: Sending = {}): Promise<Reply> {
  const [, host = '', port = '', path = '/'] = /^http:\/\/([^:/]+):(\d+)(.*)$/.exec(url) ?? []
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const options = { host, port, path, method: sending.method ?? 'GET', headers: sending.headers ?? {}, agent: false }
  const req = request(options, (res) => {
    const chunks: Buffer[] = []
    res.on('data', (chunk: Buffer) => chunks.push(chunk))
    res.on('error', reject)
    res.on('end', () => {
      const body = Buffer.concat(chunks)
      const isJson = res.headers['content-type']?.startsWith('application/json;') === true && body.length > 0
      const json = isJson ? (JSON.parse(body.toString()) as Record<string, unknown>) : undefined
      resolve({ status: res.statusCode ?? 0, headers: res.headers, body, json })
    })
  })
  req.on('error', reject)
  if (sending.body instanceof Readable) pipeline(sending.body, req).catch(reject)
  else req.end(sending.body)
  return promise
}

/** An upload URL and its token. */
export type UploadUrl = { readonly uploadUrl: string; readonly authorizationToken: string }

/** An authorized client. */
export type Client = {
  readonly accountId: string
  readonly token: string
  /** The answer to authorize. */
  readonly authorization: Record<string, unknown>
  /** Makes a JSON call, by the name without `b2_`. */
  call(operation: string, params?: unknown, apiVersion?: number): Promise<Reply>
  getUploadUrl(bucketName: string): Promise<UploadUrl>
  /** Uploads with a URL of its own. */
  upload(bucketName: string, fileName: string, content?: Buffer | string, headers?: OutgoingHttpHeaders): Promise<Reply>
  /** Downloads by name with the account token. */
  download(bucketName: string, fileName: string, headers?: OutgoingHttpHeaders): Promise<Reply>
}

/** Authorizes with the emulator's own key, or another. */
export async function connect(
  emulator: Emulator,
  key: { readonly applicationKeyId: string; readonly applicationKey: string } = emulator,
): Promise<Client> {
  const { realm } = emulator
  const authorization = (await authorize(realm, key)).json ?? {}
  const token = String(authorization['authorizationToken'])
  const accountId = String(authorization['accountId'])
  const call: Client['call'] = (operation, params = {}, apiVersion = 4) =>
    send(`${realm}/b2api/v${apiVersion}/b2_${operation}`, {
      method: 'POST',
      headers: { Authorization: token },
      body: JSON.stringify(params),
    })
  const getUploadUrl: Client['getUploadUrl'] = async (bucketName) => {
    const reply = await call('get_upload_url', { bucketId: bucketIdOf(emulator, bucketName) })
    return reply.json as UploadUrl
  }
  return {
    accountId,
    token,
    authorization,
    call,
    getUploadUrl,
    upload: async (bucketName, fileName, content = 'content', headers = {}) =>
      uploadTo(await getUploadUrl(bucketName), fileName, content, headers),
    download: (bucketName, fileName, headers = {}) =>
      send(`${realm}/file/${bucketName}/${encodeName(fileName)}`, { headers: { Authorization: token, ...headers } }),
  }
}

/** Calls `b2_authorize_account` of an API version. */
export async function authorize(
  realm: string,
  key: { readonly applicationKeyId: string; readonly applicationKey: string },
  apiVersion = 4,
): Promise<Reply> {
  const pair = Buffer.from(`${key.applicationKeyId}:${key.applicationKey}`).toString('base64')
  return send(`${realm}/b2api/v${apiVersion}/b2_authorize_account`, { headers: { Authorization: `Basic ${pair}` } })
}

/** Uploads to a URL; `headers` replace the ordinary ones, an undefined one is left out. */
export async function uploadTo(
  url: UploadUrl,
  fileName: string,
  content: Buffer | string,
  headers: OutgoingHttpHeaders = {},
): Promise<Reply> {
  const all: OutgoingHttpHeaders = { ...uploadHeaders(url, fileName, content), ...headers }
  for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name]
  return send(url.uploadUrl, { method: 'POST', headers: all, body: content })
}

/** The headers of an ordinary upload. */
export function uploadHeaders(url: UploadUrl, fileName: string, content: Buffer | string): OutgoingHttpHeaders {
  return {
    Authorization: url.authorizationToken,
    'X-Bz-File-Name': encodeName(fileName),
    'Content-Type': 'b2/x-auto',
    'Content-Length': Buffer.byteLength(content),
    'X-Bz-Content-Sha1': sha1(content),
  }
}

/** Starts a large file and answers its id. */
export async function startLarge(
  client: Client,
  bucketId: string,
  fileName: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const params = { bucketId, fileName, contentType: 'application/octet-stream', ...fields }
  return String((await client.call('start_large_file', params)).json?.['fileId'])
}

/** Uploads a part with a URL of its own; `headers` replace the ordinary ones. */
export async function uploadPart(
  client: Client,
  fileId: string,
  partNumber: number,
  content: Buffer | string,
  headers: OutgoingHttpHeaders = {},
): Promise<Reply> {
  const url = (await client.call('get_upload_part_url', { fileId })).json as UploadUrl
  return uploadPartTo(url, partNumber, content, headers)
}

/** Uploads a part to a URL; `headers` replace the ordinary ones, an undefined one is left out. */
export async function uploadPartTo(
  url: UploadUrl,
  partNumber: number,
  content: Buffer | string,
  headers: OutgoingHttpHeaders = {},
): Promise<Reply> {
  const all: OutgoingHttpHeaders = {
    Authorization: url.authorizationToken,
    'X-Bz-Part-Number': partNumber,
    'Content-Length': Buffer.byteLength(content),
    'X-Bz-Content-Sha1': sha1(content),
    ...headers,
  }
  for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name]
  return send(url.uploadUrl, { method: 'POST', headers: all, body: content })
}

/** Percent-encodes everything but unreserved characters and `/`. */
export function encodeName(fileName: string): string {
  return encodeURIComponent(fileName).replaceAll('%2F', '/')
}

/** 40 hex digits. */
export function sha1(content: Buffer | string): string {
  return createHash('sha1').update(content).digest('hex')
}

/** The id of a bucket; throws when there is none of that name. */
export function bucketIdOf(emulator: Emulator, bucketName: string): string {
  const bucket = emulator.buckets.find((each) => each.bucketName === bucketName)
  if (bucket === undefined) throw new Error(`no bucket ${bucketName}`)
  return bucket.bucketId
}

/** The names of a listing's rows. */
export function namesOf(reply: Reply): string[] {
  return (reply.json?.['files'] as { fileName: string }[]).map((file) => file.fileName)
}

/** Names that break careless encoders, sorters and path handling. */
export const NASTY_NAMES: readonly string[] = [
  'a b.txt',
  ' leading and trailing ',
  'plus+plus.txt',
  '100%.txt',
  '%41.txt',
  'hash#tag?.txt',
  'a&b,c;d=e.txt',
  `quotes"'\`.txt`,
  'brackets[]{}()<>|^~!$*@:.txt',
  'back\\slash.txt',
  'Straße Ä ö ü.txt',
  'Stra\u00dfe A\u0308.txt',
  '自由/写真.jpg',
  '🪣 emoji 👩‍👩‍👧.png',
  '\u{10400}.txt',
  '\uFFFD.txt',
  '\uFEFFbom.txt',
  'double//slash',
  '/leading',
  'trailing/',
  'a/../b/./c',
  `deep/${'x/'.repeat(100)}file`,
  'long-'.repeat(200),
]
