/**
 * Downloads: the bytes of one version as they come, whole or a range.
 *
 * A connection that breaks is replaced and goes on after the last byte received, from the very same version, also when
 * the name has got a newer one meanwhile. A whole file is compared with its SHA-1 at the end. What the reader does not
 * take is not received.
 */
import { createHash } from 'node:crypto'
import { EngineError, isEngineError } from '../../../shared/errors.ts'
import { authorized, withRetries, type Api, type CallOptions } from './call.ts'
import { claimedSha1 } from './content-sha1.ts'
import type { ByteRange } from './copy.ts'
import { interpretB2Error, interpretErrorAnswer, remedyOf, type HttpHeaders } from './errors.ts'
import { decodeHeader, readInfoHeaders } from './file-info.ts'
import type { HttpStream } from './http.ts'
import { percentEncode } from './names.ts'
import type { Intent } from './permissions.ts'
import { PATIENT, waitFor } from './retry.ts'
import type { Authorization } from './session.ts'

/** What a download that breaks in the middle is called: it goes on by id. */
const OPERATION = { operation: 'b2_download_file_by_id' }

/** A connection that brought less was not worth opening: one read of a socket. */
const POOR_BYTES = 65_536

/** One version by its id, or the newest one of a name. */
export type DownloadSource = { readonly fileId: string } | { readonly bucketName: string; readonly fileName: string }

/** What the headers of a download say of the version. */
export type FileHead = {
  readonly fileId: string
  readonly fileName: string
  /** Bytes of the whole file. */
  readonly contentLength: number
  readonly contentType: string
  /** 40 hex digits, `none` for large files, or `unverified:` and 40 hex digits. */
  readonly contentSha1: string
  readonly fileInfo: Readonly<Record<string, string>>
  /** Unix milliseconds. */
  readonly uploadTimestamp: number
}

export type DownloadOptions = CallOptions & {
  /** Only these bytes; an end beyond the file's is its end. */
  readonly range?: ByteRange | undefined
}

export type Download = FileHead & {
  /** The bytes these chunks make up. */
  readonly range: ByteRange
  /**
   * To be read once; whoever stops early ends the connection, and who does not even begin calls `discard`. Throws `checksum_mismatch` after the last byte of a whole
   * file that is not what was uploaded, and what the connection threw when trying again did not help.
   */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Ends the connection of a download that is not wanted after all. */
  discard(): void
}

/**
 * Begins a download. Throws `not_found` (also for a hidden name), `b2_refused` (status 416) for a range that begins
 * after the end, `capability_missing`, `bucket_not_allowed`, or what the network threw in the end.
 */
export async function downloadFile(
  api: Api,
  source: DownloadSource,
  { range, ...options }: DownloadOptions = {},
): Promise<Download> {
  const open = (from: DownloadSource, bytes: ByteRange | undefined): Promise<OpenDownload> =>
    withRetries(api, () => openDownload(api, from, bytes, options.signal), options)
  const opened = await open(source, range)
  const { head } = opened
  const whole = { first: 0, last: head.contentLength - 1 }
  const wanted = range === undefined ? whole : { ...range, last: Math.min(range.last, whole.last) }
  const isWhole = wanted.first === 0 && wanted.last === whole.last
  const chunks = receive(api, options, {
    opened,
    wanted,
    goOn: (first) => open({ fileId: head.fileId }, { ...wanted, first }),
    expectedSha1: isWhole ? (claimedSha1(head) ?? undefined) : undefined,
  })
  return { ...head, range: wanted, chunks, discard: () => opened.stream.discard() }
}

/** What a download would begin with, without the bytes. Throws what `downloadFile` throws. */
export async function headFile(api: Api, source: DownloadSource, options: CallOptions = {}): Promise<FileHead> {
  const { signal } = options
  return withRetries(
    api,
    () =>
      authorized(api, intentOf(source), signal, async (authorization) => {
        const request = requestFor(authorization, source, undefined)
        const { status, headers } = await api.http.send({ ...request, method: 'HEAD', signal })
        if (status === 200) return readHead(headers)
        // An answer to HEAD has no body, so its code has to be guessed.
        throw interpretB2Error(status, status === 404 ? 'not_found' : undefined, '', headers, contextOf(api, source))
      }).catch((error: unknown) => {
        // With a fresh token too: then it is not the token that B2 objects to.
        if (!isEngineError(error, 'token_expired')) throw error
        throw new EngineError('bucket_not_allowed', error.message, error.details, { cause: error })
      }),
    options,
  )
}

/** A download whose first bytes are there; so a try that brings nothing counts as a failed one. */
type OpenDownload = {
  readonly head: FileHead
  readonly stream: HttpStream
  readonly rest: AsyncIterator<Uint8Array>
  readonly next: IteratorResult<Uint8Array>
}

function openDownload(
  api: Api,
  source: DownloadSource,
  range: ByteRange | undefined,
  signal: AbortSignal | undefined,
): Promise<OpenDownload> {
  return authorized(api, intentOf(source), signal, async (authorization) => {
    const stream = await api.http.open({ ...requestFor(authorization, source, range), method: 'GET', signal })
    const { status, headers } = stream
    if (status !== 200 && status !== 206) {
      throw interpretErrorAnswer({ status, headers, text: await stream.text() }, contextOf(api, source))
    }
    try {
      const head = readHead(headers)
      if (range !== undefined && range.first > 0) assertStartsAt(headers, range.first, intentOf(source).operation)
      const rest = stream.chunks[Symbol.asyncIterator]()
      const next = await rest.next()
      if (next.done === true && head.contentLength > 0) {
        throw new EngineError('connection_reset', 'A download without bytes', { operation: intentOf(source).operation })
      }
      return { head, stream, rest, next }
    } catch (error) {
      stream.discard()
      throw error
    }
  })
}

type Receiving = {
  readonly opened: OpenDownload
  readonly wanted: ByteRange
  /** Begins again at this byte. */
  readonly goOn: (first: number) => Promise<OpenDownload>
  readonly expectedSha1: string | undefined
}

async function* receive(
  { clock, random }: Api,
  { signal, patience = PATIENT }: CallOptions,
  { opened: first, wanted, goOn, expectedSha1 }: Receiving,
): AsyncGenerator<Uint8Array, void> {
  const hash = createHash('sha1')
  let opened = first
  let at = wanted.first
  // Connections in a row that brought next to nothing: a server that ends every one at once is not asked for ever.
  let poor = 0
  try {
    while (at <= wanted.last) {
      const startedAt = at
      try {
        for (let { next } = opened; next.done !== true; next = await opened.rest.next()) {
          const chunk = next.value.subarray(0, wanted.last + 1 - at)
          at += chunk.length
          if (expectedSha1 !== undefined) hash.update(chunk)
          yield chunk
          if (at > wanted.last) {
            // The end of the answer, so that the connection can be used again; whatever it is, all bytes are here.
            await opened.rest.next().catch(() => undefined)
            break
          }
        }
        if (at <= wanted.last) throw new EngineError('connection_reset', 'The download ended early', OPERATION)
      } catch (error) {
        poor = at - startedAt < POOR_BYTES ? poor + 1 : 0
        if (remedyOf(error) !== 'retry' || poor >= patience.attempts) throw error
        opened.stream.discard()
        if (poor > 0) await clock.sleep(waitFor(error, poor, random), signal)
        opened = await goOn(at)
      }
    }
  } finally {
    opened.stream.discard()
  }
  if (expectedSha1 !== undefined && hash.digest('hex') !== expectedSha1) {
    throw new EngineError('checksum_mismatch', 'What was downloaded is not what was uploaded', OPERATION)
  }
}

function intentOf(source: DownloadSource): Intent {
  return 'fileId' in source
    ? { operation: 'b2_download_file_by_id', needs: ['readFiles'] }
    : { operation: 'b2_download_file_by_name', needs: ['readFiles'], ...source }
}

function contextOf(api: Api, source: DownloadSource) {
  const { operation } = intentOf(source)
  const bucketId = 'bucketName' in source ? source.bucketName : undefined
  return { operation, bucketId, nowMs: api.clock.now() }
}

function requestFor({ account, token }: Authorization, source: DownloadSource, range: ByteRange | undefined) {
  const path =
    'fileId' in source
      ? `b2api/v4/b2_download_file_by_id?fileId=${encodeURIComponent(source.fileId)}`
      : `file/${percentEncode(source.bucketName)}/${percentEncode(source.fileName)}`
  return {
    operation: intentOf(source).operation,
    url: `${account.downloadUrl}/${path}`,
    headers: {
      Authorization: token,
      ...(range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}` }),
    },
  }
}

function readHead(headers: HttpHeaders): FileHead {
  const text = (name: string): string => String(headers[name] ?? '')
  const whole = /\/(\d+)$/.exec(text('content-range'))?.[1] ?? text('content-length')
  const fileId = text('x-bz-file-id')
  if (fileId === '' || !/^\d+$/.test(whole)) {
    throw new EngineError('b2_service_error', 'A download without B2’s headers', OPERATION)
  }
  return {
    fileId,
    fileName: decodeHeader(text('x-bz-file-name')),
    contentLength: Number(whole),
    contentType: text('content-type'),
    contentSha1: text('x-bz-content-sha1'),
    fileInfo: readInfoHeaders(headers),
    uploadTimestamp: Number(text('x-bz-upload-timestamp')),
  }
}

/** B2 sends the whole file where it does not understand a range: those bytes belong elsewhere. */
function assertStartsAt(headers: HttpHeaders, first: number, operation: string): void {
  const start = /^bytes (\d+)-/.exec(String(headers['content-range'] ?? ''))?.[1]
  if (start !== String(first)) {
    throw new EngineError('b2_service_error', `${operation}: B2 sent other bytes than asked for`, { operation })
  }
}
