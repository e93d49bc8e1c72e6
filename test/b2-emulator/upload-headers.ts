/** The headers of `b2_upload_file`: checked, decoded, and turned into the parts of a version. */
import type { IncomingHttpHeaders } from 'node:http'
import { contentTypeByName } from './content-types.ts'
import { badRequest } from './errors.ts'
import { checkFileName, percentDecode } from './names.ts'

/** B2's documented maximum of one upload in a single request. */
const MAX_UPLOAD_BYTES = 5_000_000_000
/** Name and info headers together, as encoded lines with their line ends. */
const MAX_NAME_AND_INFO_BYTES = 7000
/** The older documentation's maximum of custom headers; newer pages give only the byte limit. */
const MAX_INFO_HEADERS = 10
const MAX_INFO_KEY_BYTES = 50

/** The trailer that follows the bytes with `hex_digits_at_end`. */
export const TRAILER_BYTES = 40

const FORBIDDEN = [
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-location',
  'content-range',
  'expires',
]

/** The only info names that may start with `b2-`, and the response header each becomes on download. */
export const INFO_RESPONSE_HEADERS: Readonly<Record<string, string>> = {
  'b2-content-disposition': 'Content-Disposition',
  'b2-content-language': 'Content-Language',
  'b2-expires': 'Expires',
  'b2-cache-control': 'Cache-Control',
  'b2-content-encoding': 'Content-Encoding',
}

/** How the client vouches for its bytes. */
type Sha1Mode =
  { readonly kind: 'header'; readonly sha1: string } | { readonly kind: 'trailer' } | { readonly kind: 'none' }

/** What the headers of an upload say. */
export type UploadHeaders = {
  readonly fileName: string
  readonly contentType: string
  /** Bytes of the file, without the trailer. */
  readonly contentLength: number
  readonly sha1Mode: Sha1Mode
  readonly fileInfo: Readonly<Record<string, string>>
}

/** Reads the headers of an upload; throws 400 `bad_request` for the first rule they break. */
export function readUploadHeaders(headers: IncomingHttpHeaders): UploadHeaders {
  for (const name of FORBIDDEN) {
    if (headers[name] !== undefined) throw badRequest(`Header not allowed on upload: ${name}`)
  }
  if (headers['x-bz-custom-upload-timestamp'] !== undefined) {
    throw badRequest('Custom upload timestamps are not enabled for this account')
  }
  const encodedName = required(headers, 'x-bz-file-name')
  const fileName = percentDecode(encodedName)
  checkFileName(fileName)
  const contentType = required(headers, 'content-type')
  const sha1Mode = readSha1Mode(required(headers, 'x-bz-content-sha1'))
  return {
    fileName,
    contentType: contentType === 'b2/x-auto' ? contentTypeByName(fileName) : contentType,
    contentLength: readLength(headers, sha1Mode),
    sha1Mode,
    fileInfo: readFileInfo(headers, encodedName),
  }
}

function readLength(headers: IncomingHttpHeaders, sha1Mode: Sha1Mode): number {
  if (headers['transfer-encoding'] !== undefined) throw badRequest('Chunked transfer encoding is not accepted')
  const sent = Number(required(headers, 'content-length'))
  const length = sent - (sha1Mode.kind === 'trailer' ? TRAILER_BYTES : 0)
  if (length < 0) throw badRequest('Content-Length is too short for a SHA-1 at the end')
  if (length > MAX_UPLOAD_BYTES) throw badRequest(`File size too big: ${length}`)
  return length
}

function readSha1Mode(text: string): Sha1Mode {
  if (text === 'hex_digits_at_end') return { kind: 'trailer' }
  if (text === 'do_not_verify') return { kind: 'none' }
  if (!/^[0-9a-fA-F]{40}$/.test(text)) throw badRequest(`Not a valid hex SHA1: ${text}`)
  return { kind: 'header', sha1: text.toLowerCase() }
}

function readFileInfo(headers: IncomingHttpHeaders, encodedName: string): Record<string, string> {
  const fileInfo: Record<string, string> = {}
  let bytes = `X-Bz-File-Name: ${encodedName}\r\n`.length
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith('x-bz-info-') || typeof value !== 'string') continue
    // Node lower-cases header names, which is also what B2 does with info names; it refuses non-token characters.
    const key = header.slice('x-bz-info-'.length)
    if (key === '' || key.length > MAX_INFO_KEY_BYTES) throw badRequest(`Bad file info name: ${key}`)
    if (key.startsWith('b2-') && INFO_RESPONSE_HEADERS[key] === undefined) {
      throw badRequest(`File info name not allowed: ${key}`)
    }
    fileInfo[key] = percentDecode(value)
    bytes += `${header}: ${value}\r\n`.length
  }
  if (Object.keys(fileInfo).length > MAX_INFO_HEADERS)
    throw badRequest(`More than ${MAX_INFO_HEADERS} file info headers`)
  if (bytes > MAX_NAME_AND_INFO_BYTES) throw badRequest(`File name and info exceed ${MAX_NAME_AND_INFO_BYTES} bytes`)
  return fileInfo
}

function required(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  if (typeof value !== 'string' || value === '') throw badRequest(`Missing header: ${name}`)
  return value
}
