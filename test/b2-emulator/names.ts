/** File names as B2 takes them: their percent encoding in headers and paths, their rules, and their order. */
import { badRequest } from './errors.ts'

/** B2's documented maximum of a file name in UTF-8 bytes. */
const MAX_NAME_BYTES = 1024

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Decodes what B2 takes in `X-Bz-File-Name`, in `X-Bz-Info-*` and in download paths: `%XX` of UTF-8 bytes, and `+`
 * for a space. Throws 400 `bad_request` for a broken escape, raw non-ASCII, or bytes that are not UTF-8.
 */
export function percentDecode(encoded: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(encoded)) throw badRequest(`Bad character in percent-encoded string: ${encoded}`)
  const bytes = encoded
    .replaceAll('+', ' ')
    .replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  // eslint-disable-next-line no-control-regex
  if (/[^\x00-\x7f]/.test(encoded)) throw badRequest('Names and info values must be percent-encoded UTF-8')
  try {
    return strictUtf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    throw badRequest(`Percent-encoded string is not UTF-8: ${encoded}`)
  }
}

/** Encodes a name or info value for a response header: every byte but `A-Za-z0-9-._~!'()*` and `/` as `%XX`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/')
}

/** Throws 400 `bad_request` for a name B2 does not store: empty, over 1024 bytes, a control character, not Unicode. */
export function checkFileName(fileName: string): void {
  if (fileName === '') throw badRequest('File names must contain at least one character')
  if (!fileName.isWellFormed()) throw badRequest('File names must be valid Unicode')
  if (Buffer.byteLength(fileName) > MAX_NAME_BYTES) {
    throw badRequest(`File names in UTF8 must be no more than ${MAX_NAME_BYTES} bytes`)
  }
  // eslint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(fileName)) throw badRequest('File names must not contain control characters')
}

/**
 * Orders names the way B2 lists them: by UTF-8 bytes, which is by code point. JavaScript's own order compares UTF-16
 * units and puts astral characters (as surrogates) before U+E000..U+FFFF.
 */
export function compareNames(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return surrogatesLast(left) - surrogatesLast(right)
  }
  return a.length - b.length
}

function surrogatesLast(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}
