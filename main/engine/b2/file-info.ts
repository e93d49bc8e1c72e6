/** File info: what B2 keeps beside a file's bytes, as headers of an upload and of a download. */
import { MAX_INFO_ENTRIES, MAX_INFO_NAME_BYTES, MAX_NAME_AND_INFO_BYTES } from './limits.ts'
import { percentDecode, percentEncode } from './names.ts'

/** The only names beginning with `b2-` that B2 takes. https://www.backblaze.com/docs/cloud-storage-files */
const RESERVED: ReadonlySet<string> = new Set([
  'b2-content-disposition',
  'b2-content-language',
  'b2-expires',
  'b2-cache-control',
  'b2-content-encoding',
])

const HEADER_START = 'x-bz-info-'

/** The info with the time of the last change (Unix milliseconds) under the name that all clients use. */
export function withModified(
  fileInfo: Readonly<Record<string, string>> | undefined,
  srcLastModifiedMillis: number,
): Record<string, string> {
  return { src_last_modified_millis: String(Math.trunc(srcLastModifiedMillis)), ...fileInfo }
}

/** Info as headers of `b2_upload_file`. */
export function infoHeaders(fileInfo: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fileInfo).map(([name, value]) => [`X-Bz-Info-${name}`, percentEncode(value)]),
  )
}

/** Info from the headers of a download (names in lower case). What cannot be decoded is kept as it was sent. */
export function readInfoHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const fileInfo: Record<string, string> = {}
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(HEADER_START) || typeof value !== 'string') continue
    fileInfo[header.slice(HEADER_START.length)] = decoded(value)
  }
  return fileInfo
}

function decoded(value: string): string {
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
    if (!value.isWellFormed()) return `its info "${name}" is not valid Unicode`
  }
  const lines = Object.entries({ 'X-Bz-File-Name': percentEncode(fileName), ...infoHeaders(fileInfo) })
  const bytes = lines.reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0)
  return bytes > MAX_NAME_AND_INFO_BYTES ? 'its name and info are longer than 7,000 bytes together' : null
}
