/**
 * A bare B2 client: says on the wire exactly what a test wants said, and believes nothing it hears.
 *
 * It shares no line with Pail's own client or with the emulator, so that neither can teach it its mistakes. It follows
 * what authorize answers, speaks http and https, and opens a connection for every request.
 */
import { createHash } from 'node:crypto'
import { request as requestHttp } from 'node:http'
import type { ClientRequest, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { request as requestHttps } from 'node:https'

/** An answer. `json` is an empty object when the body is no JSON object. */
export type Reply = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly json: Readonly<Record<string, unknown>>
}

/** What to send. The path of the URL goes out as it is: unlike with fetch, nothing is normalized. */
export type Sending = {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Buffer | string
}

/** The application key to authorize with. */
export type Key = { readonly applicationKeyId: string; readonly applicationKey: string }

/** An upload URL, of a file or of a part, with the token that goes with it. */
export type UploadUrl = { readonly uploadUrl: string; readonly authorizationToken: string }

/** A row of a listing, or what a call answers about a file version. Sizes are bytes, times Unix milliseconds. */
export type FileJson = {
  readonly fileId: string
  readonly fileName: string
  readonly bucketId: string
  readonly action: string
  readonly contentLength: number
  readonly contentType: string | null
  readonly contentSha1: string | null
  readonly fileInfo: Readonly<Record<string, string>>
  readonly uploadTimestamp: number
}

/** Sends one request; rejects when the connection breaks before the answer is complete. */
export async function send(url: string, sending: Sending = {}): Promise<Reply> {
  const { req, reply } = open(url, sending)
  req.end(sending.body)
  return reply
}

/**
 * Sends the headers with `Expect: 100-continue` and resolves when the server asks for the body, or has answered without
 * it. `finish` sends the body if it was asked for, and resolves with the answer.
 */
export async function sendWhenInvited(
  url: string,
  sending: Sending,
): Promise<{ readonly isInvited: boolean; readonly finish: () => Promise<Reply> }> {
  const { req, reply } = open(url, { ...sending, headers: { ...sending.headers, Expect: '100-continue' } })
  const invited = new Promise<boolean>((resolve) => {
    req.once('continue', () => {
      resolve(true)
    })
  })
  req.flushHeaders()
  const isInvited = await Promise.race([invited, reply.then(() => false)])
  const finish = async (): Promise<Reply> => {
    if (isInvited) req.end(sending.body)
    const answered = await reply
    req.destroy()
    return answered
  }
  return { isInvited, finish }
}

function open(url: string, sending: Sending): { readonly req: ClientRequest; readonly reply: Promise<Reply> } {
  const parts = /^(https?):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?(\/.*)?$/.exec(url)
  if (parts === null) throw new Error(`not a URL to send to: ${url}`)
  const [, scheme = '', host = '', port, path = '/'] = parts
  const method = sending.method ?? 'GET'
  const headers = Object.fromEntries(Object.entries(sending.headers ?? {}).filter(([, value]) => value !== undefined))
  const options = { host: host.replace(/^\[|\]$/g, ''), port, path, method, headers, agent: false }
  const req = scheme === 'https' ? requestHttps(options) : requestHttp(options)
  const reply = new Promise<Reply>((resolve, reject) => {
    req.on('error', reject)
    req.on('response', (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () => {
        const body = Buffer.concat(chunks)
        resolve({ status: res.statusCode ?? 0, headers: res.headers, body, json: jsonOf(res.headers, body) })
      })
    })
  })
  return { req, reply }
}

function jsonOf(headers: IncomingHttpHeaders, body: Buffer): Record<string, unknown> {
  if (body.length === 0 || headers['content-type']?.startsWith('application/json') !== true) return {}
  // A download may have this type too, and any content.
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** Calls `b2_authorize_account` of an API version. */
export async function authorize(realm: string, key: Key, apiVersion = 4): Promise<Reply> {
  const pair = Buffer.from(`${key.applicationKeyId}:${key.applicationKey}`).toString('base64')
  return send(`${realm}/b2api/v${apiVersion}/b2_authorize_account`, { headers: { Authorization: `Basic ${pair}` } })
}

/** Somebody authorized. */
export type Client = {
  readonly accountId: string
  readonly token: string
  /** Without a slash at the end. */
  readonly apiUrl: string
  readonly downloadUrl: string
  readonly capabilities: readonly string[]
  /** The buckets the key is limited to; null for all of the account. */
  readonly buckets: readonly { readonly id: string; readonly name: string | null }[] | null
  /** The names the key is limited to; empty for all. */
  readonly namePrefix: string
  /** Makes a JSON call as POST, named without `b2_`. */
  call(operation: string, params?: object, apiVersion?: number): Promise<Reply>
}

/** Authorizes on v4; throws with the answer when that fails. */
export async function connect(realm: string, key: Key): Promise<Client> {
  const reply = await authorize(realm, key)
  if (reply.status !== 200) throw new Error(`authorize answered ${reply.status}: ${reply.body.toString()}`)
  const account = reply.json as unknown as Authorization
  const { apiUrl, downloadUrl, allowed } = account.apiInfo.storageApi
  const token = account.authorizationToken
  return {
    accountId: account.accountId,
    token,
    apiUrl,
    downloadUrl,
    capabilities: allowed.capabilities,
    buckets: allowed.buckets,
    namePrefix: allowed.namePrefix ?? '',
    call: (operation, params = {}, apiVersion = 4) =>
      send(`${apiUrl}/b2api/v${apiVersion}/b2_${operation}`, {
        method: 'POST',
        headers: { Authorization: token, 'Content-Type': 'application/json' },
        body: JSON.stringify(params),
      }),
  }
}

type Authorization = {
  readonly accountId: string
  readonly authorizationToken: string
  readonly apiInfo: {
    readonly storageApi: {
      readonly apiUrl: string
      readonly downloadUrl: string
      readonly allowed: Pick<Client, 'capabilities' | 'buckets'> & { readonly namePrefix: string | null }
    }
  }
}

/** The headers of an ordinary `b2_upload_file`. */
export function uploadHeaders(url: UploadUrl, fileName: string, content: Buffer | string): OutgoingHttpHeaders {
  return {
    Authorization: url.authorizationToken,
    'X-Bz-File-Name': encodeName(fileName),
    'Content-Type': 'application/octet-stream',
    'Content-Length': Buffer.byteLength(content),
    'X-Bz-Content-Sha1': sha1(content),
  }
}

/** Calls `b2_upload_file`; `headers` replace the ordinary ones, an undefined one is left out. */
export async function uploadTo(
  url: UploadUrl,
  fileName: string,
  content: Buffer | string,
  headers: OutgoingHttpHeaders = {},
): Promise<Reply> {
  const all = { ...uploadHeaders(url, fileName, content), ...headers }
  return send(url.uploadUrl, { method: 'POST', headers: all, body: content })
}

/** Calls `b2_upload_part`; `headers` replace the ordinary ones, an undefined one is left out. */
export async function uploadPartTo(
  url: UploadUrl,
  partNumber: number,
  content: Buffer | string,
  headers: OutgoingHttpHeaders = {},
): Promise<Reply> {
  const all = {
    Authorization: url.authorizationToken,
    'X-Bz-Part-Number': partNumber,
    'Content-Length': Buffer.byteLength(content),
    'X-Bz-Content-Sha1': sha1(content),
    ...headers,
  }
  return send(url.uploadUrl, { method: 'POST', headers: all, body: content })
}

/** Encodes every UTF-8 byte but the few that no documentation ever asked to encode. */
export function encodeName(text: string): string {
  return Buffer.from(text).reduce((encoded, byte) => {
    const character = String.fromCharCode(byte)
    const hex = byte.toString(16).toUpperCase().padStart(2, '0')
    return encoded + (/[A-Za-z0-9._~/-]/.test(character) ? character : `%${hex}`)
  }, '')
}

/** Decodes a name or value of a response header: `%XX` of UTF-8 bytes, and `+` for a space. */
export function decodeName(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '))
}

/** 40 lower-case hex digits. */
export function sha1(content: Buffer | string): string {
  return createHash('sha1').update(content).digest('hex')
}
