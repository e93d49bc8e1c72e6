/** File info: what B2 keeps beside a file's bytes, as headers of an upload and of a download. */
import { EngineError } from '../../../shared/errors.ts'
import { MAX_INFO_ENTRIES, MAX_INFO_NAME_BYTES, MAX_NAME_AND_INFO_BYTES } from './limits.ts'
import { checkRemoteName, percentDecode, percentEncode } from './names.ts'

/** The only names beginning with `b2-` that B2 takes. https://www.backblaze.com/docs/cloud-storage-files */
const RESERVED: ReadonlySet<string> = new Set([
  'b2-content-disposition',
  'b2-content-language',
  'b2-expires',
  'b2-cache-control',
  'b2-content-encoding',
])

const HEADER_START = 'x-bz-info-'

/** The type that lets B2 choose by the name's ending. */
export const AUTO_TYPE = 'b2/x-auto'

/** The whole info of a file: what was given, and the time of its last change under the name that all clients use. */
export function withModified({
  fileInfo,
  srcLastModifiedMillis,
}: {
  readonly fileInfo?: Readonly<Record<string, string>> | undefined
  readonly srcLastModifiedMillis: number
}): Record<string, string> {
  return { ...fileInfo, src_last_modified_millis: String(Math.trunc(srcLastModifiedMillis)) }
}

/** Whether both hold the same entries. */
export function isSameInfo(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

/** Throws `name_not_allowed` (details: reason) for a name or info that B2 does not store. */
export function assertStorable(fileName: string, fileInfo: Readonly<Record<string, string>>): void {
  const reason = checkRemoteName(fileName) ?? checkFileInfo(fileName, fileInfo)
  if (reason !== null) throw new EngineError('name_not_allowed', `B2 takes no such file: ${reason}`, { reason })
}

/** Info as headers of `b2_upload_file`. */
export function infoHeaders(fileInfo: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fileInfo).map(([name, value]) => [`X-Bz-Info-${name}`, percentEncode(value)]),
  )
}

/** Info from the headers of a download (names in lower case). */
export function readInfoHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const fileInfo: Record<string, string> = {}
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(HEADER_START) || typeof value !== 'string') continue
    fileInfo[header.slice(HEADER_START.length)] = decodeHeader(value)
  }
  return fileInfo
}

/** A percent-encoded header; as it was sent where it cannot be decoded. */
export function decodeHeader(value: string): string {
  try {
    return percentDecode(value)
  } catch {
    return value
  }
}

/** Why B2 would refuse this info together with this name, as a half sentence that follows "because"; null for good info. */
export function checkFileInfo(fileName: string, fileInfo: Readonly<Record<string, string>>): string | null {
  const entries = Object.entries(fileInfo)
  if (entries.length > MAX_INFO_ENTRIES) return `it has more than ${MAX_INFO_ENTRIES} info entries`
  for (const [name, value] of entries) {
    // RFC 7230's token, in the lower case that B2 stores.
    if (!/^[a-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)) return `its info has the name "${name}"`
    if (name.length > MAX_INFO_NAME_BYTES) return `its info has a name longer than ${MAX_INFO_NAME_BYTES} characters`
    if (name.startsWith('b2-') && !RESERVED.has(name))
      return `its info has the name "${name}", which B2 keeps to itself`
    if (name === 'src_last_modified_millis' && !/^-?\d+$/.test(value)) return 'its time of change is not a number'
    if (!value.isWellFormed()) return `its info "${name}" is not valid Unicode`
  }
  const lines = Object.entries({ 'X-Bz-File-Name': percentEncode(fileName), ...infoHeaders(fileInfo) })
  const bytes = lines.reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0)
  return bytes > MAX_NAME_AND_INFO_BYTES ? 'its name and info are longer than 7,000 bytes together' : null
}
