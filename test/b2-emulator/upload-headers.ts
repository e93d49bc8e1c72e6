/** The headers of `b2_upload_file` and `b2_upload_part`: checked, decoded, and turned into fields. File info too. */
import type { IncomingHttpHeaders } from 'node:http'
import { contentTypeByName } from './content-types.ts'
import { badRequest } from './errors.ts'
import { checkFileName, percentDecode, percentEncode } from './names.ts'

/** B2's documented maximum of one upload in a single request. */
const MAX_UPLOAD_BYTES = 5_000_000_000
/** Name and info headers together, as encoded lines with their line ends. */
const MAX_NAME_AND_INFO_BYTES = 7000
/** The older documentation's maximum of custom headers; newer pages give only the byte limit. */
const MAX_INFO_HEADERS = 10
const MAX_INFO_KEY_BYTES = 50
/** B2's documented maximum of parts in a large file, and with it the highest part number. */
const MAX_PARTS = 10_000

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

/** What B2 does with these is not emulated; storing a file as if they had not been sent would be worse than refusing it. */
const NOT_EMULATED = /^x-bz-(server-side-encryption|file-legal-hold|file-retention)/

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

/** What every upload's headers say of its body. */
export type BodyHeaders = {
  /** Bytes of the file or part, without the trailer. */
  readonly contentLength: number
  readonly sha1Mode: Sha1Mode
}

/** What the headers of `b2_upload_file` say. */
export type UploadHeaders = BodyHeaders & {
  readonly fileName: string
  readonly contentType: string
  readonly fileInfo: Readonly<Record<string, string>>
}

/** What the headers of `b2_upload_part` say. */
export type PartHeaders = BodyHeaders & { readonly partNumber: number }

/** Reads the headers of `b2_upload_file`; throws 400 `bad_request` for the first rule they break. */
export function readUploadHeaders(headers: IncomingHttpHeaders): UploadHeaders {
  refuseForbidden(headers)
  if (headers['x-bz-custom-upload-timestamp'] !== undefined) {
    throw badRequest('Custom upload timestamps are not enabled for this account')
  }
  const encodedName = required(headers, 'x-bz-file-name')
  const fileName = percentDecode(encodedName)
  checkFileName(fileName)
  const contentType = required(headers, 'content-type')
  return {
    ...readBodyHeaders(headers),
    fileName,
    contentType: resolveContentType(contentType, fileName),
    fileInfo: readFileInfo(headers, encodedName),
  }
}

/** Reads the headers of `b2_upload_part`; throws 400 `bad_request` for the first rule they break. */
export function readPartHeaders(headers: IncomingHttpHeaders): PartHeaders {
  refuseForbidden(headers)
  const text = required(headers, 'x-bz-part-number')
  if (!/^\d+$/.test(text)) throw badRequest(`Bad part number: ${text}`)
  checkPartNumber(Number(text))
  return { ...readBodyHeaders(headers), partNumber: Number(text) }
}

/** Throws 400 `bad_request` for a part number outside 1 to 10,000. */
export function checkPartNumber(partNumber: number): void {
  if (partNumber < 1 || partNumber > MAX_PARTS) throw badRequest(`Part number out of range: ${partNumber}`)
}

/** The type to store: `b2/x-auto` lets B2 choose by the file's extension. */
export function resolveContentType(contentType: string, fileName: string): string {
  return contentType === 'b2/x-auto' ? contentTypeByName(fileName) : contentType
}

/**
 * File info as a JSON call gives it, with lower-case names; throws 400 `bad_request` under the rules of the headers.
 * What counts for the size is the header lines it would take.
 */
export function checkFileInfo(fileName: string, given: Readonly<Record<string, string>>): Record<string, string> {
  const lines = Object.entries(given).map(([name, value]) => ({
    name: name.toLowerCase(),
    value,
    bytes: `X-Bz-Info-${name}: ${percentEncode(value)}\r\n`.length,
  }))
  if (lines.some(({ name }) => !/^[a-z0-9\-_.`~!#$%^&*'|+]+$/.test(name))) throw badRequest('Bad file info name')
  return collectFileInfo(percentEncode(fileName), lines)
}

function refuseForbidden(headers: IncomingHttpHeaders): void {
  for (const name of FORBIDDEN) {
    if (headers[name] !== undefined) throw badRequest(`Header not allowed on upload: ${name}`)
  }
  const notEmulated = Object.keys(headers).find((name) => NOT_EMULATED.test(name))
  if (notEmulated !== undefined) throw badRequest(`The emulator does not know ${notEmulated}`)
}

function readBodyHeaders(headers: IncomingHttpHeaders): BodyHeaders {
  const sha1Mode = readSha1Mode(required(headers, 'x-bz-content-sha1'))
  return { sha1Mode, contentLength: readLength(headers, sha1Mode) }
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
  const lines: InfoLine[] = []
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith('x-bz-info-') || typeof value !== 'string') continue
    // Node lower-cases header names, which is also what B2 does with info names; it refuses non-token characters.
    const name = header.slice('x-bz-info-'.length)
    lines.push({ name, value: percentDecode(value), bytes: `${header}: ${value}\r\n`.length })
  }
  return collectFileInfo(encodedName, lines)
}

/** One info name and value, and the bytes of its header line. */
type InfoLine = { readonly name: string; readonly value: string; readonly bytes: number }

function collectFileInfo(encodedName: string, lines: readonly InfoLine[]): Record<string, string> {
  const fileInfo: Record<string, string> = {}
  let bytes = `X-Bz-File-Name: ${encodedName}\r\n`.length
  for (const { name: key, value, bytes: lineBytes } of lines) {
    if (key === '' || key.length > MAX_INFO_KEY_BYTES) throw badRequest(`Bad file info name: ${key}`)
    if (key.startsWith('b2-') && INFO_RESPONSE_HEADERS[key] === undefined) {
      throw badRequest(`File info name not allowed: ${key}`)
    }
    fileInfo[key] = value
    bytes += lineBytes
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
